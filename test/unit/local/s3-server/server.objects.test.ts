import { readFileSync, rmSync } from 'node:fs';
import { relative } from 'node:path';
import { type S3Server, startS3Server } from '../../../../local/s3-server/server.ts';
import { elements, RawS3 } from '../../../support/s3/raw-s3.ts';
import { temporaryDirectory } from '../../../support/temporary-directory.ts';

const DIGITS = '0123456789';

describe('objects', () => {
  const directory = temporaryDirectory();
  let server: S3Server;
  let s3: RawS3;

  beforeAll(async () => {
    server = await startS3Server({ directory });
    s3 = new RawS3(server.endpoint);
    await s3.send('PUT', '/landing');
    await s3.send('PUT', '/landing/digits', {
      headers: { 'content-type': 'text/plain', 'x-amz-meta-origin': 'sftp://partner' },
      body: DIGITS,
    });
  });
  afterAll(() => server.close());

  test('PutObject gives MD5 and checksum, HeadObject and GetObject all that was put', async () => {
    const put = await s3.send('PUT', '/landing/check', { body: '123456789' });
    expect(put).toMatchObject({
      status: 200,
      headers: { etag: '"25f9e794323b453885f5181f1b624d0b"', 'x-amz-checksum-crc64nvme': 'rosUhgp5mIg=' },
    });
    const headers = { 'x-amz-checksum-mode': 'ENABLED' };
    const expected = {
      status: 200,
      headers: {
        'content-length': '10',
        'content-type': 'text/plain',
        'last-modified': expect.stringMatching(/GMT$/),
        'x-amz-meta-origin': 'sftp://partner',
        'x-amz-checksum-crc64nvme': expect.stringMatching(/^.{11}=$/),
        'x-amz-checksum-type': 'FULL_OBJECT',
      },
    };
    await expect(s3.send('HEAD', '/landing/digits', { headers })).resolves.toMatchObject({
      ...expected,
      body: '',
    });
    await expect(s3.send('GET', '/landing/digits', { headers })).resolves.toMatchObject({
      ...expected,
      body: DIGITS,
    });
  });

  test('shows no checksum unasked', async () => {
    const { headers } = await s3.send('HEAD', '/landing/digits');
    expect(headers).not.toHaveProperty('x-amz-checksum-crc64nvme');
  });

  test.each([
    ['CRC32', 'x-amz-checksum-crc32', 'y/Q5Jg=='],
    ['SHA1', 'x-amz-checksum-sha1', '98O8HYCOBHMq32eZZczDTKeuNEE='],
    ['SHA256', 'x-amz-checksum-sha256', 'FeKw08M4keuw8e9gnsQZQgwg4yDOlMZfvIwzEkSOsiU='],
  ])('verifies %s', async (_name, header, value) => {
    const headers = { [header]: value };
    await expect(s3.send('PUT', '/landing/c', { headers, body: '123456789' })).resolves.toMatchObject({
      status: 200,
      headers,
    });
    await expect(s3.send('PUT', '/landing/c', { headers, body: '123456780' })).resolves.toMatchObject({
      status: 400,
      code: 'BadDigest',
    });
  });

  test('a zero-byte object', async () => {
    await s3.send('PUT', '/landing/empty', { headers: { 'content-length': 0 } });
    await expect(s3.send('GET', '/landing/empty')).resolves.toMatchObject({
      status: 200,
      headers: { 'content-length': '0', etag: '"d41d8cd98f00b204e9800998ecf8427e"' },
      body: '',
    });
  });

  test.each([
    ['bytes=2-4', 206, '234', 'bytes 2-4/10'],
    ['bytes=-1', 206, '9', 'bytes 9-9/10'],
    ['bytes=8-', 206, '89', 'bytes 8-9/10'],
    ['bytes=0-999', 206, DIGITS, 'bytes 0-9/10'],
    ['chars=0-1', 200, DIGITS, undefined],
  ])('GetObject of %s', async (range, status, body, contentRange) => {
    const answer = await s3.send('GET', '/landing/digits', {
      headers: { range, 'x-amz-checksum-mode': 'ENABLED' },
    });
    expect(answer).toMatchObject({ status, body });
    expect(answer.headers['content-range']).toBe(contentRange);
    expect('x-amz-checksum-crc64nvme' in answer.headers).toBe(status === 200);
  });

  test('If-None-Match: * lets an object stand', async () => {
    const headers = { 'if-none-match': '*' };
    await expect(s3.send('PUT', '/landing/digits', { headers, body: 'x' })).resolves.toMatchObject({
      status: 412,
      code: 'PreconditionFailed',
    });
    await expect(s3.send('GET', '/landing/digits')).resolves.toMatchObject({ body: DIGITS });
    await expect(s3.send('PUT', '/landing/absent', { headers, body: 'x' })).resolves.toMatchObject({
      status: 200,
    });
  });

  test('of many writers that want it absent, one wins', async () => {
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, index) =>
        s3.send('PUT', '/landing/once', { headers: { 'if-none-match': '*' }, body: `writer ${index}` }),
      ),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([
      200,
      ...Array.from({ length: 7 }, () => 412),
    ]);
    const winner = answers.findIndex(({ status }) => status === 200);
    await expect(s3.send('GET', '/landing/once')).resolves.toMatchObject({ body: `writer ${winner}` });
  });

  test('a reader sees whole objects only, while writers replace them', async () => {
    const contents = ['a', 'b', 'c'].map((letter) => letter.repeat(300_000));
    await s3.send('PUT', '/landing/busy', { body: String(contents[0]) });
    const writers = Array.from({ length: 12 }, (_, index) =>
      s3.send('PUT', '/landing/busy', { body: String(contents[index % contents.length]) }),
    );
    const readers = Array.from({ length: 24 }, () => s3.send('GET', '/landing/busy'));
    await Promise.all(writers);
    for (const { status, body } of await Promise.all(readers)) {
      expect(status).toBe(200);
      expect(contents).toContain(body);
    }
  });

  test('DeleteObject removes it, and does not mind its absence', async () => {
    await s3.send('PUT', '/landing/doomed', { body: 'x' });
    await expect(s3.send('DELETE', '/landing/doomed')).resolves.toMatchObject({ status: 204 });
    await expect(s3.send('GET', '/landing/doomed')).resolves.toMatchObject({
      status: 404,
      code: 'NoSuchKey',
    });
    await expect(s3.send('DELETE', '/landing/doomed')).resolves.toMatchObject({ status: 204 });
  });

  test('objectPath names the file with the bytes, inside the folder whatever the key', async () => {
    await s3.send('PUT', '/landing/..%2F..%2F..%2Fetc%2Fevil', { body: 'inside' });
    const path = server.objectPath('landing', '../../../etc/evil');
    expect(readFileSync(path, 'utf8')).toBe('inside');
    expect(relative(directory, path)).not.toMatch(/^\.\./);
    expect(() => server.objectPath('landing', 'nothing')).toThrow('ENOENT');
  });

  test('an object whose file was taken away is an error, not an endless search', async () => {
    await s3.send('PUT', '/landing/robbed', { body: 'x' });
    rmSync(server.objectPath('landing', 'robbed'));
    await expect(s3.send('GET', '/landing/robbed')).resolves.toMatchObject({
      status: 500,
      code: 'InternalError',
    });
  });

  test.each([
    ['GET', '/landing/nothing', 404, 'NoSuchKey'],
    ['GET', '/nowhere/key', 404, 'NoSuchBucket'],
    ['PUT', '/nowhere/key', 404, 'NoSuchBucket'],
    ['DELETE', '/nowhere/key', 404, 'NoSuchBucket'],
    ['HEAD', '/landing/nothing', 404, undefined],
    ['HEAD', '/nowhere', 404, undefined],
    ['GET', '/landing/digits?acl', 501, 'NotImplemented'],
    ['PUT', '/landing/digits?tagging', 501, 'NotImplemented'],
    ['POST', '/landing/digits', 501, 'NotImplemented'],
    ['PUT', '/landing', 409, 'BucketAlreadyOwnedByYou'],
    ['PUT', '/La', 400, 'InvalidBucketName'],
  ])('%s %s is answered %d %s', async (method, path, status, code) => {
    await expect(s3.send(method, path)).resolves.toMatchObject({ status, code });
  });

  test('a range beyond the end is answered 416', async () => {
    await expect(
      s3.send('GET', '/landing/digits', { headers: { range: 'bytes=10-' } }),
    ).resolves.toMatchObject({
      status: 416,
      code: 'InvalidRange',
    });
  });
});

