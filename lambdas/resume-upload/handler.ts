import { createS3Client } from '../../s3/client.ts';
import { Crc64NvmeHasher } from '../../s3/crc64-nvme/hasher.ts';
import { S3ObjectStore } from '../../s3/object-store.ts';
import { systemClock } from '../../transfer/clock.ts';
import { TransferTooSlowError } from '../../transfer/errors.ts';
import { readPartnerName, readSftpSettings } from '../shared/env.ts';
import { lambdaHandler } from '../shared/lambda-handler.ts';
import { createPartnerServer } from '../shared/partner-server.ts';
import { resumeUploadEventSchema } from './event.ts';
import { resumeUpload } from './resume-upload.ts';

const server = createPartnerServer(readSftpSettings(process.env));
const store = new S3ObjectStore(createS3Client());

export const handler = lambdaHandler({
  name: 'resume-upload',
  partner: readPartnerName(process.env),
  eventSchema: resumeUploadEventSchema,
  logFields: ({ execution_id, file }) => ({ execution_id, path: file.path }),
  run: (event, { signal, telemetry }) => {
    const newHasher = () => new Crc64NvmeHasher();
    const ports = { server, store, telemetry, clock: systemClock, random: Math.random, newHasher };
    return resumeUpload(event, ports, signal);
  },
  deadlineError: (message) =>
    new TransferTooSlowError(
      `the finished chunks that prove the resume could not be read in time: ${message}`,
    ),
});
