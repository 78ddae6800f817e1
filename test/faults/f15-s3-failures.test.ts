import type { S3Fault, S3Operation, S3Request } from '../support/s3/s3-fault-front.ts';
import { MIB } from '../support/transfer-rig.ts';
import { describeFault } from './support/fault.ts';
import { withPartner } from './support/partner-rig.ts';

/** The fault of these requests of one operation, by their numbers. */
const on =
  (operation: S3Operation, numbers: number[], fault: S3Fault) =>
  (request: S3Request): S3Fault | undefined =>
    request.operation === operation && numbers.includes(request.number) ? fault : undefined;

const ALWAYS = Array.from({ length: 1_000 }, (_, index) => index + 1);
const failed = (status: 500 | 503): S3Fault => ({ what: 'refuse', status });

describeFault('F15', 'S3 fails', (tell) => {
  test.each<[string, (request: S3Request) => S3Fault | undefined]>([
    ['500 to CreateMultipartUpload', on('CreateMultipartUpload', [1, 2], failed(500))],
    ['503 to UploadPart', on('UploadPart', [1, 2, 4], failed(503))],
    ['resets in mid-upload', on('UploadPart', [1, 3, 4], { what: 'reset', afterBytes: 2 * MIB })],
    ['lost answer of UploadPart', on('UploadPart', [2], { what: 'lose the answer' })],
    ['slow UploadPart', on('UploadPart', [1, 2], { what: 'delay', delayMs: 500 })],
    ['503 to ListParts', on('ListParts', [1, 2, 3], failed(503))],
    ['500 to CompleteMultipartUpload', on('CompleteMultipartUpload', [1, 2], failed(500))],
    ['error inside 200 on completion', on('CompleteMultipartUpload', [1, 2], { what: 'error inside 200' })],
    ['lost answer of completion', on('CompleteMultipartUpload', [1], { what: 'lose the answer' })],
    ['reset of completion', on('CompleteMultipartUpload', [1], { what: 'reset', afterBytes: 0 })],
    ['503 to HeadObject', on('HeadObject', [1, 3], failed(503))],
  ])('%s: landed', async (name, s3FaultOf) => {
    await withPartner(
      async (rig) => {
        const { path, sha256 } = await rig.put('big.bin', 12 * MIB);

        const { outcome } = await rig.transfer(rig.source(), { sftp_file_path: path, target_s3_key: 'big' });

        expect(outcome).toMatchObject({ status: 'SUCCEEDED', object: { size_bytes: 12 * MIB, parts: 3 } });
        expect(await rig.store.hashOf('big')).toBe(sha256);
        expect(rig.front.faults.length).toBeGreaterThan(0);
        tell(`${name} x${rig.front.faults.length}: landed`);
      },
      { s3FaultOf },
    );
  });

  test('every completion succeeds and loses its answer: recognised as success, by the proof of HeadObject', async () => {
    await withPartner(
      async (rig) => {
        const { path, sha256 } = await rig.put('big.bin', 12 * MIB);

        const { outcome, attempts, written } = await rig.transfer(rig.source(), {
          sftp_file_path: path,
          target_s3_key: 'big',
          if_exists: 'fail',
        });

        expect(outcome).toMatchObject({ status: 'SUCCEEDED', object: { parts: 3 } });
        expect(await rig.store.hashOf('big')).toBe(sha256);
        expect(rig.front.faults).toContain('CompleteMultipartUpload: lose the answer');
        expect(attempts.filter(({ step }) => step === 'CompleteUpload')).toHaveLength(1);
        expect(written.join('\n')).toContain('the completion succeeded although its answer was lost');
        tell(`all ${rig.front.faults.length} answers of completion lost: proved by HeadObject, landed`);
      },
      { s3FaultOf: on('CompleteMultipartUpload', ALWAYS, { what: 'lose the answer' }) },
    );
  });

  test.each<[string, S3Operation, S3Fault]>([
    ['503 for good to UploadPart', 'UploadPart', failed(503)],
    ['resets for good in UploadPart', 'UploadPart', { what: 'reset', afterBytes: MIB }],
    ['error inside 200 for good', 'CompleteMultipartUpload', { what: 'error inside 200' }],
  ])('%s: named, and nothing is left', async (name, operation, fault) => {
    await withPartner(
      async (rig) => {
        const { path } = await rig.put('big.bin', 12 * MIB);

        const { outcome } = await rig.transfer(rig.source(), { sftp_file_path: path, target_s3_key: 'big' });

        expect(outcome).toMatchObject({ status: 'FAILED', error: 'UploadFailedError' });
        expect(await rig.store.keys('big')).toEqual([]);
        tell(`${name} x${rig.front.faults.length}: UploadFailedError, aborted`);
      },
      { s3FaultOf: on(operation, ALWAYS, fault) },
    );
  });
});
