import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { createServer as createTcpServer } from 'node:net';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { S3ObjectStore } from '../../../s3/object-store.ts';
import { TransferError } from '../../../transfer/errors.ts';
import { answerXml, type OddS3, startOddS3 } from '../../support/s3/odd-s3.ts';

// What no store does on demand: faults, in the very words of S3.

const never = new AbortController().signal;
const upload = { bucket: 'landing', key: 'big.bin', uploadId: 'u1' };
const part = { partNumber: 1, sizeBytes: 4, etag: '"e"' };
const MIB = 1024 ** 2;

let odd: OddS3 | undefined;
afterEach(() => odd?.close());

/** A store on a server of that kind, or on an HTTP server that answers like that. */
async function storeOn(...args: Parameters<typeof startOddS3>): Promise<S3ObjectStore> {
  odd = await startOddS3(...args);
  return new S3ObjectStore(odd.client);
}

const errorDocument = (code: string) =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>because</Message></Error>`;

const refuse =
  (status: number, code: string): RequestListener =>
  (request, response) => {
    request.resume().on('end', () => answerXml(response, status, errorDocument(code)));
  };

const bodyOf = (sizeBytes: number, pieceBytes = 32_768): Readable =>
  Readable.from(
    (function* () {
      for (let start = 0; start < sizeBytes; start += pieceBytes) {
        yield Buffer.alloc(Math.min(pieceBytes, sizeBytes - start), 'x');
      }
    })(),
    { objectMode: false },
  );

type Call = (store: S3ObjectStore) => Promise<unknown>;
const sendPart: Call = (store) =>
  store.uploadPart(upload, { partNumber: 1, sizeBytes: 100_000, body: bodyOf(100_000) }, never);
const list: Call = (store) => store.listParts(upload, never);
const complete: Call = (store) =>
  store.completeMultipartUpload(upload, { parts: [part], sizeBytes: 4, onlyIfAbsent: true }, never);
const put: Call = (store) =>
  store.putObject(
    {
      ...upload,
      bytes: Buffer.from('x'),
      checksumCrc64Nvme: 'AAAAAAAAAAA=',
      metadata: {},
      onlyIfAbsent: true,
    },
    never,
  );
const abort: Call = (store) => store.abortMultipartUpload(upload, never);
const head: Call = (store) => store.headObject(upload, never);

describe("S3's answers", () => {
  test.each<[string, number, string, string, Call]>([
    ['uploadPart', 503, 'SlowDown', 'UploadFailedError', sendPart],
    ['uploadPart', 500, 'InternalError', 'UploadFailedError', sendPart],
    ['uploadPart', 400, 'RequestTimeout', 'UploadFailedError', sendPart],
    ['uploadPart', 400, 'IncompleteBody', 'UploadFailedError', sendPart],
    ['uploadPart', 400, 'BadDigest', 'UploadFailedError', sendPart],
    ['uploadPart', 429, 'TooManyRequests', 'UploadFailedError', sendPart],
    ['uploadPart', 404, 'NoSuchUpload', 'UploadGoneError', sendPart],
    ['uploadPart', 404, 'NoSuchBucket', 'InvalidTransferRequestError', sendPart],
    ['uploadPart', 403, 'AccessDenied', 'AccessDenied', sendPart],
    ['uploadPart', 403, 'InvalidChunkSizeError', 'InvalidChunkSizeError', sendPart],
    ['listParts', 403, 'ExpiredToken', 'ExpiredToken', list],
    ['listParts', 503, 'ServiceUnavailable', 'UploadFailedError', list],
    ['completeMultipartUpload', 412, 'PreconditionFailed', 'TargetExistsError', complete],
    ['completeMultipartUpload', 409, 'ConditionalRequestConflict', 'TargetExistsError', complete],
    ['completeMultipartUpload', 200, 'PreconditionFailed', 'TargetExistsError', complete],
    ['completeMultipartUpload', 200, 'ConditionalRequestConflict', 'TargetExistsError', complete],
    ['completeMultipartUpload', 200, 'BadDigest', 'IncompleteUploadError', complete],
    ['completeMultipartUpload', 200, 'InvalidPart', 'IncompleteUploadError', complete],
    ['completeMultipartUpload', 200, 'NoSuchUpload', 'UploadGoneError', complete],
    ['completeMultipartUpload', 200, 'SlowDown', 'UploadFailedError', complete],
    ['completeMultipartUpload', 200, 'InternalError', 'UploadFailedError', complete],
    ['completeMultipartUpload', 301, 'PermanentRedirect', 'InvalidTransferRequestError', complete],
    ['uploadPart', 301, 'PermanentRedirect', 'InvalidTransferRequestError', sendPart],
    ['listParts', 400, 'AuthorizationHeaderMalformed', 'InvalidTransferRequestError', list],
    ['completeMultipartUpload', 409, 'OperationAborted', 'UploadFailedError', complete],
    ['completeMultipartUpload', 400, 'InvalidPart', 'IncompleteUploadError', complete],
    ['completeMultipartUpload', 400, 'InvalidPartOrder', 'IncompleteUploadError', complete],
    ['completeMultipartUpload', 400, 'EntityTooSmall', 'IncompleteUploadError', complete],
    ['completeMultipartUpload', 400, 'BadDigest', 'IncompleteUploadError', complete],
    ['completeMultipartUpload', 400, 'InvalidRequest', 'IncompleteUploadError', complete],
    ['completeMultipartUpload', 404, 'NoSuchUpload', 'UploadGoneError', complete],
    ['completeMultipartUpload', 403, 'AccessDenied', 'AccessDenied', complete],
    ['putObject', 412, 'PreconditionFailed', 'TargetExistsError', put],
    ['putObject', 409, 'ConditionalRequestConflict', 'UploadFailedError', put],
    ['abortMultipartUpload', 404, 'NoSuchUpload', 'UploadGoneError', abort],
    ['abortMultipartUpload', 500, 'InternalError', 'UploadFailedError', abort],
  ])('%s: %d %s is %s', async (_name, status, code, expected, call) => {
    const store = await storeOn(refuse(status, code), { maxAttempts: 1 });
    await expect(call(store)).rejects.toThrow(expect.objectContaining({ name: expected }));
  });

  test.each([
    ['the same marker again', '7'],
    ['an earlier marker', '3'],
    ['a marker that is no number', 'next'],
  ])('listParts: a store that answers with %s is refused, and not asked for ever', async (_name, second) => {
    let asked = 0;
    const store = await storeOn((request, response) => {
      asked += 1;
      const marker = asked === 1 ? '7' : second;
      const parts = `<IsTruncated>true</IsTruncated><NextPartNumberMarker>${marker}</NextPartNumberMarker>`;
      request
        .resume()
        .on('end', () => answerXml(response, 200, `<ListPartsResult>${parts}</ListPartsResult>`));
    });
    await expect(list(store)).rejects.toMatchObject({
      name: 'UploadFailedError',
      message: `ListParts of s3://landing/big.bin: S3 answers with a page after part 7 that is to be followed by one after part ${second}`,
    });
    expect(asked).toBe(2);
  });

  test('an error that is none of ours says who was asked for what, and is not retried', async () => {
    const store = await storeOn(refuse(403, 'AccessDenied'));
    const error = await sendPart(store).catch((thrown: Error) => thrown);
    expect(error).not.toBeInstanceOf(TransferError);
    expect(error).toMatchObject({
      message: 'UploadPart of s3://landing/big.bin: S3 answers 403 AccessDenied: because (request R4ND0M)',
    });
  });

  test('headObject: 403, which has no body to say why, is an error and not an absent object', async () => {
    const store = await storeOn((_request, response) => response.writeHead(403).end());
    await expect(head(store)).rejects.toThrow('HeadObject of s3://landing/big.bin: S3 answers 403');
  });

  test('headObject: 301 means a bucket of another region, and names the bucket', async () => {
    const store = await storeOn((_request, response) =>
      response.writeHead(301, { 'x-amz-bucket-region': 'eu-west-1' }).end(),
    );
    await expect(head(store)).rejects.toThrow(
      'bucket is "landing", but it must be in the region of the stack',
    );
  });

  test('what S3 answers with 500 once or twice is asked again', async () => {
    let requests = 0;
    const store = await storeOn((request, response) => {
      requests += 1;
      if (requests < 3) refuse(500, 'InternalError')(request, response);
      else answerXml(response, 200, '<ListPartsResult><IsTruncated>false</IsTruncated></ListPartsResult>');
    });
    await expect(list(store)).resolves.toEqual([]);
    expect(requests).toBe(3);
  });

  test.each([
    ['an error inside a 200', errorDocument('InternalError')],
    ['a 200 with nothing in it', ''],
  ])('a completion answered by %s is tried again, and then has failed', async (_name, body) => {
    let requests = 0;
    const store = await storeOn(
      (request, response) => {
        requests += 1;
        request.resume().on('end', () => answerXml(response, 200, body));
      },
      { maxAttempts: 2 },
    );
    await expect(complete(store)).rejects.toThrow(expect.objectContaining({ name: 'UploadFailedError' }));
    expect(requests).toBe(2);
  });

  test('a completion goes with the size, the condition and the checksum of the whole', async () => {
    let seen: { request: IncomingMessage; body: string } | undefined;
    const store = await storeOn((request, response) => {
      void text(request).then((body) => {
        seen = { request, body };
        answerXml(
          response,
          200,
          '<CompleteMultipartUploadResult><ETag>"x"</ETag></CompleteMultipartUploadResult>',
        );
      });
    });
    const request = { parts: [part], sizeBytes: 4, onlyIfAbsent: true, checksumCrc64Nvme: 'rosUhgp5mIg=' };
    await expect(store.completeMultipartUpload(upload, request, never)).resolves.toEqual({ etag: '"x"' });
    expect(seen?.request.headers).toMatchObject({
      'if-none-match': '*',
      'x-amz-checksum-crc64nvme': 'rosUhgp5mIg=',
      'x-amz-checksum-type': 'FULL_OBJECT',
      'x-amz-mp-object-size': '4',
    });
    expect(seen?.body).toContain('<PartNumber>1</PartNumber>');
  });

  test('a checksum that cannot be a CRC64NVME is left out', async () => {
    const store = await storeOn((_request, response) => {
      response
        .writeHead(200, { 'content-length': 3, etag: '"e"', 'x-amz-checksum-crc64nvme': 'NSRBwg==' })
        .end();
    });
    await expect(head(store)).resolves.toEqual({ sizeBytes: 3, etag: '"e"', metadata: {} });
  });
});

