import { copyClaimed } from '../../../../lambdas/copy-batch/claimed-file.ts';
import { openSqliteLedger } from '../../../../ledger/sqlite/sqlite-ledger.ts';
import { SourcePermissionError, UploadFailedError } from '../../../../transfer/errors.ts';
import { never } from '../../../support/sftp/partner.ts';

const FILE = { path: 'a.csv', sizeBytes: 3, modifiedAtSeconds: 1_700_000_000 };
const MAX_FAILURES = 5;

/** Runs over a folder with one file, one after the other, whose copy ends so. */
async function runs(count: number, copyError: Error) {
  const ledger = await openSqliteLedger({ file: ':memory:', collection: 'daily', nowMs: Date.now });
  const copy = (owner: string, work: Parameters<typeof copyClaimed>[4]) =>
    copyClaimed(
      FILE,
      {
        rootPath: '/in',
        bucket: 'landing',
        keyOf: () => 'a.csv',
        ifExists: 'replace',
        runId: owner,
        afterProof: 'none',
        maxFailures: MAX_FAILURES,
        redelivery: 'by-identity',
      },
      { owner, leaseMs: 60_000, isFatal: () => false },
      {
        ledger,
        store: { headObject: async () => undefined },
        serverUrl: 'sftp://partner',
        newId: () => owner,
      },
      work,
      never,
    );
  for (let run = 1; run <= count; run += 1) {
    expect(await copy(`run-${run}`, () => Promise.reject(copyError))).toMatchObject({ status: 'failed' });
  }
  const last = await copy('last', async () => ({ bucket: 'landing', key: 'a.csv', etag: '"e"' }));
  await ledger.close();
  return last;
}

test.each([
  ['S3 does not answer', new UploadFailedError('503')],
  ['our role lacks a permission', Object.assign(new Error('403'), { name: 'AccessDenied' })],
])('a file lands after any number of runs in which %s', async (_name, error) => {
  expect(await runs(2 * MAX_FAILURES, error)).toMatchObject({ status: 'landed' });
});

test('a file that fails by itself is passed over after the last try', async () => {
  expect(await runs(MAX_FAILURES, new SourcePermissionError('no'))).toEqual({
    path: 'a.csv',
    status: 'not-claimed',
    reason: 'failed-too-often',
  });
});
