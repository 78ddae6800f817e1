import { execFile } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { connect } from 'node:net';
import path from 'node:path';
import { promisify } from 'node:util';
import type { SFTPWrapper } from 'ssh2';
import SftpClient from 'ssh2-sftp-client';
import { generateKeyPair } from '../../../../local/sftp-server/host-key.ts';
import { type EmbeddedSftpServer, startSftpServer } from '../../../../local/sftp-server/sftp-server.ts';
import { describeUnless } from '../../../support/optional-suite.ts';
import { temporaryDirectory } from '../../../support/temporary-directory.ts';

const PERMISSION_DENIED = 3;
const NO_SUCH_FILE = 2;
const base = temporaryDirectory();
const root = path.join(base, 'served');
const key = generateKeyPair();
let server: EmbeddedSftpServer;
let client: SftpClient & { sftp: SFTPWrapper };

beforeAll(async () => {
  mkdirSync(path.join(root, 'folder', 'deeper'), { recursive: true });
  writeFileSync(path.join(base, 'outside.txt'), 'outside');
  mkdirSync(path.join(base, 'served-too'));
  writeFileSync(path.join(base, 'served-too', 'x'), 'a neighbour whose name begins the same');
  writeFileSync(path.join(root, 'file.txt'), 'inside');
  for (let n = 0; n < 250; n += 1) writeFileSync(path.join(root, 'folder', `${n}`), '');
  symlinkSync('../outside.txt', path.join(root, 'relative-escape'));
  symlinkSync(path.join(base, 'outside.txt'), path.join(root, 'absolute-escape'));
  symlinkSync('..', path.join(root, 'parent'));
  symlinkSync('loop', path.join(root, 'loop'));
  symlinkSync('../../file.txt', path.join(root, 'folder', 'deeper', 'up-to-file'));
  server = await startSftpServer({
    rootDirectory: root,
    username: 'user',
    password: 'secret',
    publicKey: key.public,
  });
  client = new SftpClient('test', {}) as typeof client;
  await client.connect({ host: server.host, port: server.port, username: 'user', password: 'secret' });
});
afterAll(async () => {
  await client.end();
  await server.close();
});

/** Undefined, or the SFTP status. */
function statusOf(request: (done: (error?: Error | null) => void) => void): Promise<number | undefined> {
  return new Promise((resolve) =>
    request((error) => resolve((error as { code?: number } | undefined)?.code)),
  );
}
const open = promisify((name: string, done: (error: Error | undefined, handle: Buffer) => void) =>
  client.sftp.open(name, 'r', done),
);

test('prints the fingerprint of its key', () => {
  expect(server.hostKeyFingerprint).toMatch(/^SHA256:[A-Za-z0-9+/]{43}$/);
});

describe('keeps clients in its folder', () => {
  test.each([
    ['.', '/'],
    ['/', '/'],
    ['..', '/'],
    ['/../../..', '/'],
    ['folder/../../../../file.txt', '/file.txt'],
    ['/folder/deeper/up-to-file', '/file.txt'],
    ['/not-there', '/not-there'],
  ])('REALPATH %s is %s', async (asked, expected) => {
    await expect(client.realPath(asked)).resolves.toBe(expected);
  });

  test.each([
    '/relative-escape',
    '/absolute-escape',
    '/parent',
    '/parent/outside.txt',
    '/parent/served-too/x',
  ])('%s leads out and is denied', async (name) => {
    expect(await statusOf((done) => client.sftp.stat(name, done))).toBe(PERMISSION_DENIED);
    expect(await statusOf((done) => client.sftp.open(name, 'r', done))).toBe(PERMISSION_DENIED);
    expect(await statusOf((done) => client.sftp.opendir(name, done))).toBe(PERMISSION_DENIED);
    expect(await statusOf((done) => client.sftp.realpath(name, done))).toBe(PERMISSION_DENIED);
  });

  test.each(['/../outside.txt', '/folder/../../outside.txt', '/loop', '/file.txt/x', '/a\0b'])(
    '%j is nothing here',
    async (name) => {
      expect(await statusOf((done) => client.sftp.stat(name, done))).not.toBeUndefined();
      expect(await statusOf((done) => client.sftp.open(name, 'r', done))).not.toBeUndefined();
    },
  );
});

