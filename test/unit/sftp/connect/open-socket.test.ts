import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { openSocket } from '../../../../sftp/connect/open-socket.ts';

const KIB = 1_024;
const MIB = 1_024 * KIB;

const source = createHash('shake256', { outputLength: 5 * MIB })
  .update('open socket')
  .digest();
let server: Server;
let port: number;
let accepted: Promise<Socket>;

beforeEach(async () => {
  server = createServer({ noDelay: true }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  ({ port } = server.address() as AddressInfo);
  accepted = once(server, 'connection').then(([socket]) => socket as Socket);
});
afterEach(() => {
  server.close();
});

async function connected(): Promise<{ socket: Socket; peer: Socket }> {
  const socket = openSocket('127.0.0.1', port);
  await once(socket, 'connect');
  return { socket, peer: await accepted };
}

/** Sends `bytes` in writes of these sizes, the last one again and again, each in a turn of its own. */
async function send(peer: Socket, bytes: Buffer, ...writeBytes: number[]): Promise<void> {
  for (let at = 0, write = 0; at < bytes.length; write += 1) {
    const length = writeBytes[Math.min(write, writeBytes.length - 1)] as number;
    if (!peer.write(bytes.subarray(at, at + length))) await once(peer, 'drain');
    else await new Promise(setImmediate);
    at += length;
  }
  peer.end();
}

test.each([
  ['packets of 1,448 bytes', [1_448]],
  ['one byte, then 64 KiB at a time', [1, 64 * KIB]],
  ['a mebibyte at a time', [MIB]],
])('%s arrive whole and in order', async (_case, writeBytes) => {
  const { socket, peer } = await connected();
  const hash = createHash('sha256');
  socket.on('data', (bytes) => hash.update(bytes)).resume();
  await Promise.all([send(peer, source, ...writeBytes), once(socket, 'end')]);
  expect(hash.digest('hex')).toBe(createHash('sha256').update(source).digest('hex'));
});

test('what comes before somebody listens is not lost', async () => {
  const { socket, peer } = await connected();
  peer.end('early');
  await sleep(50);
  const text: string[] = [];
  socket.on('data', (bytes) => text.push(String(bytes)));
  await sleep(20);
  expect(text).toEqual([]);
  socket.resume();
  await once(socket, 'end');
  expect(text.join('')).toBe('early');
});

test('a pause holds, even while bytes gather, until it is resumed', async () => {
  const { socket, peer } = await connected();
  let seenBytes = 0;
  socket.on('data', (bytes) => {
    seenBytes += bytes.length;
    socket.pause();
  });
  socket.resume();
  const sent = send(peer, source.subarray(0, 100 * KIB), 100);
  await once(socket, 'data');
  const before = seenBytes;
  await sleep(50);
  expect(seenBytes).toBe(before);
  expect(before).toBeLessThan(100 * KIB);
  const ended = once(socket, 'end');
  socket.on('pause', () => setImmediate(() => socket.resume())).resume();
  await Promise.all([sent, ended]);
  expect(seenBytes).toBe(100 * KIB);
});

test('reads of flowing bytes are few', async () => {
  const { socket, peer } = await connected();
  let reads = 0;
  socket.on('data', () => {
    reads += 1;
  });
  socket.resume();
  await Promise.all([send(peer, source.subarray(0, 4_000 * 100), 100), once(socket, 'end')]);
  expect(reads).toBeLessThan(2_000);
});

test('an answer that comes alone is read at once, and so is the next one', async () => {
  const { socket, peer } = await connected();
  socket.resume();
  for (const word of ['one', 'two', 'three']) {
    peer.write(word);
    const [bytes] = await once(socket, 'data');
    expect(String(bytes)).toBe(word);
    await sleep(5);
  }
  socket.destroy();
});

test('bytes that are kept stay as they came for half a mebibyte, and those of the key exchange for good', async () => {
  const { socket, peer } = await connected();
  const kept: { at: number; bytes: Buffer }[] = [];
  let seenBytes = 0;
  let wrong = 0;
  socket.on('data', (bytes) => {
    kept.push({ at: seenBytes, bytes });
    seenBytes += bytes.length;
    for (const { at, bytes: old } of kept) {
      const mustStay = at < 512 * KIB || at >= seenBytes - 512 * KIB;
      if (mustStay && !old.equals(source.subarray(at, at + old.length))) wrong += 1;
    }
  });
  socket.resume();
  await Promise.all([send(peer, source, 20 * KIB), once(socket, 'end')]);
  expect(seenBytes).toBe(source.length);
  expect(wrong).toBe(0);
  // And memory is used again: otherwise this would prove nothing.
  expect(new Set(kept.map(({ bytes }) => bytes.buffer)).size).toBe(2);
});

test('a connection that is refused is an error', async () => {
  server.close();
  const socket = openSocket('127.0.0.1', port);
  const [error] = await once(socket, 'error');
  expect(error).toMatchObject({ code: 'ECONNREFUSED' });
});
