import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { type S3Server, startS3Server } from '../../../../local/s3-server/server.ts';
import { elements, RawS3 } from '../../../support/s3/raw-s3.ts';
import { temporaryDirectory } from '../../../support/temporary-directory.ts';

const PART_SIZE_BYTES = 5 * 1024 ** 2;
/** Of 5 MiB of zero bytes and '123456789'; bit by bit, in another language. */
const OBJECT_CRC64NVME = '2Cx3jK5cd8E=';

const directory = temporaryDirectory();
let server: S3Server;
let s3: RawS3;

beforeAll(async () => {
  // So short an interval that every completion of several megabytes is a long one.
  server = await startS3Server({ directory, keepAliveIntervalMs: 1 });
  s3 = new RawS3(server.endpoint);
  await s3.send('PUT', '/landing');
});
afterAll(() => server.close());

/** An upload of 5 MiB and nine bytes. */
async function upload(key: string, to = s3) {
  const path = `/landing/${key}`;
  const uploadId = await to.createUpload(path);
  const etags: string[] = [];
  for (const [index, body] of [Buffer.alloc(PART_SIZE_BYTES), Buffer.from('123456789')].entries()) {
    const { headers } = await to.send('PUT', `${path}?partNumber=${index + 1}&uploadId=${uploadId}`, {
      body,
    });
    etags.push(String(headers.etag));
  }
  const parts = etags.map(
    (etag, index) => `<Part><PartNumber>${index + 1}</PartNumber><ETag>${etag}</ETag></Part>`,
  );
  const complete = (
    headers = {},
    body = `<CompleteMultipartUpload>${parts.join('')}</CompleteMultipartUpload>`,
  ) => to.send('POST', `${path}?uploadId=${uploadId}`, { headers, body });
  return { path, uploadId, etags, complete };
}

