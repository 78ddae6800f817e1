import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { temporaryDirectory } from '../support/temporary-directory.ts';

/** The rooms and what each may import: CONTRIBUTING.md has the table, biome.json holds it. */

const PROJECT = path.join(import.meta.dirname, '../..');
const BIOME = path.join(PROJECT, 'node_modules/.bin/biome');
const directory = temporaryDirectory();

/** The linter's findings about one source with one import, in a scratch copy that holds nothing else. */
function lint(file: string, source: string): string {
  const folder = path.join(directory, `${file}-${source}`.replaceAll(/[^a-z0-9]+/gi, '-'));
  mkdirSync(path.join(folder, path.dirname(file)), { recursive: true });
  cpSync(path.join(PROJECT, 'biome.json'), path.join(folder, 'biome.json'));
  writeFileSync(path.join(folder, file), source);
  const rules = ['--only=style/noRestrictedImports', '--only=style/noProcessEnv'];
  const { stdout, stderr } = spawnSync(
    BIOME,
    ['lint', '--colors=off', '--vcs-enabled=false', ...rules, file],
    {
      cwd: folder,
      encoding: 'utf8',
    },
  );
  return stdout + stderr;
}

const importing = (specifier: string) => `import '${specifier}';\n`;

describe('a wall that is broken is reported', () => {
  test.each([
    ['transfer/x.ts', '../sftp/ports.ts'],
    ['transfer/x.ts', '@aws-sdk/client-s3'],
    ['sftp/connect/x.ts', '../../doctor/ports.ts'],
    ['sftp/x.ts', '../lambdas/shared/env.ts'],
    ['sftp/x.ts', '@aws-sdk/client-secrets-manager'],
    ['s3/x.ts', 'ssh2'],
    ['s3/x.ts', '@aws-sdk/client-sfn'],
    ['ledger/x.ts', '@aws-sdk/client-s3'],
    ['ledger/x.ts', '../cli/print.ts'],
    ['folder/x.ts', '../sftp/ports.ts'],
    ['folder/x.ts', '../ledger/sqlite/sqlite-ledger.ts'],
    ['expectations/x.ts', '../s3/ports.ts'],
    ['expectations/x.ts', '@aws-sdk/client-sfn'],
    ['expectations/deployed/x.ts', '@aws-sdk/client-s3'],
    ['expectations/deployed/x.ts', '../../s3/object-store.ts'],
    ['doctor/stages/x.ts', '../../sftp/sftp-server.ts'],
    ['doctor/stages/x.ts', 'ssh2'],
    ['doctor/probe/x.ts', '../../cli/print.ts'],
    ['lambdas/complete-upload/complete-upload.ts', '../../s3/object-store.ts'],
    ['lambdas/complete-upload/complete-upload.ts', '@aws-sdk/client-s3'],
    ['lambdas/complete-upload/handler.ts', '../../local/local-transfer.ts'],
    ['lambdas/shared/x.ts', 'ssh2-sftp-client'],
    ['infra/network/x.ts', '../../lambdas/shared/env.ts'],
    ['infra/x.ts', '../cli/print.ts'],
    ['infra/x.ts', '../local/local-transfer.ts'],
    ['local/x.ts', '../cli/print.ts'],
    ['local/x.ts', 'ssh2'],
    ['local/sftp-server/x.ts', '../../infra/steps.ts'],
    ['cli/commands/x.ts', '../../lambdas/download-segment/handler.ts'],
    ['cli/x.ts', '../infra/transfer-stack.ts'],
    ['cli/x.ts', 'cdktf'],
  ])('%s imports %s', (file, specifier) => {
    expect(lint(file, importing(specifier))).toContain('lint/style/noRestrictedImports');
  });

  test.each([
    'transfer/x.ts',
    'sftp/x.ts',
    's3/x.ts',
    'folder/x.ts',
    'expectations/deployed/x.ts',
    'doctor/x.ts',
    'lambdas/complete-upload/x.ts',
  ])('%s reads the environment', (file) => {
    const folderRule = lint(file, 'export const home = process.env.HOME;\n');
    expect(folderRule).toContain('lint/style/noProcessEnv');
  });
});

test.each([
  ['sftp/x.ts', 'ssh2'],
  ['s3/x.ts', '@aws-sdk/client-s3'],
  ['expectations/deployed/x.ts', '../../s3/ports.ts'],
  ['doctor/stages/x.ts', '../../sftp/ports.ts'],
  ['lambdas/complete-upload/handler.ts', '../../s3/object-store.ts'],
  ['infra/config/x.ts', '../../sftp/connect/algorithms.ts'],
  ['cli/x.ts', '../infra/config/schema.ts'],
])('%s may import %s', (file, specifier) => {
  expect(lint(file, importing(specifier))).not.toContain('noRestrictedImports');
});
