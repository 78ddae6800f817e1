import { isKeptAfterEnd } from '../../../../lambdas/abort-upload/keep-after-end.ts';
import { memoryUploads } from '../../../../ledger/partner-uploads.ts';
import { plannedFile, stepRig, UPLOAD } from '../../../support/step-rig.ts';

const never = new AbortController().signal;

function rigWithUpload(error?: string) {
  const rig = stepRig();
  rig.store.start(UPLOAD);
  const uploads = memoryUploads(() => rig.clock.nowMs());
  const ports = { ...rig, uploads, history: { findError: async () => error } };
  const end = (status: string, keepPartsDays: number) =>
    isKeptAfterEnd(
      { execution: 'e', status },
      {
        upload: UPLOAD,
        plan: {
          file: plannedFile(100, { keep_parts_days: keepPartsDays }),
          chunkSizeBytes: 50,
          chunkCount: 2,
          startedAtMs: rig.clock.nowMs(),
        },
      },
      ports,
      never,
    );
  return { end, uploads };
}

async function executionsOf(uploads: ReturnType<typeof memoryUploads>): Promise<string[][]> {
  const executions: string[][] = [];
  for await (const kept of uploads.list()) executions.push(kept.executions);
  return executions;
}

test.each([
  ['a time-out', 'TIMED_OUT', undefined, 3, true],
  ['a time-out where no parts are kept', 'TIMED_OUT', undefined, 0, false],
  ["an operator's stop", 'ABORTED', undefined, 3, false],
  ['a failure without its Catch', 'FAILED', 'States.DataLimitExceeded', 3, true],
  ['a source that changed', 'FAILED', 'SourceChangedError', 3, false],
])('%s', async (_case, status, error, days, expected) => {
  const { end, uploads } = rigWithUpload(error);

  expect(await end(status, days)).toBe(expected);

  expect(await executionsOf(uploads)).toEqual(expected ? [['e']] : []);
});

test('what the Catch has kept stays kept', async () => {
  const { end, uploads } = rigWithUpload('SftpConnectionError');
  await end('TIMED_OUT', 3);

  expect(await end('FAILED', 0)).toBe(true);
  expect(await executionsOf(uploads)).toEqual([['e']]);
});
