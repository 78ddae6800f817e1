import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ServerCheckReport } from '../../doctor/report.ts';
import { runCommand } from '../support/command-line.ts';
import { describeUnless } from '../support/optional-suite.ts';
import { type Sshd, sshdMissing, startSshd } from '../support/sftp/sshd.ts';

const MIB = 1_048_576;

describeUnless(sshdMissing, 'check against OpenSSH', () => {
  let folder: string;
  let sshd: Sshd | undefined;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sftp-to-s3-check-'));
    await writeFile(join(folder, 'big.bin'), randomBytes(70 * MIB));
  });
  afterEach(async () => sshd?.stop());
  afterAll(() => rm(folder, { recursive: true, force: true }));

  async function check(server: Sshd, ...more: string[]) {
    const key = join(folder, 'key');
    await writeFile(key, server.privateKey);
    await chmod(key, 0o600);
    const url = `sftp://${server.username}@127.0.0.1:${server.port}${join(folder, 'big.bin')}`;
    const pin = ['--host-key', server.hostKeyFingerprint];
    const result = await runCommand(['check', url, '--identity-file', key, '--json', ...pin, ...more]);
    return { result, report: result.json() as unknown as ServerCheckReport };
  }

  const stageOf = (report: ServerCheckReport, name: string) =>
    report.stages.find(({ stage }) => stage === name);

  test('a healthy server', async () => {
    sshd = await startSshd();

    const { result, report } = await check(sshd);

    expect(result.stderr).toBe('');
    expect(result.exitCode).toBe(0);
    expect(report.stages.map(({ verdict }) => verdict)).toEqual(Array(19).fill('ok'));
    expect(stageOf(report, 'banner')?.summary).toMatch(/^SSH-2\.0-OpenSSH_/);
    expect(stageOf(report, 'sftp-session')?.details).toEqual({ max_read_bytes: 261_120 });
    expect(stageOf(report, 'throughput-one-channel')?.details).toMatchObject({ bytes: 64 * MIB });
    expect(report.recommendation?.file_size_bytes).toBe(70 * MIB);
  });

  test('MaxSessions 2 is a warning, and one login attempt at a time is what the server sees', async () => {
    sshd = await startSshd(['MaxSessions 2']);

    const { report } = await check(sshd);

    expect(report.status).toBe('HEALTHY');
    expect(stageOf(report, 'channels')).toMatchObject({
      verdict: 'warning',
      details: { opened: 2, tried: 8 },
    });
    expect(stageOf(report, 'connections')).toMatchObject({ verdict: 'ok', details: { opened: 4 } });
    expect(await sshd.logged()).not.toMatch(/Failed|Invalid user/);
  });

  test('a key that the server does not know is refused once', async () => {
    sshd = await startSshd(['AuthorizedKeysFile none']);

    const { result, report } = await check(sshd);

    expect(result.exitCode).toBe(1);
    expect(report.failure).toMatchObject({ stage: 'login', error: 'SftpAuthenticationError', fault: 'ours' });
    expect((await sshd.logged()).match(/Connection from/g)).toHaveLength(1);
  });

  test('a server that opens no session after the login is the partner’s to mend', async () => {
    sshd = await startSshd(['MaxSessions 0']);

    const { report } = await check(sshd);

    expect(report.failure).toMatchObject({ stage: 'sftp-session', fault: 'partner' });
  });
});
