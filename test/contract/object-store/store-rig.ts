import {
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  ListMultipartUploadsCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { createS3Client } from '../../../s3/client.ts';
import { S3ObjectStore } from '../../../s3/object-store.ts';
import type { MultipartUpload, ObjectStore, UploadedPart } from '../../../s3/ports.ts';
import type { StoreCapabilities } from './capabilities.ts';
import { inPieces, objectChecksum } from './parts.ts';

export const BUCKET = 'landing';

export type StoreRig = ReturnType<typeof storeRig>;

/** The store under test, which is there from `beforeAll` on, and what the tests do with it. */
export function storeRig(begin: () => Promise<string>, capabilities: StoreCapabilities) {
  const never = new AbortController().signal;
  const testIf = (has: boolean) => (has ? test : test.skip);
  let s3: S3Client;
  /** Reads objects whose checksum the store states wrong. */
  let reader: S3Client;
  let made: ObjectStore;
  const store = later(() => made);
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
    made = new S3ObjectStore(s3);
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
    changes: Partial<Parameters<ObjectStore['completeMultipartUpload']>[1]> = {},
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

  return { capabilities, testIf, never, store, nextKey, start, send, complete, land, read, openUploads };
}

/** A store that tests may name while they are being collected, before `beforeAll` has made it. */
function later(store: () => ObjectStore): ObjectStore {
  return {
    putObject: (...args) => store().putObject(...args),
    uploadPart: (...args) => store().uploadPart(...args),
    listParts: (...args) => store().listParts(...args),
    completeMultipartUpload: (...args) => store().completeMultipartUpload(...args),
    abortMultipartUpload: (...args) => store().abortMultipartUpload(...args),
    headObject: (...args) => store().headObject(...args),
  };
}
