import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { Worker } from 'node:worker_threads';

/** Connections that Linux takes into a queue of one, and some more that it may. */
const MOST_FILLERS = 8;
/** Loopback answers in far less; a SYN that is dropped is sent again after a second. */
const SILENT_AFTER_MS = 400;

/** Its thread listens and then stands still, so nobody takes connections out of the queue. */
const STANDING_STILL = `
  const { createServer } = require('node:net');
  const { parentPort, workerData } = require('node:worker_threads');
  const server = createServer();
  server.on('error', (error) => { throw error; });
  server.listen({ ...workerData, backlog: 1 }, () => {
    parentPort.postMessage('listening');
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  });
`;

export interface SilentAddress {
  close(): Promise<void>;
}

/**
 * A loopback address that answers no connection and refuses none, as one behind a firewall that drops packets: the
 * queue of its listener is full, so Linux drops every further SYN.
 */
export async function startSilentAddress(host: string, port: number): Promise<SilentAddress> {
  const thread = new Worker(STANDING_STILL, { eval: true, workerData: { host, port } });
  await once(thread, 'message');
  const fillers: Socket[] = [];
  const close = async (): Promise<void> => {
    for (const filler of fillers) filler.destroy();
    await thread.terminate();
  };
  while (fillers.length < MOST_FILLERS) {
    const filler = connect({ host, port });
    filler.on('error', () => {});
    fillers.push(filler);
    if (!(await connectsWithin(filler, SILENT_AFTER_MS))) return { close };
  }
  await close();
  throw new Error(`${host} port ${port} takes ${MOST_FILLERS} connections that nobody accepts`);
}

function connectsWithin(socket: Socket, ms: number): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), ms);
    socket.once('connect', () => {
      clearTimeout(timer);
      resolve(true);
    });
  });
}
