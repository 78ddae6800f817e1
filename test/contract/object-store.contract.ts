import { createHash, randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  ListMultipartUploadsCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { createS3Client } from '../../s3/client.ts';
import { combineCrc64Nvme } from '../../s3/crc64-nvme/combine.ts';
import { Crc64NvmeHasher } from '../../s3/crc64-nvme/hasher.ts';
import { S3ObjectStore } from '../../s3/object-store.ts';
import type { MultipartUpload, UploadedPart } from '../../s3/ports.ts';
import { SourceChangedError, UploadFailedError } from '../../transfer/errors.ts';

/** What S3 has and a store may lack. The tests of what it lacks are skipped. */
export interface StoreCapabilities {
  /** Keys may hold control characters. */
  takesControlCharacters: boolean;
  /** UploadPart and CompleteMultipartUpload answer NoSuchUpload, as ListParts and AbortMultipartUpload do. */
  knowsGoneUploads: boolean;
  /** ListParts, CompleteMultipartUpload and HeadObject show CRC64NVME. */
  showsChecksums: boolean;
  /** CompleteMultipartUpload refuses a wrong object checksum (BadDigest). */
  verifiesObjectChecksum: boolean;
  /** CompleteMultipartUpload refuses a wrong MpuObjectSize. */
  verifiesObjectSize: boolean;
}

/** All that S3 has. */
export const S3_CAPABILITIES: StoreCapabilities = {
  takesControlCharacters: true,
  knowsGoneUploads: true,
  showsChecksums: true,
  verifiesObjectChecksum: true,
  verifiesObjectSize: true,
};

const MIB = 1024 ** 2;
const PART_SIZE_BYTES = 5 * MIB;
const BUCKET = 'landing';
/** More than ListParts gives in one page. */
const MANY_PARTS = 1_003;
const STALL_MS = 200;

/** What every S3-compatible store must do below `S3ObjectStore`. `begin` is called once and gives the endpoint. */
export function objectStoreContract(begin: () => Promise<string>, capabilities: StoreCapabilities): void {
  const never = new AbortController().signal;
  const testIf = (has: boolean) => (has ? test : test.skip);
  let s3: S3Client;
  /** Reads objects whose checksum the store states wrong. */
  let reader: S3Client;
  let store: S3ObjectStore;
  let keys = 0;
  const nextKey = () => {
    keys += 1;
    return `key-${keys}`;
  };

  beforeAll(async () => {
    const location = {
      endpoint: await begin(),
      region: 'us-east-1',
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    };
    s3 = createS3Client(location);
    reader = new S3Client({ ...location, responseChecksumValidation: 'WHEN_REQUIRED' });
    store = new S3ObjectStore(s3);
    await s3.send(new CreateBucketCommand({ Bucket: BUCKET }));
  }, 60_000);
  afterAll(() => {
    s3?.destroy();
    reader?.destroy();
  });

  async function start(key = nextKey(), metadata: Record<string, string> = {}): Promise<MultipartUpload> {
    const { UploadId } = await s3.send(
      new CreateMultipartUploadCommand({
        Bucket: BUCKET,
        Key: key,
        ChecksumAlgorithm: 'CRC64NVME',
        Metadata: metadata,
      }),
    );
    return { bucket: BUCKET, key, uploadId: String(UploadId) };
  }

  const send = (upload: MultipartUpload, partNumber: number, bytes: Buffer, signal = never) =>
    store.uploadPart(upload, { partNumber, sizeBytes: bytes.length, body: inPieces(bytes) }, signal);

  function complete(
    upload: MultipartUpload,
    parts: readonly UploadedPart[],
    changes: Partial<Parameters<S3ObjectStore['completeMultipartUpload']>[1]> = {},
  ) {
    const sizeBytes = parts.reduce((sum, part) => sum + part.sizeBytes, 0);
    return store.completeMultipartUpload(
      upload,
      { parts, sizeBytes, onlyIfAbsent: false, ...objectChecksum(parts), ...changes },
      never,
    );
  }

  /** Starts an upload, sends these parts, and completes it. */
  async function land(key: string, ...parts: readonly Buffer[]): Promise<void> {
    const upload = await start(key);
    for (const [index, bytes] of parts.entries()) await send(upload, index + 1, bytes);
    await complete(upload, await store.listParts(upload, never));
  }

  async function read(key: string): Promise<Buffer> {
    const { Body } = await reader.send(new GetObjectCommand({ Bucket: BUCKET, Key: key }));
    return Buffer.from((await Body?.transformToByteArray()) ?? []);
  }

  async function openUploads(): Promise<string[]> {
    const { Uploads } = await s3.send(new ListMultipartUploadsCommand({ Bucket: BUCKET }));
    return (Uploads ?? []).map(({ UploadId }) => String(UploadId));
  }

  describe('a landed object', () => {
    test.each([
      ['no bytes', []],
      ['one byte', [1]],
      ['one part', [PART_SIZE_BYTES]],
      ['a last part of one byte', [PART_SIZE_BYTES, 1]],
      ['three parts', [PART_SIZE_BYTES, PART_SIZE_BYTES + 1, 12_345]],
    ])('has the bytes of its parts: %s', async (name, sizes) => {
      const parts = sizes.length === 0 ? [Buffer.alloc(0)] : sizes.map((size) => randomBytes(size));
      await land(name, ...parts);
      expect(sha256(await read(name))).toBe(sha256(Buffer.concat(parts)));
      await expect(store.headObject({ bucket: BUCKET, key: name }, never)).resolves.toMatchObject({
        sizeBytes: sizes.reduce((sum, size) => sum + size, 0),
      });
    });

    test.each([
      'folder/übung – 漢字 🚚.bin',
      ' leading and trailing ',
      'a+b&c=d?e#f%20g',
      'a/../b/./c//d',
      'k'.repeat(1_024),
      ...(capabilities.takesControlCharacters ? ['line\nbreak\tand \u0001'] : []),
    ])('keeps its key and metadata: %j', async (key) => {
      const upload = await start(key, { 'sftp-path': '/outbound/a b.bin', size: '3' });
      await send(upload, 1, Buffer.from('abc'));
      await complete(upload, await store.listParts(upload, never));
      await expect(read(key)).resolves.toEqual(Buffer.from('abc'));
      await expect(store.headObject({ bucket: BUCKET, key }, never)).resolves.toMatchObject({
        metadata: { 'sftp-path': '/outbound/a b.bin', size: '3' },
      });
    });

    testIf(capabilities.showsChecksums)('shows the checksum of the whole', async () => {
      const parts = [randomBytes(PART_SIZE_BYTES), randomBytes(7)];
      const upload = await start('checksum');
      for (const [index, bytes] of parts.entries()) await send(upload, index + 1, bytes);
      const completed = await complete(upload, await store.listParts(upload, never));
      const expected = crc64Nvme(Buffer.concat(parts));
      expect(completed.checksumCrc64Nvme).toBe(expected);
      await expect(store.headObject({ bucket: BUCKET, key: 'checksum' }, never)).resolves.toMatchObject({
        checksumCrc64Nvme: expected,
        etag: completed.etag,
      });
    });
  });

  describe('uploadPart', () => {
    test('takes a body that comes in small and in large buffers', async () => {
      const bytes = randomBytes(1_500_000);
      const upload = await start();
      const sizes = [1, 100, 8_191, 8_192, 700_000, 3];
      await store.uploadPart(
        upload,
        { partNumber: 1, sizeBytes: bytes.length, body: inPieces(bytes, sizes) },
        never,
      );
      await complete(upload, await store.listParts(upload, never));
      expect(sha256(await read(upload.key))).toBe(sha256(bytes));
    });

    test('replaces a part of the same number', async () => {
      const upload = await start();
      await send(upload, 1, Buffer.from('first'));
      await send(upload, 1, Buffer.from('second!'));
      const parts = await store.listParts(upload, never);
      expect(parts).toMatchObject([{ partNumber: 1, sizeBytes: 7 }]);
      await complete(upload, parts);
      await expect(read(upload.key)).resolves.toEqual(Buffer.from('second!'));
    });

    test('takes many parts at a time', async () => {
      const upload = await start();
      const parts = Array.from({ length: 16 }, () => randomBytes(300_000));
      await Promise.all(parts.map((bytes, index) => send(upload, index + 1, bytes)));
      const listed = await store.listParts(upload, never);
      expect(listed.map(({ partNumber }) => partNumber)).toEqual(parts.map((_, index) => index + 1));
      expect(listed.every(({ sizeBytes }) => sizeBytes === 300_000)).toBe(true);
    });

    test("fails with the source's own error, and leaves no part", async () => {
      const upload = await start();
      const gone = new SourceChangedError('the file ended early');
      const body = Readable.from(
        (async function* () {
          yield randomBytes(200_000);
          await sleep(STALL_MS);
          throw gone;
        })(),
        { objectMode: false },
      );
      await expect(store.uploadPart(upload, { partNumber: 1, sizeBytes: 400_000, body }, never)).rejects.toBe(
        gone,
      );
      await expect(store.listParts(upload, never)).resolves.toEqual([]);
    });

    test('fails with the error of a source that has failed already', async () => {
      const upload = await start();
      const gone = new SourceChangedError('the file ended early');
      const body = new Readable({ read() {} });
      body.on('error', () => {});
      body.destroy(gone);
      await sleep(1);
      await expect(store.uploadPart(upload, { partNumber: 1, sizeBytes: 4, body }, never)).rejects.toBe(gone);
    });

    test.each([
      ['fewer', 99_999],
      ['more', 100_001],
      ['some, where none were announced', 1, 0],
    ])(
      'fails when the body gives %s bytes, and leaves no part',
      async (_name, given, announced = 100_000) => {
        const upload = await start();
        const body = inPieces(randomBytes(given));
        await expect(
          store.uploadPart(upload, { partNumber: 1, sizeBytes: announced, body }, never),
        ).rejects.toThrow(RangeError);
        await expect(store.listParts(upload, never)).resolves.toEqual([]);
      },
    );

    test("ends with the signal's reason while the source stalls, ends the source, and leaves no part", async () => {
      const upload = await start();
      const body = new Readable({ read() {} });
      body.push(randomBytes(200_000));
      const reason = new Error('the execution was stopped');
      const controller = new AbortController();
      const sending = store.uploadPart(
        upload,
        { partNumber: 1, sizeBytes: 400_000, body },
        controller.signal,
      );
      setTimeout(() => controller.abort(reason), STALL_MS);
      await expect(sending).rejects.toBe(reason);
      expect(body.destroyed).toBe(true);
      await expect(store.listParts(upload, never)).resolves.toEqual([]);
    });

    test('does nothing once the signal is aborted', async () => {
      const upload = await start();
      const reason = new Error('too late');
      await expect(send(upload, 1, Buffer.from('x'), AbortSignal.abort(reason))).rejects.toBe(reason);
      await expect(store.listParts(upload, never)).resolves.toEqual([]);
    });
  });

  describe('listParts', () => {
    test('gives none for a new upload', async () => {
      await expect(store.listParts(await start(), never)).resolves.toEqual([]);
    });

    test('gives all pages in the order of their numbers', async () => {
      const upload = await start();
      const numbers = Array.from({ length: MANY_PARTS }, (_, index) => MANY_PARTS - index);
      const senders = Array.from({ length: 8 }, async () => {
        for (let next = numbers.pop(); next !== undefined; next = numbers.pop()) {
          await send(upload, next, Buffer.from([next % 256]));
        }
      });
      await Promise.all(senders);
      const parts = await store.listParts(upload, never);
      expect(parts.map(({ partNumber }) => partNumber)).toEqual(
        Array.from({ length: MANY_PARTS }, (_, index) => index + 1),
      );
      await store.abortMultipartUpload(upload, never);
    }, 120_000);

    testIf(capabilities.showsChecksums)("shows each part's checksum", async () => {
      const upload = await start();
      await send(upload, 3, Buffer.from('123456789'));
      await send(upload, 7, Buffer.alloc(0));
      await expect(store.listParts(upload, never)).resolves.toMatchObject([
        { partNumber: 3, sizeBytes: 9, checksumCrc64Nvme: 'rosUhgp5mIg=' },
        { partNumber: 7, sizeBytes: 0, checksumCrc64Nvme: 'AAAAAAAAAAA=' },
      ]);
    });
  });

  describe('an upload that is gone', () => {
    const uploadGone = expect.objectContaining({ name: 'UploadGoneError' });
    type Call = [name: string, (upload: MultipartUpload) => Promise<unknown>];
    const calls: Call[] = [
      ['listParts', (upload) => store.listParts(upload, never)],
      ['abortMultipartUpload', (upload) => store.abortMultipartUpload(upload, never)],
    ];
    const lateCalls: Call[] = [
      ['uploadPart', (upload) => send(upload, 1, randomBytes(100_000))],
      ['uploadPart of a large part', (upload) => send(upload, 1, randomBytes(PART_SIZE_BYTES))],
      ['uploadPart of no bytes', (upload) => send(upload, 1, Buffer.alloc(0))],
      ['completeMultipartUpload', (upload) => complete(upload, [part(1, 4)])],
    ];
    if (capabilities.knowsGoneUploads) calls.push(...lateCalls);

    test.each(calls)('%s says so after an abort', async (_name, call) => {
      const upload = await start();
      await send(upload, 1, Buffer.from('part'));
      await store.abortMultipartUpload(upload, never);
      await expect(call(upload)).rejects.toEqual(uploadGone);
      await expect(openUploads()).resolves.not.toContain(upload.uploadId);
    });

    test.each(calls)('%s says so of an id that never was', async (_name, call) => {
      const upload = { bucket: BUCKET, key: 'never', uploadId: 'bm8tc3VjaC11cGxvYWQ' };
      await expect(call(upload)).rejects.toEqual(uploadGone);
    });

    test('listParts and abortMultipartUpload say so after the completion', async () => {
      const upload = await start();
      await send(upload, 1, Buffer.from('part'));
      await complete(upload, await store.listParts(upload, never));
      await expect(store.listParts(upload, never)).rejects.toEqual(uploadGone);
      await expect(store.abortMultipartUpload(upload, never)).rejects.toEqual(uploadGone);
      await expect(openUploads()).resolves.not.toContain(upload.uploadId);
    });
  });

  describe('completeMultipartUpload', () => {
    const incomplete = expect.objectContaining({ name: 'IncompleteUploadError' });
    const goodParts = async (upload: MultipartUpload) => {
      await send(upload, 1, Buffer.alloc(PART_SIZE_BYTES, 1));
      await send(upload, 2, Buffer.from('end'));
      return store.listParts(upload, never);
    };
    type Parts = readonly UploadedPart[];

    test.each<[string, (parts: Parts) => Parts]>([
      ['a part that was never sent', (parts) => [...parts, part(3, 5)]],
      [
        'another ETag',
        ([first, last]) => [first as UploadedPart, { ...(last as UploadedPart), etag: part(2, 3).etag }],
      ],
      ['parts in another order', (parts) => [...parts].reverse()],
    ])('refuses %s, and leaves the upload open', async (_name, change) => {
      const upload = await start();
      const parts = await goodParts(upload);
      await expect(complete(upload, change(parts))).rejects.toEqual(incomplete);
      await expect(store.headObject(upload, never)).resolves.toBeUndefined();
      await complete(upload, parts);
    });

    test('refuses a part under 5 MiB before the last', async () => {
      const upload = await start();
      await send(upload, 1, Buffer.alloc(PART_SIZE_BYTES - 1));
      await send(upload, 2, Buffer.from('end'));
      await expect(complete(upload, await store.listParts(upload, never))).rejects.toEqual(incomplete);
    });

    testIf(capabilities.verifiesObjectSize)('refuses another size than announced', async () => {
      const upload = await start();
      const parts = await goodParts(upload);
      await expect(complete(upload, parts, { sizeBytes: PART_SIZE_BYTES + 4 })).rejects.toEqual(incomplete);
      await complete(upload, parts);
    });

    testIf(capabilities.verifiesObjectChecksum)('refuses another checksum than announced', async () => {
      const upload = await start();
      const parts = await goodParts(upload);
      await expect(complete(upload, parts, { checksumCrc64Nvme: 'rosUhgp5mIg=' })).rejects.toEqual(
        incomplete,
      );
      await expect(store.headObject(upload, never)).resolves.toBeUndefined();
      await complete(upload, parts);
    });

    test('replaces an object, unless it must be absent', async () => {
      await land('target', Buffer.from('old'));
      const second = await start('target');
      await send(second, 1, Buffer.from('new'));
      const parts = await store.listParts(second, never);
      await expect(complete(second, parts, { onlyIfAbsent: true })).rejects.toEqual(
        expect.objectContaining({ name: 'TargetExistsError' }),
      );
      await expect(read('target')).resolves.toEqual(Buffer.from('old'));
      await complete(second, parts);
      await expect(read('target')).resolves.toEqual(Buffer.from('new'));
    });

    test('makes an object that must be absent, and is', async () => {
      const upload = await start();
      await send(upload, 1, Buffer.from('new'));
      await complete(upload, await store.listParts(upload, never), { onlyIfAbsent: true });
      await expect(read(upload.key)).resolves.toEqual(Buffer.from('new'));
    });

    test('two uploads of one key: the object is whole, and one of the two', async () => {
      const contents = [Buffer.alloc(400_000, 1), Buffer.alloc(300_000, 2)];
      const uploads = await Promise.all(
        contents.map(async (bytes) => {
          const upload = await start('contested');
          await send(upload, 1, bytes);
          return upload;
        }),
      );
      await Promise.all(
        uploads.map(async (upload) => complete(upload, await store.listParts(upload, never))),
      );
      expect(contents.map(sha256)).toContain(sha256(await read('contested')));
    });
  });

  describe('putObject', () => {
    const put = (key: string, bytes: Buffer, onlyIfAbsent = false) => {
      const hasher = new Crc64NvmeHasher();
      hasher.update(bytes);
      const checksumCrc64Nvme = hasher.digest().toString('base64');
      return store.putObject(
        {
          bucket: BUCKET,
          key,
          bytes,
          checksumCrc64Nvme,
          metadata: { 'transfer-execution': 'x' },
          onlyIfAbsent,
        },
        never,
      );
    };

    test.each([0, 1, 100_000])('makes an object of %i bytes, with its metadata', async (sizeBytes) => {
      const bytes = randomBytes(sizeBytes);
      const key = nextKey();
      await put(key, bytes);
      await expect(read(key)).resolves.toEqual(bytes);
      await expect(store.headObject({ bucket: BUCKET, key }, never)).resolves.toMatchObject({
        sizeBytes,
        metadata: { 'transfer-execution': 'x' },
      });
    });

    test('replaces an object, unless it must be absent', async () => {
      const key = nextKey();
      await put(key, Buffer.from('old'), true);
      await expect(put(key, Buffer.from('new'), true)).rejects.toMatchObject({ name: 'TargetExistsError' });
      await expect(read(key)).resolves.toEqual(Buffer.from('old'));
      await put(key, Buffer.from('new'));
      await expect(read(key)).resolves.toEqual(Buffer.from('new'));
    });

    testIf(capabilities.verifiesObjectChecksum)('bytes that changed on their way are no object', async () => {
      const key = nextKey();
      const object = { bucket: BUCKET, key, bytes: Buffer.from('x'), metadata: {}, onlyIfAbsent: false };
      const wrong = { ...object, checksumCrc64Nvme: 'rosUhgp5mIg=' };
      await expect(store.putObject(wrong, never)).rejects.toMatchObject({ name: 'UploadFailedError' });
      await expect(store.headObject({ bucket: BUCKET, key }, never)).resolves.toBeUndefined();
    });
  });

  describe('headObject', () => {
    test('gives undefined for an object that is not there', async () => {
      await expect(store.headObject({ bucket: BUCKET, key: 'nothing' }, never)).resolves.toBeUndefined();
    });

    test('gives undefined while the upload is open', async () => {
      const upload = await start();
      await send(upload, 1, Buffer.from('part'));
      await expect(store.headObject(upload, never)).resolves.toBeUndefined();
    });
  });

  test('names the bucket that does not exist', async () => {
    const upload = { bucket: 'no-such-bucket', key: 'k', uploadId: 'x' };
    await expect(store.listParts(upload, never)).rejects.toEqual(
      expect.objectContaining({
        name: 'InvalidTransferRequestError',
        message: 'bucket is "no-such-bucket", but there is no such bucket',
      }),
    );
  });

  test('a store that does not answer is UploadFailedError', async () => {
    const nobody = createS3Client({
      endpoint: 'http://127.0.0.1:1',
      region: 'us-east-1',
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
      maxAttempts: 1,
    });
    const upload = { bucket: BUCKET, key: 'k', uploadId: 'x' };
    const unreachable = new S3ObjectStore(nobody);
    await expect(unreachable.listParts(upload, never)).rejects.toBeInstanceOf(UploadFailedError);
    await expect(
      unreachable.uploadPart(
        upload,
        { partNumber: 1, sizeBytes: 3, body: inPieces(Buffer.from('abc')) },
        never,
      ),
    ).rejects.toBeInstanceOf(UploadFailedError);
    nobody.destroy();
  });
}

/** The bytes as a stream of buffers of these sizes, over and over. */
function inPieces(bytes: Buffer, sizes: readonly number[] = [32_768]): Readable {
  function* pieces() {
    let start = 0;
    for (let turn = 0; start < bytes.length; turn += 1) {
      const end = start + (sizes[turn % sizes.length] as number);
      yield bytes.subarray(start, end);
      start = end;
    }
  }
  return Readable.from(pieces(), { objectMode: false });
}

/** A part as no store has it. */
const part = (partNumber: number, sizeBytes: number): UploadedPart => ({
  partNumber,
  sizeBytes,
  etag: '"00000000000000000000000000000000"',
});

function objectChecksum(parts: readonly UploadedPart[]): { checksumCrc64Nvme?: string } {
  const known = parts.flatMap(({ checksumCrc64Nvme, sizeBytes }) =>
    checksumCrc64Nvme === undefined ? [] : [{ checksum: checksumCrc64Nvme, sizeBytes }],
  );
  return known.length === parts.length ? { checksumCrc64Nvme: combineCrc64Nvme(known) } : {};
}

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

function crc64Nvme(bytes: Buffer): string {
  const hasher = new Crc64NvmeHasher();
  hasher.update(bytes);
  return hasher.digest().toString('base64');
}
