import { createS3Client } from '../../s3/client.ts';
import { S3ObjectStore } from '../../s3/object-store.ts';
import { systemClock } from '../../transfer/clock.ts';
import { UploadFailedError } from '../../transfer/errors.ts';
import { readPartnerName, readSftpSettings } from '../shared/env.ts';
import { lambdaHandler } from '../shared/lambda-handler.ts';
import { createPartnerServer } from '../shared/partner-server.ts';
import { completeUpload } from './complete-upload.ts';
import { completeUploadEventSchema } from './event.ts';

const server = createPartnerServer(readSftpSettings(process.env));
const store = new S3ObjectStore(createS3Client());

export const handler = lambdaHandler({
  name: 'complete-upload',
  partner: readPartnerName(process.env),
  eventSchema: completeUploadEventSchema,
  logFields: ({ execution_id, file }) => ({ execution_id, path: file.path }),
  run: (event, { signal, telemetry }) =>
    completeUpload(event, { server, store, telemetry, clock: systemClock }, signal),
  deadlineError: (message) => new UploadFailedError(message),
});
