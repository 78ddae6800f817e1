import type { IncomingMessage, ServerResponse } from 'node:http';
import { S3StateFiles } from '../../../s3/state-files.ts';
import { answerXml, type OddS3, startOddS3 } from '../../support/s3/odd-s3.ts';

// What no store does on demand: answers that get lost, and races.

const never = new AbortController().signal;
const NEW = Buffer.from('what this run writes');
let odd: OddS3 | undefined;
afterEach(() => odd?.close());

async function filesOn(answer: (request: IncomingMessage, response: ServerResponse) => void) {
  odd = await startOddS3((request, response) => request.resume().on('end', () => answer(request, response)), {
    maxAttempts: 1,
  });
  return new S3StateFiles(odd.client, 'state');
}

const LISTED = '<ListBucketResult><Contents><Key>a</Key></Contents></ListBucketResult>';

describe.each([
  [412, 'PreconditionFailed'],
  [409, 'ConditionalRequestConflict'],
  [404, 'NoSuchKey'],
])('a conditional write that S3 answers with %d %s', (status, code) => {
  const filesWith = (present: Buffer) =>
    filesOn((request, response) => {
      if (request.method === 'PUT') answerXml(response, status, `<Error><Code>${code}</Code></Error>`);
      else if (request.url?.includes('list-type')) answerXml(response, 200, LISTED);
      else response.end(present);
    });

  test('was lost to another writer, whose bytes are there', async () => {
    const files = await filesWith(Buffer.from('of another run'));
    expect(await files.write('a', NEW, never, { replaces: undefined })).toBe(false);
  });

  test('had been made before, and its answer lost, where its own bytes are there', async () => {
    const files = await filesWith(NEW);
    expect(await files.write('a', NEW, never, { replaces: '"1"' })).toBe(true);
  });
});

test('a listing whose pages do not go on is refused, and not read for ever', async () => {
  let asked = 0;
  const files = await filesOn((_request, response) => {
    asked += 1;
    const token = '<NextContinuationToken>same</NextContinuationToken>';
    answerXml(response, 200, LISTED.replace('</ListBucketResult>', `${token}</ListBucketResult>`));
  });
  const all = async () => {
    for await (const _key of files.list('', never));
  };
  await expect(all()).rejects.toMatchObject({ name: 'UploadFailedError' });
  expect(asked).toBe(2);
});
