import { describeAsJson, describeForPeople } from '../../../cli/results/describe-local-transfer.ts';
import type { TransferOutcome } from '../../../local/local-transfer.ts';
import type { Remains } from '../../../local/remains.ts';
import { judgeWords, namedUploads } from '../../torture/judge-words.ts';
import type { Observed } from '../../torture/observed.ts';

const SOURCE = 'aa'.repeat(32);
const EARLIER = 'cc'.repeat(32);
const UPLOAD = { bucket: 'landing', key: 'k', uploadId: 'u' };

const LEFT: Remains['upload'] = { state: 'left', upload: UPLOAD, parts: 2 };
const UNKNOWN: Remains['upload'] = { state: 'unknown', upload: UPLOAD, reason: '503' };
const failed = (upload: Remains['upload'], object: Remains['object'] = 'none'): TransferOutcome => ({
  status: 'FAILED',
  error: 'UploadFailedError',
  cause: 'why',
  seconds: 1,
  remains: { upload, object },
});
const landed: TransferOutcome = {
  status: 'SUCCEEDED',
  seconds: 1,
  object: {
    bucket: 'landing',
    key: 'k',
    size_bytes: 7,
    parts: 1,
    etag: '"e"',
    checksum_crc64nvme: 'c',
    version_id: null,
  },
};

function observedOf(outcome: TransferOutcome, changes: Partial<Observed>): Observed {
  const printed = { text: describeForPeople(outcome, undefined), json: describeAsJson(outcome, undefined) };
  const nothing = { landed: new Map(), earlier: new Map(), openUploads: [] };
  return { outcome, printed, sourceSha256: SOURCE, sourceBytes: 7, ...nothing, ...changes } as Observed;
}

test.each<[string, TransferOutcome, Partial<Observed>, boolean]>([
  ['it landed', landed, { landed: new Map([['k', SOURCE]]) }, false],
  ['nothing is left', failed({ state: 'gone' }), {}, false],
  [
    'what was there before is still there',
    failed({ state: 'gone' }),
    { landed: new Map([['k', EARLIER]]), earlier: new Map([['k', EARLIER]]) },
    false,
  ],
  ['an upload is left, and said', failed(LEFT), { openUploads: ['u'] }, false],
  ['S3 showed nothing, and that is said', failed(UNKNOWN), { openUploads: ['u'] }, true],
  [
    'the object was made all the same',
    failed({ state: 'gone' }, 'made'),
    { landed: new Map([['k', SOURCE]]) },
    false,
  ],
])('the words are true: %s', (_case, outcome, changes, mayBeUnknown) => {
  expect(judgeWords(observedOf(outcome, changes), mayBeUnknown)).toEqual([]);
});

test.each<[string, TransferOutcome, Partial<Observed>, RegExp]>([
  ['nothing landed', landed, {}, /not the source/],
  [
    'another size',
    landed,
    { landed: new Map([['k', SOURCE]]), sourceBytes: 8 },
    /7 bytes, but the source has 8/,
  ],
  ['an upload is there', failed({ state: 'gone' }), { openUploads: ['u'] }, /no upload is left, but u is/],
  ['it was never started, and is there', failed({ state: 'none' }), { openUploads: ['u'] }, /but u is/],
  ['it was removed all the same', failed(LEFT), {}, /u is left, but it is not/],
  ['S3 does answer', failed(UNKNOWN), {}, /S3 did not answer/],
  ['an object is there', failed({ state: 'gone' }), { landed: new Map([['k', SOURCE]]) }, /but made k/],
  ['no object is there', failed({ state: 'gone' }, 'made'), {}, /there is none/],
  ['the object can be seen', failed({ state: 'gone' }, 'unknown'), {}, /S3 does/],
  ['another outcome', landed, { outcome: failed({ state: 'gone' }) }, /SUCCEEDED, but ended FAILED/],
  [
    'people read something else',
    failed(LEFT),
    { openUploads: ['u'], printed: { text: 'Failed', json: describeAsJson(failed(LEFT), undefined) } },
    /people read: Failed/,
  ],
])('it is noticed when the words are false: %s', (_case, outcome, changes, complaint) => {
  expect(judgeWords(observedOf(outcome, changes), false)).toContainEqual(expect.stringMatching(complaint));
});

test('an upload is named only with the command that removes it', () => {
  const { json, text } = observedOf(failed(LEFT), {}).printed;
  expect(namedUploads({ json, text })).toEqual(['u']);
  expect(namedUploads({ json, text: 'The upload is left' })).toEqual([]);
  expect(namedUploads(observedOf(failed({ state: 'gone' }), {}).printed)).toEqual([]);
});
