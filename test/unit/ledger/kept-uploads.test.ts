import { findKeptUpload, type KeptUpload } from '../../../ledger/kept-uploads.ts';

const upload = (uploadId: string, startedAtMs: number, executions: string[]) =>
  ({ uploadId, startedAtMs, executions }) as KeptUpload;

const uploadsOf = (uploads: KeptUpload[]) => ({
  async *list() {
    yield* uploads;
  },
});

test.each<[string, KeptUpload[], string | undefined]>([
  ['nothing is kept', [], undefined],
  ['uploads of others alone', [upload('a', 1, ['another'])], undefined],
  ['one', [upload('a', 1, ['another']), upload('b', 2, ['first', 'this'])], 'b'],
  ['the newest of two', [upload('a', 2, ['this']), upload('b', 1, ['this'])], 'a'],
  ['the newest of two, listed last', [upload('a', 1, ['this']), upload('b', 2, ['this'])], 'b'],
])('the upload on which an execution has worked: %s', async (_case, uploads, expected) => {
  expect((await findKeptUpload(uploadsOf(uploads), 'this'))?.uploadId).toBe(expected);
});