describe('is read-only', () => {
  const attributes = { mode: 0o777 };
  test.each<[string, (done: (error?: Error | null) => void) => void]>([
    ['OPEN to write', (done) => client.sftp.open('/file.txt', 'r+', done)],
    ['OPEN to create', (done) => client.sftp.open('/new', 'w', done)],
    ['OPEN to append', (done) => client.sftp.open('/file.txt', 'a', done)],
    ['SETSTAT', (done) => client.sftp.setstat('/file.txt', attributes, done)],
    ['REMOVE', (done) => client.sftp.unlink('/file.txt', done)],
    ['MKDIR', (done) => client.sftp.mkdir('/new', done)],
    ['RMDIR', (done) => client.sftp.rmdir('/folder', done)],
    ['RENAME', (done) => client.sftp.rename('/file.txt', '/other', done)],
    ['SYMLINK', (done) => client.sftp.symlink('/file.txt', '/other', done)],
  ])('%s is denied', async (_name, request) => {
    expect(await statusOf(request)).toBe(PERMISSION_DENIED);
  });
  test('WRITE and FSETSTAT on an open file are denied', async () => {
    const handle = await open('/file.txt');
    expect(await statusOf((done) => client.sftp.write(handle, Buffer.from('x'), 0, 1, 0, done))).toBe(
      PERMISSION_DENIED,
    );
    expect(await statusOf((done) => client.sftp.fsetstat(handle, attributes, done))).toBe(PERMISSION_DENIED);
    expect(await statusOf((done) => client.sftp.close(handle, done))).toBeUndefined();
  });
  afterAll(() => {
    expect(readdirSync(root).sort()).toEqual(
      ['absolute-escape', 'file.txt', 'folder', 'loop', 'parent', 'relative-escape'].sort(),
    );
    expect(readFileSync(path.join(root, 'file.txt'), 'utf8')).toBe('inside');
  });
});

describe('answers', () => {
  test('a listing of more names than one answer holds', async () => {
    const names = (await client.list('/folder')).map(({ name }) => name);
    expect(names).toHaveLength(251);
    expect(names).toContain('249');
  });
  test('what is not there', async () => {
    expect(await statusOf((done) => client.sftp.stat('/nothing', done))).toBe(NO_SUCH_FILE);
    expect(await statusOf((done) => client.sftp.opendir('/nothing', done))).toBe(NO_SUCH_FILE);
  });
  test('a link itself to LSTAT, its target to STAT', async () => {
    const link = await promisify(client.sftp.lstat.bind(client.sftp))('/folder/deeper/up-to-file');
    expect(link.isSymbolicLink()).toBe(true);
    await expect(client.stat('/folder/deeper/up-to-file')).resolves.toMatchObject({ isFile: true, size: 6 });
  });
  test('a handle that it never gave with a failure', async () => {
    const handle = Buffer.from([0, 0, 0, 99]);
    const buffer = Buffer.alloc(1);
    expect(await statusOf((done) => client.sftp.read(handle, buffer, 0, 1, 0, done))).toBe(4);
    expect(await statusOf((done) => client.sftp.close(handle, done))).toBe(4);
    expect(await statusOf((done) => client.sftp.fstat(handle, done))).toBe(4);
    expect(await statusOf((done) => client.sftp.fstat(Buffer.alloc(256), done))).toBe(4);
  });
  test('a read beyond the end with the end of the file', async () => {
    const handle = await open('/file.txt');
    const bytesRead = await new Promise((resolve, reject) =>
      client.sftp.read(handle, Buffer.alloc(10), 0, 10, 6, (error, count) =>
        error ? reject(error) : resolve(count),
      ),
    );
    expect(bytesRead).toBe(0);
    await statusOf((done) => client.sftp.close(handle, done));
  });
});

