import { randomBytes } from 'node:crypto';
import { AbortMultipartUploadCommand } from '@aws-sdk/client-s3';
import { KEY, type ResumeRig, startResumeRig } from '../support/resume/resume-rig.ts';
import { BUCKET } from '../support/s3/landing-store.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

/** Each case starts Node anew, on a machine whose every core may be busy. */
jest.setTimeout(300_000);

const MIB = 1024 ** 2;
const CHUNK_BYTES = 5 * MIB;
const CHUNKS = 12;
const TUNING = ['--chunk-size', '5MiB', '--max-concurrency', '2'];

describe('a transfer that is killed', () => {
  const parent = temporaryDirectory();
  let rig: ResumeRig;
  beforeEach(async () => {
    rig = await startResumeRig(parent);
  });
  afterEach(() => rig.close());

  /** Kills the process once the server has sent so many bytes. */
  async function killAfter(bytes: number, more: readonly string[] = []): Promise<void> {
    const { child, ended } = rig.start([...TUNING, ...more]);
    rig.hooks.read = (request, read) => {
      if (rig.bytesServed >= bytes) child.kill('SIGKILL');
      return read(request.lengthBytes);
    };
    const { signal } = await ended;
    delete rig.hooks.read;
    expect(signal).toBe('SIGKILL');
  }

  test('goes on with --resume: what was finished is not read again, but for the sample', async () => {
    const { sha256 } = rig.put(randomBytes(CHUNKS * CHUNK_BYTES));
    await killAfter(0.95 * CHUNKS * CHUNK_BYTES);
    const before = rig.bytesServed;
    const [upload] = await rig.store.openUploads();
    expect(upload).toBeDefined();

    const { exitCode, json, stderr } = await rig.start([...TUNING, '--resume']).ended;

    expect(stderr).toMatch(/Going on: \d+ of 12 chunks/);
    expect([exitCode, json.status]).toEqual([0, 'SUCCEEDED']);
    expect(await rig.store.hashOf(KEY)).toBe(sha256);
    expect(await rig.store.openUploads()).toEqual([]);
    const { finished_chunks: finished, proved_chunks: proved } = json.resumed as {
      finished_chunks: number;
      proved_chunks: number[];
    };
    expect(proved).toHaveLength(3);
    // What the second run has read: the sample, and the chunks that were not finished. At most the part in hand of
    // each worker was not.
    expect(rig.bytesServed - before).toBe((proved.length + CHUNKS - finished) * CHUNK_BYTES);
    const readTwice = rig.bytesServed - CHUNKS * CHUNK_BYTES;
    expect(readTwice).toBeLessThanOrEqual((proved.length + 2) * CHUNK_BYTES);
  });

  test('begins anew without --resume, says that it could go on, and a later one still can', async () => {
    const { sha256 } = rig.put(randomBytes(3 * CHUNK_BYTES));
    await killAfter(2.5 * CHUNK_BYTES);

    const anew = await rig.start(TUNING).ended;
    expect(anew.stderr).toContain('--resume goes on with them instead');
    expect(anew.stderr).not.toContain('To remove');
    expect(anew.json).toMatchObject({ status: 'SUCCEEDED' });
    expect(await rig.store.openUploads()).toHaveLength(1);

    const resumed = await rig.start([...TUNING, '--resume']).ended;
    expect(resumed.stderr).not.toContain('To remove');
    expect(resumed.json).toMatchObject({ status: 'SUCCEEDED', resumed: expect.anything() });
    expect(await rig.store.hashOf(KEY)).toBe(sha256);
    expect(await rig.store.openUploads()).toEqual([]);
  });

  test('whose upload was removed, begins anew with --resume; killed again, it goes on with the newer upload', async () => {
    const { sha256 } = rig.put(randomBytes(5 * CHUNK_BYTES));
    await killAfter(3.5 * CHUNK_BYTES);
    const [UploadId] = await rig.store.openUploads();
    await rig.store.s3.send(new AbortMultipartUploadCommand({ Bucket: BUCKET, Key: KEY, UploadId }));
    await killAfter(rig.bytesServed + 3.5 * CHUNK_BYTES, ['--resume']);

    const { json, stderr } = await rig.start([...TUNING, '--resume']).ended;

    expect(stderr).toMatch(/Going on: [1-5] of 5 chunks/);
    expect(json).toMatchObject({ status: 'SUCCEEDED', resumed: { finished_chunks: expect.any(Number) } });
    expect(await rig.store.hashOf(KEY)).toBe(sha256);
    expect(await rig.store.openUploads()).toEqual([]);
  });

  test('another transfer to the same target is said to be under way, and its upload not to be removed', async () => {
    rig.put(randomBytes(2 * CHUNK_BYTES));
    const held = Promise.withResolvers<void>();
    const asked = Promise.withResolvers<void>();
    rig.hooks.read = async (request, read) => {
      asked.resolve();
      await held.promise;
      return read(request.lengthBytes);
    };
    const first = rig.start(TUNING);
    await asked.promise;
    const second = rig.start(TUNING);
    second.child.stderr?.once('data', () => held.resolve());

    expect((await second.ended).stderr).toContain(`Another transfer to s3://landing/${KEY}, begun`);
    expect((await second.ended).stderr).not.toContain('To remove');
    expect(await first.ended).toMatchObject({ json: { status: 'SUCCEEDED' } });
    delete rig.hooks.read;
  });

  test('with nothing to resume it begins anew, and says so', async () => {
    const { sha256 } = rig.put(randomBytes(1_000));

    const { json, stderr } = await rig.start([...TUNING, '--resume']).ended;

    expect(stderr).toContain('Nothing to resume');
    expect(json).toMatchObject({ status: 'SUCCEEDED' });
    expect(await rig.store.hashOf(KEY)).toBe(sha256);
  });
});