describe('listings', () => {
  const directory = temporaryDirectory();
  let server: S3Server;
  let s3: RawS3;

  beforeAll(async () => {
    server = await startS3Server({ directory });
    s3 = new RawS3(server.endpoint);
    await s3.send('PUT', '/landing');
    // U+FFFD and U+1F69A: in UTF-16 the second sorts first, in UTF-8, as S3 sorts, last.
    for (const key of ['b/2', 'a', 'b/1', 'b', 'c&d', '\u{1f69a}', '\ufffd']) {
      await s3.send('PUT', `/landing/${encodeURIComponent(key)}`, { body: key });
      await s3.createUpload(`/landing/${encodeURIComponent(key)}`);
    }
  });
  afterAll(() => server.close());

  const ALL = ['a', 'b', 'b/1', 'b/2', 'c&#x26;d', '\ufffd', '\u{1f69a}'];

  test.each([
    ['', ALL, []],
    ['prefix=b', ['b', 'b/1', 'b/2'], []],
    ['prefix=x', [], []],
    ['delimiter=/', ['a', 'b', 'c&#x26;d', '\ufffd', '\u{1f69a}'], ['b/']],
    ['prefix=b/&delimiter=/', ['b/1', 'b/2'], []],
    ['start-after=b/1', ALL.slice(3), []],
    ['prefix=c&encoding-type=url', ['c%26d'], []],
    ['max-keys=0', [], []],
  ])('ListObjectsV2 with %j', async (query, keys, prefixes) => {
    const { body } = await s3.send('GET', `/landing?list-type=2&${query}`);
    expect(elements(body, 'Key')).toEqual(keys);
    expect(elements(body, 'CommonPrefixes').flatMap((element) => elements(element, 'Prefix'))).toEqual(
      prefixes,
    );
    expect(elements(body, 'IsTruncated')).toEqual(['false']);
  });

  test.each([
    ['', ['a', 'b', 'b/1', 'b/2', 'c&#x26;d', '\ufffd', '\u{1f69a}']],
    ['&delimiter=/', ['a', 'b', 'b/', 'c&#x26;d', '\ufffd', '\u{1f69a}']],
  ])('ListObjectsV2 page by page%s', async (query, expected) => {
    const names: string[] = [];
    let token = '';
    for (;;) {
      const { body } = await s3.send('GET', `/landing?list-type=2&max-keys=1${query}${token}`);
      const prefixes = elements(body, 'CommonPrefixes').flatMap((element) => elements(element, 'Prefix'));
      names.push(...elements(body, 'Key'), ...prefixes);
      const [next] = elements(body, 'NextContinuationToken');
      expect(elements(body, 'IsTruncated')).toEqual([String(next !== undefined)]);
      if (next === undefined) break;
      token = `&continuation-token=${next}`;
    }
    expect(names).toEqual(expected);
  });

  test('ListMultipartUploads page by page, also when the marker has gone meanwhile', async () => {
    const second = await s3.createUpload('/landing/b');
    const keys: string[] = [];
    let marker = '';
    for (;;) {
      const { body } = await s3.send('GET', `/landing?uploads&max-uploads=2&encoding-type=url${marker}`);
      keys.push(...elements(body, 'Key').map(decodeURIComponent));
      const [nextKey] = elements(body, 'NextKeyMarker');
      const [nextId] = elements(body, 'NextUploadIdMarker');
      expect(elements(body, 'IsTruncated')).toEqual([String(nextKey !== undefined)]);
      if (nextKey === undefined) break;
      if (nextKey === 'b') await s3.send('DELETE', `/landing/b?uploadId=${nextId}`);
      marker = `&key-marker=${nextKey}&upload-id-marker=${nextId}`;
    }
    expect(keys).toEqual(['a', 'b', 'b', 'b/1', 'b/2', 'c&d', '\ufffd', '\u{1f69a}']);
    await s3.send('DELETE', `/landing/b?uploadId=${second}`);
  });

  test.each([
    ['/landing?uploads&prefix=b/', ['b/1', 'b/2']],
    ['/landing?uploads&key-marker=b/1', ['b/2', 'c&#x26;d', '\ufffd', '\u{1f69a}']],
  ])('GET %s', async (path, keys) => {
    const { body } = await s3.send('GET', path);
    expect(elements(body, 'Key')).toEqual(keys);
  });

  test.each([
    ['/landing?list-type=2&max-keys=x', 400, 'InvalidArgument'],
    ['/landing?list-type=2&continuation-token=*', 400, 'InvalidArgument'],
    ['/landing?uploads&max-uploads=-1', 400, 'InvalidArgument'],
    ['/nowhere?list-type=2', 404, 'NoSuchBucket'],
    ['/nowhere?uploads', 404, 'NoSuchBucket'],
    ['/landing', 501, 'NotImplemented'],
    ['/landing?versions', 501, 'NotImplemented'],
  ])('GET %s is answered %d %s', async (path, status, code) => {
    await expect(s3.send('GET', path)).resolves.toMatchObject({ status, code });
  });
});