describe('closes', () => {
  const isOpen = (file: string) =>
    readdirSync('/proc/self/fd').some((descriptor) => {
      try {
        return readlinkSync(`/proc/self/fd/${descriptor}`) === file;
      } catch {
        return false;
      }
    });

  test('files that a client left open, with the connection', async () => {
    const other = await startSftpServer({ rootDirectory: root, username: 'user', password: 'secret' });
    const guest = new SftpClient('guest', {}) as typeof client;
    await guest.connect({ host: other.host, port: other.port, username: 'user', password: 'secret' });
    await promisify((done: (error: Error | undefined, handle: Buffer) => void) =>
      guest.sftp.open('/file.txt', 'r', done),
    )();
    expect(!existsSync('/proc/self/fd') || isOpen(path.join(root, 'file.txt'))).toBe(true);
    const startedMs = performance.now();
    await other.close();
    await other.close();
    expect(performance.now() - startedMs).toBeLessThan(2_000);
    expect(existsSync('/proc/self/fd') && isOpen(path.join(root, 'file.txt'))).toBe(false);
    await guest.end().catch(() => {});
  });

  test('connections that never said a word', async () => {
    const other = await startSftpServer({ rootDirectory: root, username: 'user', password: 'secret' });
    const socket = connect(other.port, other.host).resume();
    await new Promise((resolve) => socket.once('connect', resolve));
    const closed = new Promise((resolve) => socket.once('close', resolve));
    socket.on('error', () => {});
    await other.close();
    await closed;
  });
});

test.each([
  [
    'a folder that is not there',
    { rootDirectory: '/no/such/folder', username: 'u', password: 'p' },
    'ENOENT',
  ],
  ['nobody who could log in', { rootDirectory: '/', username: 'u' }, 'a password or a public key'],
  ['a broken key', { rootDirectory: '/', username: 'u', publicKey: 'ssh-rsa AAAA' }, 'not a public key'],
])('does not start with %s', async (_case, options, message) => {
  await expect(startSftpServer(options)).rejects.toThrow(message);
});

const clients = ['sftp', 'rclone'].map((name) => ({
  name,
  missing: (process.env.PATH ?? '').split(':').some((folder) => existsSync(path.join(folder, name)))
    ? undefined
    : `${name} is not installed`,
}));

describeUnless(clients[0]?.missing, "OpenSSH's own client", () => {
  test('lists and gets', async () => {
    const identity = path.join(base, 'identity');
    writeFileSync(identity, key.private, { mode: 0o600 });
    const batch = path.join(base, 'batch');
    const target = path.join(base, 'got.txt');
    writeFileSync(batch, `ls -l /\nget /folder/deeper/up-to-file ${target}\n`);
    const options = ['StrictHostKeyChecking=no', 'UserKnownHostsFile=/dev/null', 'IdentitiesOnly=yes'];
    const { stdout } = await promisify(execFile)('sftp', [
      ...options.flatMap((option) => ['-o', option]),
      ...['-i', identity, '-P', `${server.port}`, '-b', batch, `user@${server.host}`],
    ]);
    expect(stdout).toMatch(/-rw.* 6 .* file\.txt/);
    expect(readFileSync(target, 'utf8')).toBe('inside');
  });
});

describeUnless(clients[1]?.missing, 'rclone', () => {
  test('copies', async () => {
    const { stdout: obscured } = await promisify(execFile)('rclone', ['obscure', 'secret']);
    const remote = `:sftp,host=${server.host},port=${server.port},user=user,pass=${obscured.trim()}:/file.txt`;
    const target = path.join(base, 'by-rclone.txt');
    const configuration = ['--config', '/dev/null', '--sftp-disable-hashcheck'];
    await promisify(execFile)('rclone', [...configuration, 'copyto', remote, target]);
    expect(readFileSync(target, 'utf8')).toBe('inside');
  }, 60_000);
});
