import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { bundleFunctions } from '../../../../infra/bundling/bundle-functions.ts';
import { STEPS } from '../../../../infra/steps.ts';
import { temporaryDirectory } from '../../../support/temporary-directory.ts';

/** A bundle beyond it would show in the time of a cold start. */
const MAX_BUNDLE_BYTES = 2_000_000;
const ENVIRONMENT = {
  AWS_REGION: 'eu-west-1',
  PARTNER_NAME: 'acme',
  SFTP_HOST: '127.0.0.1',
  SFTP_PORT: '22',
  SFTP_HOST_KEY_FINGERPRINTS: '["SHA256:uNiVztksCsDhcc0u9e8BrKXVeypKgSy7xdb7mCpRAhA"]',
  SFTP_SECRET_ARN: 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:a',
  LANDING_BUCKET: 'landing',
  CHUNK_SIZE_BYTES: '52428800',
  MAX_CONCURRENCY: '8',
  MAX_SESSIONS: '8',
  SESSION_DRAIN_SECONDS: '900',
  LEDGER_TABLE: 'ledger',
};

/** The files of a stored archive, found by their local headers. */
function filesOf(archive: Buffer): Map<string, Buffer> {
  const files = new Map<string, Buffer>();
  for (let offset = 0; archive.readUInt32LE(offset) === 0x04034b50; ) {
    const [size, nameLength] = [archive.readUInt32LE(offset + 18), archive.readUInt16LE(offset + 26)];
    const name = archive.toString('utf8', offset + 30, offset + 30 + nameLength);
    const start = offset + 30 + nameLength;
    files.set(name, archive.subarray(start, start + size));
    offset = start + size;
  }
  return files;
}

const packages = bundleFunctions(STEPS);
const again = bundleFunctions(STEPS);
const folder = temporaryDirectory();

test.each(STEPS)('equal sources give equal packages of %s', (step) => {
  expect(again[step].equals(packages[step])).toBe(true);
});

describe.each(STEPS)('the package of %s', (step) => {
  const files = filesOf(packages[step]);

  test('holds one bundle of bounded size and its source map, with no path of this machine', () => {
    expect([...files.keys()]).toEqual(['index.js', 'index.js.map']);
    expect(files.get('index.js')?.length).toBeLessThan(MAX_BUNDLE_BYTES);
    const { sources, sourcesContent } = JSON.parse(files.get('index.js.map')?.toString() ?? '');
    expect(sources).toContain(`../../lambdas/${step}/handler.ts`);
    expect(sources.filter((source: string) => path.isAbsolute(source))).toEqual([]);
    expect(sourcesContent).toBeUndefined();
    expect(files.get('index.js')?.includes(path.resolve('.'))).toBe(false);
  });

  test('loads with nothing around it and exports a handler', () => {
    const home = path.join(folder, step);
    mkdirSync(home);
    for (const [name, bytes] of files) writeFileSync(path.join(home, name), bytes);
    const script = `process.stdout.write(typeof require(${JSON.stringify(path.join(home, 'index.js'))}).handler)`;
    const type = execFileSync(process.execPath, ['--enable-source-maps', '-e', script], {
      env: ENVIRONMENT,
      encoding: 'utf8',
    });
    expect(type).toBe('function');
  });
});
