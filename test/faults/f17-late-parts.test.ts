import { Readable } from 'node:stream';
import { CreateMultipartUploadCommand } from '@aws-sdk/client-s3';
import { S3ObjectStore } from '../../s3/object-store.ts';
import { BUCKET } from '../support/s3/landing-store.ts';
import type { S3Fault, S3Request } from '../support/s3/s3-fault-front.ts';
import { describeFault } from './support/fault.ts';
import { EXECUTION_ARN, withFunctions } from './support/functions.ts';
import { withPartner } from './support/partner-rig.ts';

describeFault('F17', 'a part lands after the abort was answered', (tell) => {
  test('AbortUpload repeats until ListParts says NoSuchUpload', async () => {
    const partSent = Promise.withResolvers<void>();
    const abortAnswered = Promise.withResolvers<void>();
    const partLanded = Promise.withResolvers<void>();
    // S3 says that a part on its way may land after an abort was answered: here the first abort does nothing else.
    const s3FaultOf = ({ operation, number }: S3Request): S3Fault | undefined => {
      if (operation === 'UploadPart') {
        partSent.resolve();
        return { what: 'hold', until: abortAnswered.promise };
      }
      if (operation === 'AbortMultipartUpload' && number === 1) return { what: 'feign' };
      if (operation === 'ListParts') {
        abortAnswered.resolve(); // AbortUpload looks only after it had its answer
        return { what: 'hold', until: partLanded.promise };
      }
      return undefined;
    };
    await withPartner(
      async (rig) => {
        await withFunctions(rig, async ({ invoke }) => {
          const target = { Bucket: BUCKET, Key: 'big', ChecksumAlgorithm: 'CRC64NVME' as const };
          const { UploadId = '' } = await rig.s3.send(new CreateMultipartUploadCommand(target));
          const store = new S3ObjectStore(rig.s3);
          const late = store.uploadPart(
            { bucket: BUCKET, key: 'big', uploadId: UploadId },
            { partNumber: 1, sizeBytes: 4, body: Readable.from([Buffer.from('late')]) },
            new AbortController().signal,
          );
          await partSent.promise;
          const event = { execution_id: EXECUTION_ARN, upload_id: UploadId, bucket: BUCKET, key: 'big' };

          const aborted = invoke('abort-upload', event);

          await expect(late).resolves.toBeUndefined();
          expect(await rig.store.openUploads()).toEqual([UploadId]);
          partLanded.resolve();
          await expect(aborted).resolves.toEqual({ aborted_uploads: 1 });
          const aborts = rig.front.count('AbortMultipartUpload');
          expect(aborts).toBe(2);
          expect(rig.front.faults).toContain('AbortMultipartUpload: feign');
          tell(`aborted ${aborts} times, ListParts says NoSuchUpload, no upload left`);
        });
      },
      { s3FaultOf },
    );
  });
});
