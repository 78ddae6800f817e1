import { existsSync, readdirSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCommand } from '../support/command-line.ts';
import { waitUntil } from '../support/wait-until.ts';

test('sandbox serves what it says until Ctrl-C, and leaves nothing', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'sftp-to-s3-sandbox-'));
  let stop = () => {};
  const running = runCommand(['sandbox', '--folder', folder], {}, (child) => {
    stop = () => child.kill('SIGINT');
  });
  await waitUntil('the bucket of the sandbox', () =>
    readdirSync(folder).some((name) => existsSync(join(folder, name, 's3', 'buckets', 'landing'))),
  );
  stop();

  const { exitCode, stdout } = await running;
  expect(exitCode).toBe(130);
  expect(await readdir(folder)).toEqual([]);
  await rm(folder, { recursive: true });
  expect(stdout).toMatch(
    /npx sftp-to-s3 transfer sftp:\/\/partner@127\.0\.0\.1:\d+\/big\.bin s3:\/\/landing\/in\//,
  );
}, 60_000);
