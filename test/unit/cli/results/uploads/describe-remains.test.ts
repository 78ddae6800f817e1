import { remainsAsJson, remainsForPeople } from '../../../../../cli/results/uploads/describe-remains.ts';
import type { Remains } from '../../../../../local/remains.ts';

const upload = { bucket: 'landing', key: "in/it's.bin", uploadId: 'u-1' };
const ABORT = `aws s3api abort-multipart-upload --bucket landing --key 'in/it'\\''s.bin' --upload-id 'u-1'`;

test.each<[string, Remains, string, Record<string, unknown>]>([
  [
    'nothing was started',
    { upload: { state: 'none' }, object: 'none' },
    'No object was made.\nNo upload had been started.',
    { upload: 'none', object: 'none' },
  ],
  [
    'the upload is gone',
    { upload: { state: 'gone' }, object: 'none' },
    'No object was made.\nNo upload is left: S3 was asked.',
    { upload: 'gone', object: 'none' },
  ],
  [
    'it was completed before the stop',
    { upload: { state: 'gone' }, object: 'made' },
    'The object was made all the same: S3 has it under the key.\nNo upload is left: S3 was asked.',
    { upload: 'gone', object: 'made' },
  ],
  [
    'the upload is left',
    { upload: { state: 'left', upload, parts: 1 }, object: 'none' },
    `No object was made.\nThe upload is left, with 1 part, which cost storage. To remove it:\n  ${ABORT}`,
    { upload: 'left', object: 'none', bucket: 'landing', key: "in/it's.bin", upload_id: 'u-1' },
  ],
  [
    'S3 did not answer',
    { upload: { state: 'unknown', upload, reason: 'no answer' }, object: 'unknown' },
    `S3 did not answer whether an object was made.\nS3 did not answer whether the upload is left (no answer). To remove it:\n  ${ABORT}`,
    { upload: 'unknown', object: 'unknown', bucket: 'landing', key: "in/it's.bin", upload_id: 'u-1' },
  ],
])('%s', (_name, remains, words, fields) => {
  expect(remainsForPeople(remains).join('\n')).toBe(words);
  expect(remainsAsJson(remains)).toEqual(fields);
});

test('a store that is not AWS is named in the command', () => {
  const remains: Remains = { upload: { state: 'left', upload, parts: 1 }, object: 'none' };
  expect(remainsForPeople(remains, 'http://127.0.0.1:9000').at(-1)).toBe(
    `  aws s3api abort-multipart-upload --endpoint-url 'http://127.0.0.1:9000' --bucket landing --key 'in/it'\\''s.bin' --upload-id 'u-1'`,
  );
});
