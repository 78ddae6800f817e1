import { createHash, randomBytes } from 'node:crypto';
import { truncateSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lineTelemetry } from '../../local/line-telemetry.ts';
import { runLocalTransfer, type TransferObserver } from '../../local/local-transfer.ts';
import { hashFile } from '../../local/sample-file.ts';
import { Ssh2SftpServer } from '../../sftp/sftp-server.ts';
import type { TransferRequest } from '../../transfer/contracts.ts';
import { crc64NvmeOf } from '../support/s3/crc64-nvme-of.ts';
import { BUCKET, type LandingStore, startLandingStore } from '../support/s3/landing-store.ts';

const MIB = 1_048_576;

/** A server that serves files from this machine, and how to log in to it. */
export interface ServedFolder {
  host: string;
  port: number;
  hostKeyFingerprint: string;
  credentials: ConstructorParameters<typeof Ssh2SftpServer>[0]['credentials'];
  /** The path by which the server knows `file`, which lies in the served folder. */
  remotePath(file: string): string;
  stop(): Promise<void>;
}

/**
 * The end-to-end suite: whole transfers through the workflow file into the embedded S3 server.
 * @param serve starts the SFTP server on a folder
 */
export function describeTransfers(serve: (folder: string) => Promise<ServedFolder>): void {
  let root: string;
  let folder: string;
  let server: ServedFolder;
  let store: LandingStore;

  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'sftp-to-s3-e2e-'));
    folder = join(root, 'outbound');
    await mkdir(folder);
    server = await serve(folder);
    store = await startLandingStore(join(root, 's3'));
  });

  afterAll(async () => {
    await store?.close();
    await server?.stop();
    await rm(root, { recursive: true, force: true });
  });

  async function put(name: string, bytes: Buffer): Promise<string> {
    const file = join(folder, name);
    await writeFile(file, bytes);
    return file;
  }

  function transfer(
    request: TransferRequest,
    changes: { hostKeyFingerprints?: string[]; observer?: TransferObserver; signal?: AbortSignal } = {},
  ) {
    const { host, port, credentials } = server;
    return runLocalTransfer({
      request: { chunk_size_bytes: 5 * MIB, ...request },
      server: new Ssh2SftpServer({
        host,
        port,
        credentials,
        hostKeyFingerprints: changes.hostKeyFingerprints ?? [server.hostKeyFingerprint],
      }),
      s3: store.s3,
      defaults: {
        landingBucket: BUCKET,
        allowedBuckets: [],
        keyPrefix: 'partner',
        chunkSizeBytes: 5 * MIB,
        maxConcurrency: 4,
      },
      telemetry: lineTelemetry(),
      signal: changes.signal ?? new AbortController().signal,
      handsSessionsOn: true,
      retryIntervalMs: 10,
      ...(changes.observer === undefined ? {} : { observer: changes.observer }),
    });
  }

  async function expectNothingLeft(key?: string): Promise<void> {
    expect(await store.openUploads()).toEqual([]);
    if (key !== undefined) expect(await store.keys(key)).toEqual([]);
  }

  test.each([
    ['zero bytes', 0, 1],
    ['one byte', 1, 1],
    ['an exact multiple of the chunk', 10 * MIB, 2],
    ['one byte more', 10 * MIB + 1, 3],
    ['many chunks', 31 * MIB + 12_345, 7],
  ])('%s arrive byte-identical', async (name, sizeBytes, parts) => {
    const bytes = randomBytes(sizeBytes);
    const file = await put(`${name}.bin`, bytes);
    const key = `sizes/${name}`;

    const outcome = await transfer({ sftp_file_path: server.remotePath(file), target_s3_key: key });

    expect(outcome).toMatchObject({
      status: 'SUCCEEDED',
      object: { bucket: BUCKET, key, size_bytes: sizeBytes, parts },
    });
    expect(await store.hashOf(key)).toBe(createHash('sha256').update(bytes).digest('hex'));
    if (sizeBytes <= MIB) {
      expect(outcome).toMatchObject({ object: { checksum_crc64nvme: crc64NvmeOf(bytes) } });
    }
    await expectNothingLeft();
  });

  test('a path with spaces and letters of every kind becomes the default key', async () => {
    const file = await put('Übersicht ½ – 決算 (final).zip', Buffer.from('content'));
    const remotePath = server.remotePath(file);

    const outcome = await transfer({ sftp_file_path: remotePath });

    const key = `partner${remotePath}`;
    expect(outcome).toMatchObject({ status: 'SUCCEEDED', object: { key } });
    expect(await store.hashOf(key)).toBe(createHash('sha256').update('content').digest('hex'));
  });

  test('a missing file', async () => {
    const outcome = await transfer({ sftp_file_path: server.remotePath(join(folder, 'nothing')) });

    expect(outcome).toMatchObject({ status: 'FAILED', error: 'SourceNotFoundError' });
    await expectNothingLeft('partner/nothing');
  });

  test('a directory', async () => {
    await mkdir(join(folder, 'directory'));

    const outcome = await transfer({ sftp_file_path: server.remotePath(join(folder, 'directory')) });

    expect(outcome).toMatchObject({ status: 'FAILED', error: 'SourceNotAFileError' });
    await expectNothingLeft();
  });

  test('a host key that is not pinned', async () => {
    const file = await put('secret.bin', Buffer.from('content'));
    const pinned = `SHA256:${createHash('sha256').update('another key').digest('base64').replace('=', '')}`;

    const outcome = await transfer(
      { sftp_file_path: server.remotePath(file), target_s3_key: 'never' },
      { hostKeyFingerprints: [pinned] },
    );

    expect(outcome).toMatchObject({ status: 'FAILED', error: 'HostKeyMismatchError' });
    expect(outcome).toHaveProperty('cause', expect.stringContaining(server.hostKeyFingerprint));
    await expectNothingLeft('never');
  });

  test('a chunk that fails for good aborts the upload, and its error is the execution’s', async () => {
    const file = await put('shrinking.bin', randomBytes(30 * MIB));
    const observer = { chunkLanded: () => truncateSync(file, 6 * MIB) };

    const outcome = await transfer(
      { sftp_file_path: server.remotePath(file), target_s3_key: 'never', max_concurrency: 1 },
      { observer },
    );

    expect(outcome).toMatchObject({ status: 'FAILED', error: 'SourceChangedError' });
    await expectNothingLeft('never');
  });

  test('a stopped execution leaves nothing behind', async () => {
    const file = await put('stopped.bin', randomBytes(30 * MIB));
    const stop = new AbortController();
    const observer = { chunkLanded: () => stop.abort() };

    const outcome = await transfer(
      { sftp_file_path: server.remotePath(file), target_s3_key: 'never', max_concurrency: 2 },
      { observer, signal: stop.signal },
    );

    expect(outcome).toMatchObject({ status: 'ABORTED' });
    await expectNothingLeft('never');
  });

  test('if_exists', async () => {
    const first = await put('first.bin', Buffer.from('first'));
    const second = await put('second.bin', Buffer.from('second'));
    const target = { target_s3_key: 'the-one' };
    await transfer({ sftp_file_path: server.remotePath(first), ...target });

    const refused = await transfer({
      sftp_file_path: server.remotePath(second),
      ...target,
      if_exists: 'fail',
    });
    expect(refused).toMatchObject({ status: 'FAILED', error: 'TargetExistsError' });
    expect(await store.hashOf('the-one')).toBe(await hashFile(first));

    const replaced = await transfer({ sftp_file_path: server.remotePath(second), ...target });
    expect(replaced).toMatchObject({ status: 'SUCCEEDED' });
    expect(await store.hashOf('the-one')).toBe(await hashFile(second));
    await expectNothingLeft();
  });
}
