import { describeRemains } from '../../../../lambdas/notify-outcome/upload-remains.ts';

const upload = { upload_id: 'u' };

test.each<[string, unknown, RegExp]>([
  ['no state at the end', undefined, /^It ended without its own cleanup/],
  ['a state that cannot be read', 'cut off', /^It ended without its own cleanup/],
  ['no upload yet', { request: {} }, /No upload had been started/],
  [
    'an upload that was removed',
    { upload, abort: { aborted_uploads: 1 } },
    /parts of its upload were removed/,
  ],
  ['an upload that was gone', { upload, abort: { aborted_uploads: 0 } }, /^S3 had no upload left/],
  ['an abort that failed', { upload, abort_error: { Error: 'x' } }, /Removing the parts failed/],
  [
    'parts that are kept',
    { upload, error: { Error: 'x', keep_until: '2026-12-03T04:00:00.000Z' } },
    /finished parts are kept/,
  ],
  [
    'parts that could not be kept and were removed',
    { upload, keep_error: {}, error: { Error: 'x' }, abort: { aborted_uploads: 1 } },
    /parts of its upload were removed/,
  ],
  [
    'a resume that failed at once',
    { upload, error: { Error: 'x' } },
    /of the earlier transfer are still kept/,
  ],
])('%s', (_what, state, expected) => {
  expect(describeRemains(state)).toMatch(expected);
});
