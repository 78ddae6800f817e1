import { promises as fs } from 'node:fs';
import type { ReadRequest, SftpServerHooks } from '../../local/sftp-server/hooks.ts';

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
  /**
   * Once the server has served `afterBytes` bytes over all connections, this happens, before the read that reaches
   * them is answered; then the next one is awaited.
   */
  midTransfer?: ({ afterBytes: number } & MidTransferEvent)[];
}

/** @param reset ends a connection */
export function createFaultyRead(
  faults: ReadFaults,
  reset: (connectionNumber: number) => void,
): NonNullable<SftpServerHooks['read']> {
  const stalled = new Set<number>();
  let servedBytes = 0;

  return async (request, read) => {
    if (stalled.has(request.connectionNumber)) return never();
    let lengthBytes = Math.min(request.lengthBytes, faults.maxReadBytes ?? Infinity);
    if (faults.shortRead) lengthBytes = Math.max(1, Math.min(lengthBytes, faults.shortRead(lengthBytes)));
    const data = await read(lengthBytes);
    servedBytes += data?.length ?? 0;

    const [next] = faults.midTransfer ?? [];
    if (next !== undefined && servedBytes >= next.afterBytes) {
      faults.midTransfer?.shift();
      if (next.what === 'stall') {
        stalled.add(request.connectionNumber);
        return never();
      }
      if (next.what === 'drop') reset(request.connectionNumber);
      else await change(next, request);
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
