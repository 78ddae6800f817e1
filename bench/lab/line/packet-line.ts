import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { networkNamespace, type Place } from '../place.ts';
import { compileCarrier } from './compile-carrier.ts';

/** What the line is like; all but the round trip applies from the server to the client. */
export interface LineShape {
  roundTripMs: number;
  bytesPerSecond: number;
  /** Bytes that wait where the line is narrowest; more are dropped. */
  queueBytes: number;
  /** Packets of a million that are lost at random. */
  lossPpm: number;
}

/** Packets from the server to the client, since the line began. */
export interface LineCounters {
  packets: number;
  bytes: number;
  /** At random. */
  lost: number;
  /** By the full queue. */
  dropped: number;
}

/** A line of IP packets between two network namespaces, on which TCP itself meets the distance. */
export interface PacketLine {
  client: Place;
  server: Place;
  /** Of the server's end; undefined on a kernel without IPv6. */
  serverIpv6: string | undefined;
  /** Packets already on their way keep their time. */
  shape(shape: LineShape): Promise<void>;
  counters(): Promise<LineCounters>;
  /** Writes the headers of all packets at the client's end into a pcap file, until `endCapture`. */
  capture(file: string): Promise<void>;
  endCapture(): Promise<void>;
  /** Kills whatever still runs at the ends; then nothing is left. Safe to call twice. */
  stop(): Promise<void>;
}

interface CarrierReady {
  clientNamespace: string;
  serverNamespace: string;
  clientAddress: string;
  serverAddress: string;
  /** Empty for none. */
  serverIpv6: string;
}

/**
 * Starts a line without any delay; carrier/main.c says when it ends by itself. Its namespaces have no names, so any
 * number of lines can exist side by side.
 * @param maxSeconds after which it ends, whatever happens
 * @throws Error when it cannot be compiled or started; see packetLineMissing
 */
export async function startPacketLine(maxSeconds: number): Promise<PacketLine> {
  const folder = await mkdtemp(path.join(tmpdir(), 'sftp-to-s3-line-'));
  const program = path.join(folder, 'carrier');
  await compileCarrier(program).catch(async (error: Error) => {
    await rm(folder, { recursive: true });
    throw error;
  });
  const carrier = spawn(program, [String(maxSeconds)], { stdio: ['pipe', 'pipe', 'inherit'] });
  const exited = once(carrier, 'exit');
  // What is written to a carrier that has just ended is answered by its end.
  carrier.stdin.on('error', () => {});
  const answers = createInterface({ input: carrier.stdout })[Symbol.asyncIterator]();
  const nextAnswer = async (): Promise<unknown> => {
    const { value, done } = await answers.next();
    if (done) throw new Error('the line has ended');
    return JSON.parse(value);
  };
  const ready = (await nextAnswer().finally(() => rm(folder, { recursive: true }))) as CarrierReady;

  let last: Promise<unknown> = Promise.resolve();
  const ask = (command: string): Promise<LineCounters> => {
    const answer = last.then(() => {
      carrier.stdin.write(`${command}\n`);
      return nextAnswer();
    });
    last = answer.catch(() => {});
    return answer as Promise<LineCounters>;
  };
  return {
    client: networkNamespace(ready.clientNamespace, ready.clientAddress),
    server: networkNamespace(ready.serverNamespace, ready.serverAddress),
    serverIpv6: ready.serverIpv6 === '' ? undefined : ready.serverIpv6,
    async shape({ roundTripMs, bytesPerSecond, queueBytes, lossPpm }) {
      const numbers = [(roundTripMs / 2) * 1e6, bytesPerSecond, queueBytes, lossPpm].map(Math.round);
      await ask(`shape ${numbers.join(' ')}`);
    },
    counters: () => ask('counters'),
    async capture(file) {
      await ask(`capture ${file}`);
    },
    async endCapture() {
      await ask('capture');
    },
    async stop() {
      carrier.kill();
      await exited;
    },
  };
}
