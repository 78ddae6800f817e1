import { promises as fs } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ReadRequest, SftpServerHooks } from '../../../local/sftp-server/hooks.ts';

/** What happens to a file, or to the connection that reads it, in mid-transfer. */
export type MidTransferEvent =
  | { what: 'truncate'; toBytes: number }
  | { what: 'grow'; byBytes: number }
  /** Another file of these bytes takes the name; what is open still reads the old one. */
  | { what: 'replace'; bytes: Buffer }
  /** The read that reached the byte is never answered, nor any later one on its connection. */
  | { what: 'stall' }
  /** The connection that reached the byte is reset. */
  | { what: 'drop' };

export interface ReadFaults {
  /** Answers this many bytes to a read of `lengthBytes`, at least 1. */
  shortRead?: (lengthBytes: number) => number;
  /** No answer is longer. */
  maxReadBytes?: number;
  /** What the server serves over all connections together. */
  bytesPerSecond?: number;
  /** No read is answered before this. */
  heldUntil?: Promise<void>;
  /**
   * Once the server has served `afterBytes` bytes over all connections, this happens, before the read that reaches
   * them is answered; then the next one is awaited.
   */
  midTransfer?: ({ afterBytes: number } & MidTransferEvent)[];
}

/** A connection on which reads are answered. */
export interface FaultyConnections {
  isOpen(connectionNumber: number): boolean;
  reset(connectionNumber: number): void;
}

export function createFaultyRead(
  faults: ReadFaults,
  connections: FaultyConnections,
): NonNullable<SftpServerHooks['read']> {
  const stalled = new Set<number>();
  let servedBytes = 0;
  let busyUntilMs = 0;
  /** Settled when nothing is happening to a file: until then no read is answered, however slow the disk is. */
  let happening: Promise<void> = Promise.resolve();

  return async (request, read) => {
    if (stalled.has(request.connectionNumber)) return never();
    await faults.heldUntil;
    let lengthBytes = Math.min(request.lengthBytes, faults.maxReadBytes ?? Infinity);
    if (faults.shortRead) lengthBytes = Math.max(1, Math.min(lengthBytes, faults.shortRead(lengthBytes)));
    const data = await read(lengthBytes);
    servedBytes += data?.length ?? 0;
    if (faults.bytesPerSecond !== undefined) {
      const nowMs = performance.now();
      busyUntilMs = Math.max(nowMs, busyUntilMs) + ((data?.length ?? 0) * 1_000) / faults.bytesPerSecond;
      await sleep(busyUntilMs - nowMs);
    }

    await happening;
    const [next] = faults.midTransfer ?? [];
    const isHere = next !== undefined && servedBytes >= next.afterBytes;
    // Reads of a connection that was reset are still being answered: nothing can happen to it any more.
    if (isHere && connections.isOpen(request.connectionNumber)) {
      faults.midTransfer?.shift();
      if (next.what === 'stall') {
        stalled.add(request.connectionNumber);
        return never();
      }
      if (next.what === 'drop') connections.reset(request.connectionNumber);
      else happening = change(next, request);
      await happening;
    }
    return data;
  };
}

async function change(event: MidTransferEvent, { systemPath }: ReadRequest): Promise<void> {
  switch (event.what) {
    case 'truncate':
      return fs.truncate(systemPath, event.toBytes);
    case 'grow':
      return fs.appendFile(systemPath, Buffer.alloc(event.byBytes));
    case 'replace': {
      const other = `${systemPath}.other`;
      await fs.writeFile(other, event.bytes);
      return fs.rename(other, systemPath);
    }
  }
}

function never(): Promise<never> {
  return new Promise(() => {});
}
