import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { TargetExistsError, UploadFailedError } from '../transfer/errors.ts';
import type { StateFile, StateFiles } from './ports.ts';
import { type S3Call, translateS3Error } from './translate-error.ts';

/**
 * What S3 answers to a conditional PutObject when the object was written before (412) or meanwhile (409):
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
 */
const LOST_RACES = new Set(['ConditionalRequestConflict', 'NoSuchKey']);

/** The StateFiles port on one bucket. */
export class S3StateFiles implements StateFiles {
  readonly #client: S3Client;
  readonly #bucket: string;

  constructor(client: S3Client, bucket: string) {
    this.#client = client;
    this.#bucket = bucket;
  }

  /** Lists before it reads: who may list the keys of one partner only is answered "forbidden" for an object that is not there. */
  async find(key: string, signal: AbortSignal): Promise<StateFile | undefined> {
    for await (const found of this.list(key, signal)) {
      if (found === key) return this.#read(key, signal);
      break;
    }
    return undefined;
  }

  async write(
    key: string,
    bytes: Uint8Array,
    signal: AbortSignal,
    condition?: { replaces: string | undefined },
  ): Promise<boolean> {
    const command = new PutObjectCommand({
      Bucket: this.#bucket,
      Key: key,
      Body: bytes,
      ContentLength: bytes.length,
      ...(condition !== undefined &&
        (condition.replaces === undefined ? { IfNoneMatch: '*' } : { IfMatch: condition.replaces })),
    });
    try {
      await this.#call('PutObject', key, signal, () => this.#client.send(command, { abortSignal: signal }));
      return true;
    } catch (error) {
      if (condition === undefined || !isLostRace(error)) throw error;
      // The answer to an earlier try of this request may have been lost: then what is there is what was written.
      const present = await this.find(key, signal);
      return present !== undefined && Buffer.compare(present.bytes, bytes) === 0;
    }
  }

  async *list(prefix: string, signal: AbortSignal): AsyncIterable<string> {
    let token: string | undefined;
    do {
      const command = new ListObjectsV2Command({
        Bucket: this.#bucket,
        Prefix: prefix,
        ContinuationToken: token,
      });
      const page = await this.#call('ListObjectsV2', prefix, signal, () =>
        this.#client.send(command, { abortSignal: signal }),
      );
      for (const { Key } of page.Contents ?? []) if (Key !== undefined) yield Key;
      if (token !== undefined && page.NextContinuationToken === token)
        throw new UploadFailedError(`ListObjectsV2 of ${this.#bucket}: S3 answers with the same page again`);
      token = page.NextContinuationToken;
    } while (token !== undefined);
  }

  async #read(key: string, signal: AbortSignal): Promise<StateFile> {
    const command = new GetObjectCommand({ Bucket: this.#bucket, Key: key });
    return this.#call('GetObject', key, signal, async () => {
      const { Body, ETag } = await this.#client.send(command, { abortSignal: signal });
      return { bytes: (await Body?.transformToByteArray()) ?? new Uint8Array(), etag: ETag ?? '' };
    });
  }

  async #call<T>(
    operation: S3Call['operation'],
    key: string,
    signal: AbortSignal,
    work: () => Promise<T>,
  ): Promise<T> {
    signal.throwIfAborted();
    try {
      return await work();
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      throw translateS3Error(error, { operation, bucket: this.#bucket, key });
    }
  }
}

/** By S3's own name for it: whether the call may be tried again, which its translation says, is not the question here. */
function isLostRace(error: unknown): boolean {
  if (error instanceof TargetExistsError) return true;
  const { cause } = error as { cause?: Error };
  return cause !== undefined && LOST_RACES.has(cause.name);
}
