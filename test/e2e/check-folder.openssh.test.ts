import { mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { ServerCheckReport } from '../../doctor/report.ts';
import { runCommand } from '../support/command-line.ts';
import { describeUnless } from '../support/optional-suite.ts';
import { type Sshd, sshdMissing, startSshd } from '../support/sftp/sshd.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

describeUnless(sshdMissing, 'check of a folder, against OpenSSH', () => {
  const home = temporaryDirectory();
  const folder = path.join(home, 'outbound');
  const keyFile = path.join(home, 'key');
  let sshd: Sshd | undefined;

  beforeAll(() => {
    mkdirSync(path.join(folder, 'older'), { recursive: true });
    for (const name of ['a.csv', 'b.csv', 'c.csv', 'd.csv', 'e.csv.part', 'notes.txt', 'older/f.csv'])
      writeFileSync(path.join(folder, name), name);
    symlinkSync('a.csv', path.join(folder, 'link.csv'));
  });
  afterEach(() => sshd?.stop());

  /** @param config of sshd */
  const check = (config: readonly string[], ...more: string[]) => checkPath(folder, config, ...more);

  async function checkPath(checked: string, config: readonly string[], ...more: string[]) {
    sshd = await startSshd(config);
    writeFileSync(keyFile, sshd.privateKey, { mode: 0o600 });
    const url = `sftp://${sshd.username}@127.0.0.1:${sshd.port}${checked}`;
    const login = ['--identity-file', keyFile, '--host-key', sshd.hostKeyFingerprint];
    return runCommand(['check', url, ...login, ...more]);
  }
  const stagesOf = (report: ServerCheckReport) =>
    Object.fromEntries(report.stages.map((stage) => [stage.stage, stage]));

  test('every entry has its outcome, and nothing is read, written or moved', async () => {
    const before = readdirSync(folder);

    const result = await check([], '--include', '*.csv', '--json');

    expect(result).toMatchObject({ exitCode: 0, stderr: '' });
    const stages = stagesOf(result.json() as unknown as ServerCheckReport);
    expect(stages.listing).toMatchObject({
      verdict: 'ok',
      details: {
        entries: 8,
        outcomes: {
          copy: { count: 4, first: expect.arrayContaining([expect.stringMatching(/^[a-d]\.csv$/)]) },
          'ignored-temporary': { count: 1, first: ['e.csv.part'] },
          excluded: { count: 1, first: ['notes.txt'] },
          link: { count: 1, first: ['link.csv'] },
          'not-a-file': { count: 1, first: ['older'] },
        },
      },
    });
    expect(stages['read-start']).toMatchObject({ verdict: 'skipped', summary: 'it is a folder' });
    expect(stages).not.toHaveProperty('after-proof');
    expect(readdirSync(folder)).toEqual(before);
  });

  test.each(['/', '/~/'])(
    '%s is a folder where something of a folder is asked for, and else the server',
    async (root) => {
      const alone = await checkPath(root, [], '--json');
      expect(stagesOf(alone.json() as unknown as ServerCheckReport)).not.toHaveProperty('listing');
      await sshd?.stop();
      const asked = await checkPath(root, [], '--include', '*', '--json');
      expect(stagesOf(asked.json() as unknown as ServerCheckReport)).toMatchObject({
        listing: { verdict: 'ok' },
      });
    },
  );

  test('people see the first names of each outcome, of folders below it as well', async () => {
    const { stdout, exitCode } = await check([], '--max-depth', '1');

    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^ok {7}listing +\d+ ms {2}9 entries, 6 copy, /m);
    expect(stdout).toContain('Healthy. A first run would decide, if all files stay as they are:');
    expect(stdout).toMatch(/^ {2}copy +6 {2}"[^"]+", "[^"]+", "[^"]+", …$/m);
    expect(stdout).toMatch(/^ {2}link +1 {2}"link\.csv"$/m);
  });

  test.each([
    [
      'is allowed',
      [],
      'ok',
      'a file may be renamed; a file may be removed',
      { renamed: true, removed: true, left: null },
    ],
    [
      'is not, in a folder to be read only',
      ['ForceCommand internal-sftp -R'],
      'warning',
      'not tried: no file may be made there (Permission denied)',
      { made: false },
    ],
    [
      'is not for renaming',
      ['ForceCommand internal-sftp -P rename,posix-rename'],
      'warning',
      'no file may be renamed (Permission denied); a file may be removed',
      { renamed: false, removed: true, left: null },
    ],
  ])('what follows a proved copy %s', async (_case, config, verdict, summary, details) => {
    const before = readdirSync(folder);

    const result = await check(config, '--after-proof', '--json');

    expect(result.exitCode).toBe(0);
    const stage = stagesOf(result.json() as unknown as ServerCheckReport)['after-proof'];
    expect(stage).toMatchObject({ verdict, details });
    expect(stage?.summary).toContain(summary);
    expect(readdirSync(folder)).toEqual(before);
  });

  test('our file goes to where the rule moves the first file, or it is said that it cannot', async () => {
    mkdirSync(path.join(home, 'archive', 'csv'), { recursive: true });
    const after = [
      '--include',
      're:.*\\.(csv)',
      '--after',
      `move:${home}/archive/{group.1}/{name}`,
      '--after-proof',
    ];

    // What may not be removed again shows where it has gone.
    const allowed = await check(['ForceCommand internal-sftp -P remove'], ...after, '--json');

    const [gone] = readdirSync(path.join(home, 'archive', 'csv'));
    expect(gone).toMatch(/^\.sftp-to-s3-check-/);
    const stage = stagesOf(allowed.json() as unknown as ServerCheckReport)['after-proof'];
    expect(stage).toMatchObject({
      verdict: 'warning',
      summary: expect.stringContaining(`a file may be renamed to ${home}/archive/csv; none removed`),
      details: { renamed_to: `${home}/archive/csv/${gone}`, left: `${home}/archive/csv/${gone}` },
    });
    await sshd?.stop();

    rmSync(path.join(home, 'archive'), { recursive: true });
    const refused = await check([], ...after, '--json');

    expect(stagesOf(refused.json() as unknown as ServerCheckReport)['after-proof']).toMatchObject({
      verdict: 'warning',
      summary: `no file may be renamed to ${home}/archive/csv (No such file); a file may be removed`,
    });
  });

  test('a file of ours that may not be removed again is named', async () => {
    const result = await check(['ForceCommand internal-sftp -P remove'], '--after-proof', '--json');

    const { details, summary } = stagesOf(result.json() as unknown as ServerCheckReport)['after-proof'] ?? {};
    const [left] = readdirSync(folder).filter((name) => name.startsWith('.sftp-to-s3-check-'));
    expect(details).toMatchObject({ renamed: true, removed: false, left: path.join(folder, String(left)) });
    expect(summary).toContain(`${path.join(folder, String(left))} is left, of 0 bytes`);
  });
});
