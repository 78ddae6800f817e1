import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import ssh2 from 'ssh2';
import { offeredAlgorithms } from '../../sftp/connect/algorithms.ts';
import { startTcpProxy } from '../support/network/tcp-proxy.ts';
import { describeUnless } from '../support/optional-suite.ts';
import { connectError, never, sourceOf, useOnce } from '../support/sftp/partner.ts';
import { readRange } from '../support/sftp/read-range.ts';
import { type Sshd, sshdMissing, startSshd } from '../support/sftp/sshd.ts';
import {
  createThrowAwayUser,
  type ThrowAwayUser,
  throwAwayUserMissing,
} from '../support/sftp/throw-away-user.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

/** What only a real OpenSSH does. */
describeUnless(sshdMissing, 'with OpenSSH', () => {
  let sshd: Sshd;
  afterEach(() => sshd.stop());
  const keyLogin = () => ({
    credentials: async () => ({ username: sshd.username, privateKey: sshd.privateKey }),
  });

  test('twenty connections at once all pass a server that allows three to be starting', async () => {
    sshd = await startSshd(['MaxStartups 3']);
    const proxy = await startTcpProxy({ targetPort: sshd.port });
    const server = sourceOf({ ...sshd, port: proxy.port }, keyLogin());
    await expect(Promise.all(Array.from({ length: 20 }, () => useOnce(server)))).resolves.toHaveLength(20);
    expect(await sshd.logged()).toMatch(/drop connection|MaxStartups/); // the fault was there
    expect(proxy.connections).toBeGreaterThan(20);
    await proxy.close();
  });

  test('a key that is not authorised is one failed attempt', async () => {
    sshd = await startSshd();
    const other = ssh2.utils.generateKeyPairSync('rsa', { bits: 2048 }).private;
    const source = sourceOf(sshd, {
      credentials: async () => ({ username: sshd.username, privateKey: other }),
    });
    await expect(connectError(source)).resolves.toMatchObject({ name: 'SftpAuthenticationError' });
    const log = await sshd.logged();
    expect(log.match(/Failed publickey for/g)).toHaveLength(1);
    expect(log).not.toMatch(/Failed none|Failed password/);
  });

  test('too many failures end the connection, and that is a refusal, not a lost connection', async () => {
    sshd = await startSshd(['MaxAuthTries 1']);
    const other = ssh2.utils.generateKeyPairSync('rsa', { bits: 2048 }).private;
    const source = sourceOf(sshd, {
      credentials: async () => ({ username: sshd.username, privateKey: other }),
    });
    const error = await connectError(source);
    expect(error.name).toBe('SftpAuthenticationError');
    expect(error.message).toContain('It said: Too many authentication failures');
  });

  test('a wrong host key: the server hears of no user', async () => {
    sshd = await startSshd(['LogLevel DEBUG2']);
    const error = await connectError(sourceOf(sshd, { hostKeyFingerprints: [`SHA256:${'A'.repeat(43)}`] }));
    expect(error).toMatchObject({ name: 'HostKeyMismatchError', offered: sshd.hostKeyFingerprint });
    expect(await sshd.logged()).not.toMatch(/userauth-request|for user/);
  });

  test('a legacy server is explained, and works when its algorithms are allowed', async () => {
    sshd = await startSshd([
      'KexAlgorithms diffie-hellman-group14-sha1',
      'Ciphers aes128-cbc',
      'MACs hmac-sha1',
    ]);
    const error = await connectError(sourceOf(sshd, keyLogin()));
    expect(error.name).toBe('InvalidTransferRequestError');
    expect(error.message).toContain('shares no key exchange and no cipher with us');
    expect(error.message).toMatch(/This setting could enable: diffie-hellman-group14-sha1, aes128-cbc$/);
    const legacyAlgorithms = ['diffie-hellman-group14-sha1', 'aes128-cbc'];
    await expect(useOnce(sourceOf(sshd, { ...keyLogin(), legacyAlgorithms }))).resolves.toBe('/');
  });

  test.each(offeredAlgorithms([]).cipher)(
    'reads right with %s, while the server rekeys every megabyte',
    async (cipher) => {
      const directory = temporaryFile();
      sshd = await startSshd([`Ciphers ${cipher}`, 'RekeyLimit 1M', 'LogLevel DEBUG1']);
      const session = await sourceOf(sshd, keyLogin()).connect(never);
      const hash = createHash('sha256');
      const range = {
        path: directory.path,
        startByte: 0,
        endByte: directory.bytes.length,
        maxReadBytes: 261_120,
      };
      await pipeline(readRange(session, range, never), hash);
      await session.end();
      expect(hash.digest('hex')).toBe(createHash('sha256').update(directory.bytes).digest('hex'));
      expect((await sshd.logged()).match(/rekey(ing)? /gi)?.length ?? 0).toBeGreaterThan(1);
    },
  );

  test('gets by with one session where the server allows no more', async () => {
    const file = temporaryFile();
    sshd = await startSshd(['MaxSessions 1']);
    const session = await sourceOf(sshd, { ...keyLogin(), maxChannels: 8 }).connect(never);
    const hash = createHash('sha256');
    const range = { path: file.path, startByte: 0, endByte: file.bytes.length, maxReadBytes: 32_768 };
    await pipeline(readRange(session, range, never), hash);
    await session.end();
    expect(hash.digest('hex')).toBe(createHash('sha256').update(file.bytes).digest('hex'));
  });

  const scratch = temporaryDirectory();
  function temporaryFile() {
    const bytes = createHash('shake256', { outputLength: 8 * 1024 * 1024 })
      .update('file')
      .digest();
    const file = path.join(scratch, 'file.bin');
    writeFileSync(file, bytes);
    return { path: file, bytes };
  }
});

describeUnless(sshdMissing ?? throwAwayUserMissing, 'with a password on OpenSSH', () => {
  let sshd: Sshd;
  let user: ThrowAwayUser;
  beforeAll(() => {
    user = createThrowAwayUser();
  });
  afterAll(() => user.remove());
  afterEach(() => sshd.stop());
  const login = (credentials: { password?: string; privateKey?: string }) =>
    sourceOf(sshd, { credentials: async () => ({ username: user.username, ...credentials }) });

  test('a password gets in', async () => {
    sshd = await startSshd(['PasswordAuthentication yes']);
    await expect(useOnce(login({ password: user.password }))).resolves.toBe('/');
  });

  test('a wrong password is exactly one failed attempt, whatever else the server takes', async () => {
    sshd = await startSshd(['PasswordAuthentication yes', 'KbdInteractiveAuthentication yes', 'UsePAM yes']);
    const error = await connectError(login({ password: 'wrong' }));
    expect(error.name).toBe('SftpAuthenticationError');
    expect((await sshd.logged()).match(/Failed \S+ for/g)).toEqual(['Failed password for']);
  });

  test('the answer to a question gets in', async () => {
    sshd = await startSshd(['KbdInteractiveAuthentication yes', 'UsePAM yes']);
    await expect(useOnce(login({ password: user.password }))).resolves.toBe('/');
  });

  test('key and password together get in', async () => {
    sshd = await startSshd(['PasswordAuthentication yes', 'AuthenticationMethods publickey,password']);
    await expect(useOnce(login({ password: user.password, privateKey: sshd.privateKey }))).resolves.toBe('/');
    await expect(connectError(login({ privateKey: sshd.privateKey }))).resolves.toMatchObject({
      name: 'SftpAuthenticationError',
      message: expect.stringContaining('tried: publickey; the server accepts: password'),
    });
  });
});
