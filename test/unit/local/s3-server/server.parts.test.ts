import { readdirSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type S3Server, startS3Server } from '../../../../local/s3-server/server.ts';
import { elements, RawS3 } from '../../../support/s3/raw-s3.ts';
import { temporaryDirectory } from '../../../support/temporary-directory.ts';

const CHECK = Buffer.from('123456789');
const CHECK_CRC64NVME = 'rosUhgp5mIg=';
const CHECK_MD5 = 'JfnnlDI7RTiF9RgfG2JNCw==';

describe('UploadPart', () => {
  const directory = temporaryDirectory();
  let server: S3Server;
  let s3: RawS3;
  let uploadId: string;
  const partPath = (partNumber: number | string = 1) =>
    `/landing/key?partNumber=${partNumber}&uploadId=${uploadId}`;
  const listed = async () => {
    const { body } = await s3.send('GET', `/landing/key?uploadId=${uploadId}`);
    return elements(body, 'PartNumber');
  };

  beforeAll(async () => {
    server = await startS3Server({ directory });
    s3 = new RawS3(server.endpoint);
    await s3.send('PUT', '/landing');
  });
  afterAll(() => server.close());
  beforeEach(async () => {
    uploadId = await s3.createUpload('/landing/key');
  });

  test.each([
    ['no digest', {}],
    ['Content-MD5', { 'content-md5': CHECK_MD5 }],
    ['a checksum', { 'x-amz-checksum-crc64nvme': CHECK_CRC64NVME }],
    ['an unsigned payload', { 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' }],
  ])('takes a part with %s', async (_name, headers) => {
    const answer = await s3.send('PUT', partPath(), { headers, body: CHECK });
    expect(answer).toMatchObject({
      status: 200,
      headers: {
        etag: expect.stringMatching(/^"[0-9a-f]{32}"$/),
        'x-amz-checksum-crc64nvme': CHECK_CRC64NVME,
      },
    });
    await expect(listed()).resolves.toEqual(['1']);
  });

  const sdkHeaders = {
    'content-encoding': 'aws-chunked',
    'x-amz-content-sha256': 'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
    'x-amz-decoded-content-length': 9,
    'x-amz-trailer': 'x-amz-checksum-crc64nvme',
  };
  const framed = (trailer: string) => `9\r\n123456789\r\n0\r\n${trailer}\r\n`;

  test('takes an aws-chunked part with its trailer', async () => {
    const body = framed(`x-amz-checksum-crc64nvme:${CHECK_CRC64NVME}\r\n`);
    const answer = await s3.send('PUT', partPath(), { headers: sdkHeaders, body });
    expect(answer).toMatchObject({ status: 200, headers: { 'x-amz-checksum-crc64nvme': CHECK_CRC64NVME } });
  });

  test.each([
    ['another MD5', 400, 'BadDigest', { 'content-md5': '1B2M2Y8AsgTpgAmY7PhCfg==' }, CHECK],
    ['another checksum', 400, 'BadDigest', { 'x-amz-checksum-crc64nvme': 'AAAAAAAAAAA=' }, CHECK],
    ['another SHA-256', 400, 'XAmzContentSHA256Mismatch', { 'x-amz-content-sha256': 'ab'.repeat(32) }, CHECK],
    ['a checksum of another algorithm', 400, 'InvalidRequest', { 'x-amz-checksum-crc32': 'y/Q5Jg==' }, CHECK],
    [
      'another checksum in the trailer',
      400,
      'BadDigest',
      sdkHeaders,
      framed('x-amz-checksum-crc64nvme:AAAAAAAAAAA=\r\n'),
    ],
    ['no trailer where one was announced', 400, 'MalformedTrailerError', sdkHeaders, framed('')],
    [
      'fewer bytes than announced',
      400,
      'IncompleteBody',
      { ...sdkHeaders, 'x-amz-decoded-content-length': 10 },
      framed(`x-amz-checksum-crc64nvme:${CHECK_CRC64NVME}\r\n`),
    ],
    [
      'more bytes than announced',
      400,
      'IncompleteBody',
      { ...sdkHeaders, 'x-amz-decoded-content-length': 8 },
      framed(`x-amz-checksum-crc64nvme:${CHECK_CRC64NVME}\r\n`),
    ],
    [
      'more than 5 GiB',
      400,
      'EntityTooLarge',
      { ...sdkHeaders, 'x-amz-decoded-content-length': 5 * 1024 ** 3 + 1 },
      framed(''),
    ],
    ['a body without length', 411, 'MissingContentLength', { 'transfer-encoding': 'chunked' }, CHECK],
  ])('refuses %s, and has no part of it', async (_name, status, code, headers, body) => {
    await expect(s3.send('PUT', partPath(), { headers, body })).resolves.toMatchObject({ status, code });
    await expect(listed()).resolves.toEqual([]);
    expect(readdirSync(join(directory, 'uploads', uploadId))).toEqual([]);
  });

  test('answers a body that is wrong while most of it is still on its way, and serves the connection on', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const connection = new RawS3(server.endpoint, agent);
    const headers = { ...sdkHeaders, 'x-amz-decoded-content-length': 20_000_000 };
    const body = `no framing\r\n${'x'.repeat(20_000_000)}`;
    await expect(connection.send('PUT', partPath(), { headers, body })).resolves.toMatchObject({
      status: 400,
      code: 'IncompleteBody',
    });
    await expect(connection.send('HEAD', '/landing')).resolves.toMatchObject({ status: 200 });
    agent.destroy();
  });

  test.each(['0', '10001', '-1', 'one', ''])('refuses part number %j', async (partNumber) => {
    await expect(s3.send('PUT', partPath(partNumber), { body: CHECK })).resolves.toMatchObject({
      status: 400,
      code: 'InvalidArgument',
    });
  });

  test('takes part number 10000', async () => {
    await s3.send('PUT', partPath(10_000), { body: CHECK });
    await expect(listed()).resolves.toEqual(['10000']);
  });

  test('refuses any checksum where the upload was created without one', async () => {
    uploadId = await s3.createUpload('/landing/key', {});
    const headers = { 'x-amz-checksum-crc64nvme': CHECK_CRC64NVME };
    await expect(s3.send('PUT', partPath(), { headers, body: CHECK })).resolves.toMatchObject({
      code: 'InvalidRequest',
      body: expect.stringContaining('expected checksum Type: null, actual checksum Type: crc64nvme'),
    });
    await expect(s3.send('PUT', partPath(), { body: CHECK })).resolves.toMatchObject({ status: 200 });
  });

  test('does not find the upload under another key or bucket', async () => {
    await s3.send('PUT', '/other-bucket');
    const target = `?partNumber=1&uploadId=${uploadId}`;
    for (const path of ['/landing/another', '/other-bucket/key']) {
      await expect(s3.send('PUT', path + target, { body: CHECK })).resolves.toMatchObject({
        code: 'NoSuchUpload',
      });
    }
  });

  test('refuses a client that waits for 100 Continue before it sends', async () => {
    const headers = { expect: '100-continue', 'content-length': 9 };
    let isContinued = false;
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const sent = request(`${server.endpoint}/landing/key?partNumber=1&uploadId=gone`, {
        method: 'PUT',
        headers,
        agent: false,
      });
      sent.on('continue', () => {
        isContinued = true;
      });
      sent.on('response', (response) => {
        resolve(response.statusCode);
        sent.destroy();
      });
      sent.on('error', reject);
      sent.flushHeaders();
    });
    expect({ status, isContinued }).toEqual({ status: 404, isContinued: false });
  });

  test('keeps nothing of a part whose client goes away', async () => {
    const sent = request(`${server.endpoint}${partPath()}`, {
      method: 'PUT',
      headers: { 'content-length': 1_000_000 },
      agent: false,
    });
    sent.on('error', () => {});
    sent.write(Buffer.alloc(500_000));
    await until(() => readdirSync(join(directory, 'uploads', uploadId)).length === 1);
    sent.destroy();
    await until(() => readdirSync(join(directory, 'uploads', uploadId)).length === 0);
    await expect(listed()).resolves.toEqual([]);
  });

  test('says NoSuchUpload to a part that is on its way when the upload is aborted', async () => {
    const headers = { 'content-length': 200_000 };
    const answered = new Promise<number | undefined>((resolve, reject) => {
      const sent = request(`${server.endpoint}${partPath()}`, { method: 'PUT', headers, agent: false });
      sent.on('response', (response) => resolve(response.resume().statusCode));
      sent.on('error', reject);
      sent.write(Buffer.alloc(100_000));
      until(() => readdirSync(join(directory, 'uploads', uploadId)).length === 1)
        .then(() => s3.send('DELETE', `/landing/key?uploadId=${uploadId}`))
        .then(() => sent.end(Buffer.alloc(100_000)))
        .catch(reject);
    });
    await expect(answered).resolves.toBe(404);
    expect(readdirSync(join(directory, 'uploads'))).not.toContain(uploadId);
  });
});

