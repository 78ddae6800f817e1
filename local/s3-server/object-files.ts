import { createHash, randomUUID } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { type FileHandle, mkdir, open, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Checksum } from './body/checksums.ts';
import { noSuchBucket, preconditionFailed, S3Error } from './s3-error.ts';

/** Everything about an object but its bytes. */
export interface ObjectRecord {
  key: string;
  sizeBytes: number;
  /** Without quotes. */
  etag: string;
  checksum: Checksum;
  /** ISO 8601. */
  lastModified: string;
  /** Response headers kept with the object: `content-type`, `x-amz-meta-*` and the like. */
  headers: Record<string, string>;
}

interface StoredRecord extends ObjectRecord {
  dataFile: string;
}

/**
 * The buckets, as folders: `buckets/<bucket>/<SHA-256 of the key>.json` describes an object and names its data file
 * beside it. A key never becomes a path. Readers see an object appear, change and vanish in one step, because the
 * description is renamed into place after the data is whole.
 */
export class ObjectFiles {
  readonly #bucketsFolder: string;
  /** Changes of descriptions happen one after the other, so that a condition holds until its change is made. */
  #lastChange: Promise<unknown> = Promise.resolve();

  constructor(directory: string) {
    this.#bucketsFolder = join(directory, 'buckets');
  }

  /** @throws S3Error BucketAlreadyOwnedByYou */
  async createBucket(bucket: string): Promise<void> {
    await mkdir(this.#bucketsFolder, { recursive: true });
    try {
      await mkdir(this.#bucketFolder(bucket));
    } catch (error) {
      if (!hasCode(error, 'EEXIST')) throw error;
      throw new S3Error(
        'BucketAlreadyOwnedByYou',
        'Your previous request to create the named bucket succeeded and you already own it.',
        {
          BucketName: bucket,
        },
      );
    }
  }

  /** @throws S3Error NoSuchBucket */
  requireBucket(bucket: string): void {
    if (!existsSync(this.#bucketFolder(bucket))) throw noSuchBucket(bucket);
  }

  /**
   * Makes the finished file `dataPath` the object's data; it is moved, and gone from there on return.
   * @throws S3Error PreconditionFailed when `onlyIfAbsent` and the object exists; `dataPath` is then left alone.
   */
  async put(bucket: string, record: ObjectRecord, dataPath: string, onlyIfAbsent: boolean): Promise<void> {
    await this.#change(async () => {
      const previous = await this.#readRecord(bucket, record.key);
      if (onlyIfAbsent && previous !== undefined) throw preconditionFailed();
      const dataFile = `${keyHash(record.key)}.${randomUUID()}.data`;
      await rename(dataPath, this.#file(bucket, dataFile));
      await this.#writeRecord(bucket, { ...record, dataFile });
      if (previous !== undefined) await rm(this.#file(bucket, previous.dataFile), { force: true });
    });
  }

  async find(bucket: string, key: string): Promise<ObjectRecord | undefined> {
    return this.#readRecord(bucket, key);
  }

  /** Opens the object's data: what is read is this version to the end, whatever replaces it. The caller closes it. */
  async open(bucket: string, key: string): Promise<{ record: ObjectRecord; data: FileHandle } | undefined> {
    let missing: string | undefined;
    for (;;) {
      const record = await this.#readRecord(bucket, key);
      if (record === undefined) return undefined;
      try {
        return { record, data: await open(this.#file(bucket, record.dataFile)) };
      } catch (error) {
        // Replaced between the two reads: then the new description is there already, and names another file.
        if (!hasCode(error, 'ENOENT') || record.dataFile === missing) throw error;
        missing = record.dataFile;
      }
    }
  }

  /** Does nothing when there is no such object, as in S3. */
  async delete(bucket: string, key: string): Promise<void> {
    await this.#change(async () => {
      const record = await this.#readRecord(bucket, key);
      if (record === undefined) return;
      await rm(this.#recordPath(bucket, key));
      await rm(this.#file(bucket, record.dataFile), { force: true });
    });
  }

  /** All objects of a bucket in the order of their keys' UTF-8 bytes, as S3 lists them. */
  async list(bucket: string): Promise<ObjectRecord[]> {
    const names = await readdir(this.#bucketFolder(bucket));
    const records: ObjectRecord[] = [];
    for (const name of names.filter((name) => name.endsWith('.json'))) {
      const record = await readRecordFile(this.#file(bucket, name));
      if (record !== undefined) records.push(record);
    }
    return records.sort((a, b) => Buffer.compare(Buffer.from(a.key), Buffer.from(b.key)));
  }

  /** Path of the file that holds the object's bytes now. @throws Error when there is no such object */
  objectPath(bucket: string, key: string): string {
    const record = JSON.parse(readFileSync(this.#recordPath(bucket, key), 'utf8')) as StoredRecord;
    return this.#file(bucket, record.dataFile);
  }

  #change<T>(work: () => Promise<T>): Promise<T> {
    const change = this.#lastChange.then(work, work);
    this.#lastChange = change;
    return change;
  }

  async #readRecord(bucket: string, key: string): Promise<StoredRecord | undefined> {
    return readRecordFile(this.#recordPath(bucket, key));
  }

  async #writeRecord(bucket: string, record: StoredRecord): Promise<void> {
    const path = this.#recordPath(bucket, record.key);
    const unfinished = `${path}.${randomUUID()}`;
    await writeFile(unfinished, JSON.stringify(record));
    await rename(unfinished, path);
  }

  #recordPath(bucket: string, key: string): string {
    return this.#file(bucket, `${keyHash(key)}.json`);
  }

  #file(bucket: string, name: string): string {
    return join(this.#bucketFolder(bucket), name);
  }

  #bucketFolder(bucket: string): string {
    return join(this.#bucketsFolder, bucket);
  }
}

const keyHash = (key: string): string => createHash('sha256').update(key, 'utf8').digest('hex');

async function readRecordFile(path: string): Promise<StoredRecord | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as StoredRecord;
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

function hasCode(error: unknown, code: string): boolean {
  return (error as NodeJS.ErrnoException).code === code;
}
