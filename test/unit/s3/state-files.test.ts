import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { S3Client } from '@aws-sdk/client-s3';
import { createS3Client } from '../../../s3/client.ts';
import { S3StateFiles } from '../../../s3/state-files.ts';

// What no store does on demand: answers that get lost, and races.

const never = new AbortController().signal;
const NEW = Buffer.from('what this run writes');
let server: Server | undefined;
let client: S3Client | undefined;

afterEach(async () => {
  client?.destroy();
  server?.closeAllConnections();
  await new Promise((resolve) => server?.close(resolve));
});

async function filesOn(answer: (request: IncomingMessage, response: ServerResponse) => void) {
  const started = createServer((request, response) => {
    request.resume().on('end', () => answer(request, response));
  });
  server = started;
  await new Promise<void>((resolve) => started.listen(0, '127.0.0.1', resolve));
  client = createS3Client({
    endpoint: `http://127.0.0.1:${(started.address() as AddressInfo).port}`,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  });
  return new S3StateFiles(client, 'state');
}

function answerXml(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, { 'content-type': 'application/xml' });
  response.end(body);
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