describe('CreateMultipartUpload', () => {
  const directory = temporaryDirectory();
  let server: S3Server;
  let s3: RawS3;
  beforeAll(async () => {
    server = await startS3Server({ directory });
    s3 = new RawS3(server.endpoint);
    await s3.send('PUT', '/landing');
  });
  afterAll(() => server.close());

  test.each([
    ['a bucket that does not exist', '/nowhere/key', {}, 'NoSuchBucket'],
    [
      'an algorithm that it has not',
      '/landing/key',
      { 'x-amz-checksum-algorithm': 'CRC32' },
      'NotImplemented',
    ],
    [
      'a composite checksum of CRC64NVME',
      '/landing/key',
      { 'x-amz-checksum-algorithm': 'CRC64NVME', 'x-amz-checksum-type': 'COMPOSITE' },
      'InvalidRequest',
    ],
    ['metadata over 2,048 bytes', '/landing/key', { 'x-amz-meta-a': 'v'.repeat(2_048) }, 'MetadataTooLarge'],
  ])('refuses %s', async (_name, path, headers, code) => {
    await expect(s3.send('POST', `${path}?uploads`, { headers })).resolves.toMatchObject({ code });
  });

  test('takes metadata of 2,048 bytes', async () => {
    const headers = { 'x-amz-meta-a': 'v'.repeat(2_047) };
    await expect(s3.send('POST', '/landing/key?uploads', { headers })).resolves.toMatchObject({
      status: 200,
    });
  });
});

const POLL_MS = 10;
const DEADLINE_MS = 5_000;

async function until(isTrue: () => boolean): Promise<void> {
  for (let waitedMs = 0; !isTrue(); waitedMs += POLL_MS) {
    if (waitedMs > DEADLINE_MS) throw new Error('it did not come true');
    await sleep(POLL_MS);
  }
}
