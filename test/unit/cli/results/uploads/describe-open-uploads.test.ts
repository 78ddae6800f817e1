import { openUploadsForPeople } from '../../../../../cli/results/uploads/describe-open-uploads.ts';

const target = { bucket: 'landing', key: "it's" };

test('nothing is said where nothing is open', () => {
  expect(openUploadsForPeople([])).toEqual([]);
});

test('each open upload is named with the command that removes it', () => {
  const startedAt = new Date('2026-11-25T01:02:03.456Z');
  expect(
    openUploadsForPeople([
      { ...target, uploadId: 'one', startedAt },
      { ...target, uploadId: 'two', startedAt: undefined },
    ]),
  ).toEqual([
    "S3 has 2 open uploads of s3://landing/it's from before. Unless another transfer to this key is running, an " +
      'earlier one was cut off, and the parts cost storage. To remove:',
    `  aws s3api abort-multipart-upload --bucket landing --key 'it'\\''s' --upload-id 'one'  # started 2026-11-25T01:02:03Z`,
    `  aws s3api abort-multipart-upload --bucket landing --key 'it'\\''s' --upload-id 'two'`,
  ]);
});
