import { createHash } from 'node:crypto';
import { mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { buffer } from 'node:stream/consumers';
import type { SftpServer, SftpSession } from '../../sftp/ports.ts';
import { readRange } from '../support/sftp/read-range.ts';
import { within } from '../support/within.ts';

/** A server under test, and where its files are. */
export interface SourceUnderTest {
  server: SftpServer;
  /** The folder on this machine that holds the files. */
  directory: string;
  /** That folder as the server names it. */
  remoteDirectory: string;
}

const BIG_BYTES = 3 * 1024 * 1024 + 1;
/** More than a reader asks for before its consumer has taken anything. */
const MORE_THAN_IN_FLIGHT_BYTES = 128 * 1024 * 1024;

/** What every SftpServer must do, whichever server it talks to. `begin` is called once, before the tests. */
export function sftpServerContract(begin: () => Promise<SourceUnderTest>): void {
  const never = new AbortController().signal;
  let under: SourceUnderTest;
  let session: SftpSession;
  let big: Buffer;
  const remote = (name: string) => path.posix.join(under.remoteDirectory, name);
  const local = (name: string) => path.join(under.directory, name);

  beforeAll(async () => {
    under = await begin();
    big = createHash('shake256', { outputLength: BIG_BYTES }).update('big').digest();
    writeFileSync(local('big.bin'), big);
    writeFileSync(local('empty.bin'), '');
    writeFileSync(local('one.bin'), '1');
    writeFileSync(local('ünï cödé – 漢字 🚚.txt'), 'unicode');
    writeFileSync(local(' leading and trailing '), 'spaces');
    writeFileSync(local('line\nbreak'), 'newline');
    mkdirSync(local('folder'));
    symlinkSync('big.bin', local('link-to-file'));
    symlinkSync('nowhere', local('dangling'));
    session = await under.server.connect(never);
  });
  afterAll(() => session?.end());

  const read = (name: string, startByte: number, endByte: number, signal = never) =>
    readRange(session, { path: remote(name), startByte, endByte, maxReadBytes: 32_768 }, signal);

  test('names its server without a user', () => {
    expect(under.server.url).toMatch(/^sftp:\/\/127\.0\.0\.1:\d+$/);
  });

  describe('maxReadBytes', () => {
    test('is at least what the protocol promises', async () => {
      expect(await session.maxReadBytes(never)).toBeGreaterThanOrEqual(32_768);
    });
  });

  describe('realpath', () => {
    test('resolves links and dots', async () => {
      await expect(session.realpath(remote('folder/../link-to-file'), never)).resolves.toBe(
        remote('big.bin'),
      );
    });
    test.each(['nowhere/x', 'nothing'])('of %j, which does not exist: stat says so', async (name) => {
      const resolved = await session.realpath(remote(name), never);
      expect(resolved).toBe(remote(name));
      await expect(session.stat(resolved, never)).rejects.toThrow(
        expect.objectContaining({ name: 'SourceNotFoundError' }),
      );
    });
  });

  describe('stat', () => {
    test.each([
      ['empty.bin', { kind: 'file', sizeBytes: 0 }],
      ['one.bin', { kind: 'file', sizeBytes: 1 }],
      ['big.bin', { kind: 'file', sizeBytes: BIG_BYTES }],
      ['link-to-file', { kind: 'file', sizeBytes: BIG_BYTES }],
      ['ünï cödé – 漢字 🚚.txt', { kind: 'file', sizeBytes: 7 }],
      [' leading and trailing ', { kind: 'file', sizeBytes: 6 }],
      ['line\nbreak', { kind: 'file', sizeBytes: 7 }],
      ['folder', { kind: 'directory' }],
    ])('of %j', async (name, expected) => {
      await expect(session.stat(remote(name), never)).resolves.toMatchObject(expected);
    });
    test('tells the time in whole seconds', async () => {
      const { modifiedAtSeconds } = await session.stat(remote('one.bin'), never);
      expect(Number.isInteger(modifiedAtSeconds)).toBe(true);
      expect(Math.abs(modifiedAtSeconds - Date.now() / 1000)).toBeLessThan(120);
    });
    test.each(['nothing', 'dangling', 'folder/nothing'])('of %j, which does not exist', async (name) => {
      await expect(session.stat(remote(name), never)).rejects.toThrow(
        expect.objectContaining({
          name: 'SourceNotFoundError',
          message: expect.stringContaining(remote(name)),
        }),
      );
    });
  });

  describe('a name that no file can have', () => {
    test.each([
      ['256 bytes', () => remote('n'.repeat(256))],
      ['a path of 4,096 bytes', () => remote('folder/'.repeat(700)).slice(0, 4_095).padEnd(4_096, 'x')],
    ])('%s: it is not found, and the session lives on', async (_case, name) => {
      const isNotFound = expect.objectContaining({ name: 'SourceNotFoundError' });
      await expect(
        session.realpath(name(), never).then((found) => session.stat(found, never)),
      ).rejects.toThrow(isNotFound);
      await expect(session.stat(name(), never)).rejects.toThrow(isNotFound);
      await expect(session.stat(remote('one.bin'), never)).resolves.toMatchObject({ sizeBytes: 1 });
    });
  });

  describe('hasByteAt', () => {
    test.each([
      ['empty.bin', 0, false],
      ['one.bin', 0, true],
      ['one.bin', 1, false],
      ['big.bin', BIG_BYTES - 1, true],
      ['big.bin', BIG_BYTES, false],
      ['big.bin', BIG_BYTES + 10_000, false],
      ['link-to-file', BIG_BYTES, false],
    ])('%s at byte %d: %s', async (name, position, expected) => {
      await expect(session.hasByteAt(remote(name), position, never)).resolves.toBe(expected);
    });
    test('of a file that does not exist', async () => {
      await expect(session.hasByteAt(remote('nothing'), 0, never)).rejects.toThrow(
        expect.objectContaining({ name: 'SourceNotFoundError' }),
      );
    });
  });

  describe('whatever is awaited ends with the reason of the signal', () => {
    const reason = new Error('nobody waits any more');
    test.each<[string, () => Promise<unknown>]>([
      ['connect', () => under.server.connect(AbortSignal.abort(reason))],
      ['withPreviousSecret', () => under.server.withPreviousSecret(AbortSignal.abort(reason))],
      ['realpath', () => session.realpath(remote('one.bin'), AbortSignal.abort(reason))],
      ['stat', () => session.stat(remote('one.bin'), AbortSignal.abort(reason))],
      ['hasByteAt', () => session.hasByteAt(remote('one.bin'), 0, AbortSignal.abort(reason))],
    ])('%s', async (_name, call) => {
      await expect(within(100, call())).rejects.toBe(reason);
    });
  });

  describe('readRange', () => {
    test.each([
      ['the whole file', 0, BIG_BYTES],
      ['one read', 0, 32_768],
      ['one byte more', 0, 32_769],
      ['the last byte', BIG_BYTES - 1, BIG_BYTES],
      ['odd borders', 99_999, 1_234_567],
      ['nothing', 500, 500],
    ])('of %s gives exactly those bytes', async (_case, startByte, endByte) => {
      const bytes = await buffer(read('big.bin', startByte, endByte));
      expect(bytes.equals(big.subarray(startByte, endByte))).toBe(true);
    });
    test('serves several ranges of one session at once', async () => {
      const ranges = [0, 1, 2].map((n) => ({ startByte: n * 1_000_000, endByte: (n + 1) * 1_000_000 }));
      const read3 = await Promise.all(
        ranges.map((range) => buffer(read('big.bin', range.startByte, range.endByte))),
      );
      expect(Buffer.concat(read3).equals(big.subarray(0, 3_000_000))).toBe(true);
    });
    test('beyond the end of the file is a changed source', async () => {
      await expect(buffer(read('one.bin', 0, 2))).rejects.toThrow(
        expect.objectContaining({ name: 'SourceChangedError' }),
      );
    });
    test('of a file that shrinks under it is a changed source', async () => {
      writeFileSync(local('shrinking.bin'), '');
      truncateSync(local('shrinking.bin'), MORE_THAN_IN_FLIGHT_BYTES);
      const stream = read('shrinking.bin', 0, MORE_THAN_IN_FLIGHT_BYTES);
      await new Promise((resolve) => stream.once('readable', resolve));
      truncateSync(local('shrinking.bin'), 1_000);
      await expect(buffer(stream)).rejects.toThrow(expect.objectContaining({ name: 'SourceChangedError' }));
    });
    test('of a file that does not exist', async () => {
      await expect(buffer(read('nothing', 0, 1))).rejects.toThrow(
        expect.objectContaining({ name: 'SourceNotFoundError' }),
      );
    });
    test('ends with the reason of its signal', async () => {
      const controller = new AbortController();
      const stream = read('big.bin', 0, BIG_BYTES, controller.signal);
      await new Promise((resolve) => stream.once('readable', resolve));
      const reason = new Error('enough');
      controller.abort(reason);
      await expect(buffer(stream)).rejects.toBe(reason);
    });
  });

  describe('a session', () => {
    test('can be ended twice, and then fails requests with a connection error', async () => {
      const other = await under.server.connect(never);
      await other.end();
      await other.end();
      await expect(other.stat(remote('one.bin'), never)).rejects.toThrow(
        expect.objectContaining({ name: 'SftpConnectionError' }),
      );
      await expect(
        buffer(
          readRange(other, { path: remote('one.bin'), startByte: 0, endByte: 1, maxReadBytes: 100 }, never),
        ),
      ).rejects.toThrow(expect.objectContaining({ name: 'SftpConnectionError' }));
    });
    test('ends while it reads, and the read fails', async () => {
      writeFileSync(local('long.bin'), '');
      truncateSync(local('long.bin'), MORE_THAN_IN_FLIGHT_BYTES);
      const other = await under.server.connect(never);
      const stream = readRange(
        other,
        { path: remote('long.bin'), startByte: 0, endByte: MORE_THAN_IN_FLIGHT_BYTES, maxReadBytes: 32_768 },
        never,
      );
      await new Promise((resolve) => stream.once('readable', resolve));
      const failed = expect(buffer(stream)).rejects.toThrow(
        expect.objectContaining({ name: 'SftpConnectionError' }),
      );
      await other.end();
      await failed;
    });
    test('is not made when the signal has fired', async () => {
      const reason = new Error('too late');
      await expect(under.server.connect(AbortSignal.abort(reason))).rejects.toBe(reason);
    });
  });
}