describe('a bad connection', () => {
  test.each<[string, Call]>([
    ['uploadPart', sendPart],
    ['listParts', list],
    ['completeMultipartUpload', complete],
    ['headObject', head],
  ])('%s: a reset is UploadFailedError', async (_name, call) => {
    const store = await storeOn((request) => request.socket.resetAndDestroy(), { maxAttempts: 2 });
    await expect(call(store)).rejects.toThrow(expect.objectContaining({ name: 'UploadFailedError' }));
  });

  test('listParts: an answer that breaks off is UploadFailedError', async () => {
    const store = await storeOn(
      (_request, response) => {
        response.writeHead(200, { 'content-length': 1_000 });
        response.write('<ListPartsResult>', () => response.destroy());
      },
      { maxAttempts: 1 },
    );
    await expect(list(store)).rejects.toThrow(expect.objectContaining({ name: 'UploadFailedError' }));
  });

  test.each<[string, Call]>([
    ['uploadPart', sendPart],
    ['listParts', list],
  ])('%s: no answer is UploadFailedError after the idle time', async (_name, call) => {
    const store = await storeOn((request) => request.resume(), { idleTimeoutMs: 200, maxAttempts: 1 });
    await expect(call(store)).rejects.toThrow(expect.objectContaining({ name: 'UploadFailedError' }));
  });

  test('a long silence of the source does not count, as long as it is shorter than the idle time', async () => {
    const store = await storeOn(
      (request, response) => request.resume().on('end', () => response.writeHead(200).end()),
      { idleTimeoutMs: 1_000 },
    );
    const body = Readable.from(
      (async function* () {
        yield Buffer.alloc(70_000);
        await sleep(400);
        yield Buffer.alloc(70_000);
        await sleep(400);
        yield Buffer.alloc(60_000);
      })(),
      { objectMode: false },
    );
    await store.uploadPart(upload, { partNumber: 1, sizeBytes: 200_000, body }, never);
  });
});

