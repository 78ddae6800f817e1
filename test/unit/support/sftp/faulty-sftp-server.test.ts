import { readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import type { SFTPWrapper } from 'ssh2';
import SftpClient from 'ssh2-sftp-client';
import type { MidTransferEvent } from '../../../support/sftp/faulty-reads.ts';
import { type FaultySftpServer, startFaultySftpServer } from '../../../support/sftp/faulty-sftp-server.ts';
import { temporaryDirectory } from '../../../support/temporary-directory.ts';

/** The faults of field-notes must really happen: a bare client sees each of them here. */
const directory = temporaryDirectory();
const file = path.join(directory, 'file.bin');
const FILE_BYTES = 100_000;
const READ_BYTES = 10_000;
let server: FaultySftpServer;
let client: SftpClient & { sftp: SFTPWrapper };
let handle: Buffer;

beforeEach(async () => {
  writeFileSync(file, Buffer.alloc(FILE_BYTES, 1));
  server = await startFaultySftpServer({ rootDirectory: directory, username: 'user', password: 'secret' });
  client = new SftpClient('test', {}) as typeof client;
  await client.connect({ host: server.host, port: server.port, username: 'user', password: 'secret' });
  client.sftp.on('error', () => {});
  handle = await promisify((done: (error: Error | undefined, opened: Buffer) => void) =>
    client.sftp.open('/file.bin', 'r', done),
  )();
});
afterEach(async () => {
  await client.end().catch(() => {});
  await server.close();
});

/** Bytes read at `offset`; 0 at the end. */
function read(offset: number, lengthBytes = READ_BYTES): Promise<number> {
  return new Promise((resolve, reject) => {
    client.sftp.read(handle, Buffer.alloc(lengthBytes), 0, lengthBytes, offset, (error, bytesRead) =>
      error ? reject(error) : resolve(bytesRead),
    );
  });
}

test('without a fault it answers in full', async () => {
  await expect(read(0)).resolves.toBe(READ_BYTES);
  expect(server.record.bytesServed).toBe(READ_BYTES);
});

test('answers short, and with at least one byte', async () => {
  server.faults.shortRead = (lengthBytes) => lengthBytes / 2;
  await expect(read(0)).resolves.toBe(5_000);
  server.faults.shortRead = () => 0;
  await expect(read(0)).resolves.toBe(1);
});

test('caps reads', async () => {
  server.faults.maxReadBytes = 1_234;
  await expect(read(0)).resolves.toBe(1_234);
});

async function readUntil<E extends MidTransferEvent>(event: E): Promise<void> {
  server.faults.midTransfer = [{ afterBytes: 2 * READ_BYTES, ...event }];
  await expect(read(0)).resolves.toBe(READ_BYTES);
}

test('truncates the file when a byte was served', async () => {
  await readUntil({ what: 'truncate', toBytes: 500 });
  expect(statSync(file).size).toBe(FILE_BYTES);
  await expect(read(READ_BYTES)).resolves.toBe(READ_BYTES);
  expect(statSync(file).size).toBe(500);
  await expect(read(2 * READ_BYTES)).resolves.toBe(0);
});

test('grows the file when a byte was served', async () => {
  await readUntil({ what: 'grow', byBytes: 7 });
  await read(READ_BYTES);
  expect(statSync(file).size).toBe(FILE_BYTES + 7);
});

test('replaces the file when a byte was served; the open one stays readable', async () => {
  await readUntil({ what: 'replace', bytes: Buffer.from('another') });
  await read(READ_BYTES);
  expect(readFileSync(file, 'utf8')).toBe('another');
  await expect(read(2 * READ_BYTES)).resolves.toBe(READ_BYTES);
});

test('stalls at a byte, and answers no later read either', async () => {
  await readUntil({ what: 'stall' });
  const late = Symbol('late');
  const timeout = () => new Promise((resolve) => setTimeout(resolve, 100, late));
  await expect(Promise.race([read(READ_BYTES), timeout()])).resolves.toBe(late);
  await expect(Promise.race([read(0), timeout()])).resolves.toBe(late);
  await expect(client.stat('/file.bin')).resolves.toMatchObject({ size: FILE_BYTES });
});

test('drops the connection at a byte', async () => {
  await readUntil({ what: 'drop' });
  await expect(read(READ_BYTES)).rejects.toThrow('No response from server');
});

test('drops every connection when told', async () => {
  const closed = new Promise((resolve) => client.on('close', resolve));
  server.dropConnections();
  await closed;
});

test('refuses sessions above a number, and counts', async () => {
  server.faults.maxSessions = 2;
  const { client: connection } = client as unknown as { client: import('ssh2').Client };
  const another = () => promisify<SFTPWrapper>((done) => connection.sftp(done))();
  const second = await another();
  await expect(another()).rejects.toThrow('Channel open failure');
  expect(server.record).toMatchObject({ sessionsOpened: 2, sessionsRefused: 1, openSessions: 2 });
  const closed = new Promise((resolve) => second.once('close', resolve));
  second.end();
  await closed;
  expect(server.record).toMatchObject({ openSessions: 1, mostOpenSessions: 2 });
});

test('records who tried to log in, and with how much', () => {
  expect(server.record.attempts).toEqual([
    { connectionNumber: 1, method: 'none', username: 'user', credentialBytes: 0 },
    { connectionNumber: 1, method: 'password', username: 'user', credentialBytes: 6 },
  ]);
});
