import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from '../support/command-line.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

// What a person mistypes is answered in words, with exit code 2, and before anybody is asked for anything.

const folder = temporaryDirectory();
const FILE = join(folder, 'a-file');
beforeAll(() => writeFileSync(FILE, 'not a folder'));

const LOGIN = ['--host-key', `SHA256:${'x'.repeat(43)}`, '--password-env', 'PASSWORD'];
const PULL = ['pull', 'sftp://ours@127.0.0.1:1/out', 's3://landing/', ...LOGIN];
const TRANSFER = ['transfer', 'sftp://ours@127.0.0.1:1/out/a', 's3://landing/', ...LOGIN];

test.each<[string[], string]>([
  [[...PULL, '--endpoint-url', 'foo'], 'It must be a URL such as https://s3.example.com'],
  [[...TRANSFER, '--endpoint-url', 'minio:9000'], 'It must be a URL such as https://s3.example.com'],
  [['list', '--endpoint-url', '/'], 'It must be a URL such as https://s3.example.com'],
  [[...PULL, '--report', join(FILE, 'report.jsonl')], 'the report cannot be written: ENOTDIR'],
  [[...PULL, '--report', join(folder, 'missing', 'report.jsonl')], 'the report cannot be written: ENOENT'],
  [[...PULL, '--ledger', join(FILE, 'ledger.sqlite')], 'the ledger file is "'],
  [
    ['pull', 'sftp://ours@127.0.0.1:1/out', 's3://b/', ...LOGIN],
    'the bucket is "b", but it must be a bucket name',
  ],
  [['pull', 'sftp://ours@127.0.0.1:1', 's3://landing/', ...LOGIN], 'end it with / for the root'],
  [[...TRANSFER, '--chunk-size', '5.3MiB'], 'It is not a whole number of bytes.'],
  [[...TRANSFER, '--chunk-size', '4MiB'], 'It must be a size from 5.0 MiB to 5.0 GiB.'],
  [[...TRANSFER, '--chunk-size', 'many'], 'It must be a size from 5.0 MiB to 5.0 GiB.'],
  [['demo', '--folder', FILE], `nothing can be written below ${FILE}: `],
  [['sandbox', '--folder', join(FILE, 'x')], `nothing can be written below ${FILE}/x: `],
])('%j', async (args, words) => {
  const { exitCode, stderr } = await runCommand(args, {
    PASSWORD: 'secret',
    HOME: folder,
    AWS_REGION: 'eu-central-1',
  });
  expect(stderr).toContain(words);
  expect(stderr).not.toMatch(/^\s+at /m);
  expect(exitCode).toBe(2);
});

test('an empty SFTP_TO_S3_CONFIG is none, as an unset one', async () => {
  const { exitCode, stdout } = await runCommand(['validate'], { SFTP_TO_S3_CONFIG: '' });
  expect({ exitCode, stdout }).toEqual({
    exitCode: 0,
    stdout: expect.stringContaining('config/example.json'),
  });
});