describe('a streamed part', () => {
  test('writes nothing to the console when it fails', async () => {
    const warn = jest.spyOn(console, 'warn').mockImplementation(() => {});
    const stderr = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
    try {
      const store = await storeOn(refuse(503, 'SlowDown'));
      await expect(sendPart(store)).rejects.toThrow('SlowDown');
      expect([...warn.mock.calls, ...stderr.mock.calls]).toEqual([]);
    } finally {
      warn.mockRestore();
      stderr.mockRestore();
    }
  });

  test.each([
    ['of 8 KiB or more, although its source gives less', 1_000, [9_000, 9_000, 7_000, 0]],
    ['as large as its source gives', 10_000, [10_000, 10_000, 5_000, 0]],
  ])('travels in chunks %s', async (_name, pieceBytes, chunkSizes) => {
    let framed = '';
    const store = await storeOn((request, response) => {
      request.setEncoding('latin1').on('data', (bytes: string) => {
        framed += bytes;
      });
      request.on('end', () => response.writeHead(200).end());
    });
    const body = bodyOf(25_000, pieceBytes);
    await store.uploadPart(upload, { partNumber: 1, sizeBytes: 25_000, body }, never);
    const [chunks, trailer] = framed.split('x-amz-checksum-crc64nvme:');
    const headers = [...String(chunks).matchAll(/([0-9a-f]+)\r\n(?:x+\r\n)?/g)];
    expect(headers.map(([, size]) => Number.parseInt(String(size), 16))).toEqual(chunkSizes);
    expect(trailer).toMatch(/^[A-Za-z0-9+/]{11}=\r\n\r\n$/);
  });

  test('reads its source no faster than S3 takes it', async () => {
    const sizeBytes = 256 * MIB;
    let givenBytes = 0;
    const body = Readable.from(
      (function* () {
        for (; givenBytes < sizeBytes; givenBytes += 65_536) yield Buffer.alloc(65_536);
      })(),
      { objectMode: false, highWaterMark: 65_536 },
    );
    const stop = new AbortController();
    const slow = createServer((request) => request.pause());
    // Or the SDK would wait for 100 Continue and send nothing.
    slow.on('checkContinue', (_request, response: ServerResponse) => response.writeContinue());
    const store = await storeOn(slow);
    const sending = store.uploadPart(upload, { partNumber: 1, sizeBytes, body }, stop.signal);
    const outcome = expect(sending).rejects.toThrow('enough');
    let before = -1;
    while (before !== givenBytes || givenBytes === 0) {
      before = givenBytes;
      await sleep(300);
    }
    stop.abort(new Error('enough'));
    await outcome;
    // The sockets' buffers on both sides, and a few pieces on the way.
    expect(givenBytes).toBeLessThan(24 * MIB);
  });

  test('frees its connection when S3 refuses before it has the whole, and waits for more', async () => {
    // Below HTTP, since Node's HTTP server would end the connection by itself.
    const refusing = createTcpServer((socket) => {
      socket.once('data', () => {
        const body = errorDocument('NoSuchUpload');
        socket.write(`HTTP/1.1 404 Not Found\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
      });
      socket.resume().on('error', () => {});
    });
    const freed = new Promise<void>((resolve) => {
      refusing.on('connection', (socket) => socket.on('close', () => resolve()));
    });
    const store = await storeOn(refusing);
    const body = new Readable({ read() {} });
    body.push(Buffer.alloc(70_000));
    await expect(
      store.uploadPart(upload, { partNumber: 1, sizeBytes: 100_000, body }, never),
    ).rejects.toThrow(expect.objectContaining({ name: 'UploadGoneError' }));
    expect(body.destroyed).toBe(true);
    await freed;
  });
});
