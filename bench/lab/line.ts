import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { MIB } from '../../transfer/text/units.ts';
import { startProcess } from './ready-process.ts';

const LINE_PROCESS = new URL('./line-process.ts', import.meta.url);

/** The way to the server, as clients use it. */
export interface Line {
  roundTripMs: number;
  host: string;
  port: number;
  /** Where the server sends files without any protocol, if it does. */
  rawPort?: number;
}

/** Straight, or through a proxy that adds latency and caps nothing: TCP at either end meets no distance. */
export interface RelayLine extends Line {
  /** What the line itself carries, with a server and a client that do nothing else. */
  ceilingMibPerSecond: number;
  stop(): Promise<void>;
}

/** @param probeBytes sent once to measure the ceiling */
export async function startLine(
  targetPort: number,
  roundTripMs: number,
  probeBytes: number,
): Promise<RelayLine> {
  const ceilingMibPerSecond = await measureCeiling(roundTripMs, probeBytes);
  const host = '127.0.0.1';
  if (roundTripMs === 0)
    return { roundTripMs, host, port: targetPort, ceilingMibPerSecond, stop: async () => {} };
  const line = await startLineProcess(targetPort, roundTripMs);
  return { roundTripMs, host, port: line.ready.port, ceilingMibPerSecond, stop: line.stop };
}

const startLineProcess = (targetPort: number, roundTripMs: number) =>
  startProcess<{ port: number }>(LINE_PROCESS, [String(targetPort), String(roundTripMs)]);

/** From the first byte to the last. */
async function measureCeiling(roundTripMs: number, probeBytes: number): Promise<number> {
  const block = Buffer.alloc(MIB);
  const source = createServer({ noDelay: true }, (socket) => {
    let leftBytes = probeBytes;
    const send = (): void => {
      while (leftBytes > 0) {
        leftBytes -= block.length;
        if (!socket.write(block)) return;
      }
      socket.end();
    };
    socket.on('drain', send).on('error', () => {});
    send();
  }).listen(0, '127.0.0.1');
  await once(source, 'listening');
  const { port: sourcePort } = source.address() as AddressInfo;
  const line = roundTripMs === 0 ? undefined : await startLineProcess(sourcePort, roundTripMs);
  const sink = connect({ port: line?.ready.port ?? sourcePort, host: '127.0.0.1' });
  await once(sink, 'readable');
  const startedMs = performance.now();
  sink.resume();
  await once(sink, 'end');
  const seconds = (performance.now() - startedMs) / 1_000;
  sink.destroy();
  source.close();
  await line?.stop();
  return probeBytes / MIB / seconds;
}