test('keeps the connection of a long completion alive, and then answers', async () => {
  const { complete } = await upload('long');
  const { status, headers, body } = await complete({
    'x-amz-checksum-crc64nvme': OBJECT_CRC64NVME,
    'x-amz-checksum-type': 'FULL_OBJECT',
    'x-amz-mp-object-size': PART_SIZE_BYTES + 9,
  });
  expect(status).toBe(200);
  expect(headers).not.toHaveProperty('content-length');
  expect(body).toMatch(/^<\?xml version="1.0" encoding="UTF-8"\?>\n+<CompleteMultipartUploadResult /);
  expect(elements(body, 'ChecksumCRC64NVME')).toEqual([OBJECT_CRC64NVME]);
  expect(elements(body, 'ETag')).toEqual([expect.stringMatching(/^&#x22;[0-9a-f]{32}-2&#x22;$/)]);
});

test('combines the checksum of the parts where told to, to the same value', async () => {
  const other = await startS3Server({ directory: join(directory, 'combining'), checksumFrom: 'parts' });
  try {
    const raw = new RawS3(other.endpoint);
    await raw.send('PUT', '/landing');
    const { complete } = await upload('combined', raw);
    const { status, body } = await complete({ 'x-amz-checksum-crc64nvme': OBJECT_CRC64NVME });
    expect(status).toBe(200);
    expect(elements(body, 'ChecksumCRC64NVME')).toEqual([OBJECT_CRC64NVME]);
  } finally {
    await other.close();
  }
});

test('leaves of an upload nothing but the object', async () => {
  const { path, uploadId, complete } = await upload('whole');
  await complete();
  expect(existsSync(join(directory, 'uploads', uploadId))).toBe(false);
  expect(readdirSync(join(directory, 'incoming'))).toEqual([]);
  const bytes = readFileSync(server.objectPath('landing', 'whole'));
  expect(bytes.equals(Buffer.concat([Buffer.alloc(PART_SIZE_BYTES), Buffer.from('123456789')]))).toBe(true);
  await expect(s3.send('GET', `${path}?uploadId=${uploadId}`)).resolves.toMatchObject({
    code: 'NoSuchUpload',
  });
});

test('puts an error inside the 200 once it has begun to answer, and leaves the upload open', async () => {
  const { path, complete } = await upload('refused');
  const answer = await complete({ 'x-amz-checksum-crc64nvme': 'AAAAAAAAAAA=' });
  expect(answer).toMatchObject({ status: 200, code: 'BadDigest', body: expect.stringMatching(/<\/Error>$/) });
  await expect(s3.send('HEAD', path)).resolves.toMatchObject({ status: 404 });
  expect(readdirSync(join(directory, 'incoming'))).toEqual([]);
  await complete();
  await expect(s3.send('HEAD', path)).resolves.toMatchObject({ status: 200 });
});

test('leaves the upload open when its parts cannot be read', async () => {
  const { path, uploadId, complete } = await upload('unreadable');
  const folder = join(directory, 'uploads', uploadId);
  for (const name of readdirSync(folder)) rmSync(join(folder, name));
  await expect(complete()).resolves.toMatchObject({ code: 'InternalError' });
  await expect(s3.send('GET', `${path}?uploadId=${uploadId}`)).resolves.toMatchObject({ status: 200 });
});

test('of two completions at once, one makes the object and the other finds no upload', async () => {
  const { path, complete } = await upload('twice');
  const codes = (await Promise.all([complete(), complete()])).map(({ code }) => code);
  expect(codes.sort()).toEqual(['NoSuchUpload', undefined]);
  await expect(s3.send('HEAD', path)).resolves.toMatchObject({ status: 200 });
});

test('goes on when its client goes away', async () => {
  const { path, uploadId, etags } = await upload('deserted');
  const parts = etags.map(
    (etag, index) => `<Part><PartNumber>${index + 1}</PartNumber><ETag>${etag}</ETag></Part>`,
  );
  const sent = request(`${server.endpoint}${path}?uploadId=${uploadId}`, { method: 'POST', agent: false });
  sent.on('error', () => {});
  sent.on('response', () => sent.destroy());
  sent.end(`<CompleteMultipartUpload>${parts.join('')}</CompleteMultipartUpload>`);
  for (;;) {
    const { status } = await s3.send('HEAD', path);
    if (status === 200) break;
  }
});

test.each([
  ['parts in another order', [2, 1], ['e2', 'e1'], 'InvalidPartOrder'],
  ['a part twice', [1, 1], ['e1', 'e1'], 'InvalidPartOrder'],
  ['a part that never came', [1, 3], ['e1', 'e2'], 'InvalidPart'],
  ["another part's ETag", [1, 2], ['e1', 'e1'], 'InvalidPart'],
])('refuses %s', async (_name, numbers, names, code) => {
  const { path, uploadId, etags, complete } = await upload('order');
  const named: Record<string, string | undefined> = { e1: etags[0], e2: etags[1] };
  const parts = numbers.map(
    (number, index) =>
      `<Part><PartNumber>${number}</PartNumber><ETag>${named[String(names[index])]}</ETag></Part>`,
  );
  const body = `<CompleteMultipartUpload>${parts.join('')}</CompleteMultipartUpload>`;
  await expect(complete({}, body)).resolves.toMatchObject({ status: 400, code });
  await expect(s3.send('GET', `${path}?uploadId=${uploadId}`)).resolves.toMatchObject({ status: 200 });
});

test.each([
  ['no XML', {}, 'parts', 400, 'MalformedXML'],
  ['another size', { 'x-amz-mp-object-size': PART_SIZE_BYTES }, undefined, 400, 'InvalidRequest'],
  ['a CRC32', { 'x-amz-checksum-crc32': 'AAAAAA==' }, undefined, 400, 'InvalidRequest'],
  [
    'a composite checksum',
    { 'x-amz-checksum-crc64nvme': OBJECT_CRC64NVME, 'x-amz-checksum-type': 'COMPOSITE' },
    undefined,
    400,
    'InvalidRequest',
  ],
  ['another condition', { 'if-match': '"abc"' }, undefined, 501, 'NotImplemented'],
])('refuses %s', async (_name, headers, body, status, code) => {
  const { path, uploadId, complete } = await upload('strict');
  await expect(complete(headers, body)).resolves.toMatchObject({ status, code });
  await expect(s3.send('GET', `${path}?uploadId=${uploadId}`)).resolves.toMatchObject({ status: 200 });
});
