import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { EmbeddedServerAddresses, EmbeddedServersOptions } from './embedded-servers-worker.ts';

export interface EmbeddedServers extends EmbeddedServerAddresses {
  /** Stops both servers; ends in bounded time. */
  close(): Promise<void>;
}

/**
 * Starts an SFTP server that serves `sftpFolder` and an S3 server that stores below `s3Folder`, both on free loopback
 * ports, in a thread of their own: the transfer beside them has its own core, as it would have in a Lambda.
 */
export async function startEmbeddedServers(options: EmbeddedServersOptions): Promise<EmbeddedServers> {
  const worker = new Worker(new URL('./embedded-servers-worker.ts', import.meta.url), {
    workerData: options,
  });
  const [addresses] = (await once(worker, 'message')) as [EmbeddedServerAddresses];
  return {
    ...addresses,
    async close() {
      const exited = once(worker, 'exit');
      worker.postMessage('close');
      await exited;
    },
  };
}
