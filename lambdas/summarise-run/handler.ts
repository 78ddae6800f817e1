import { createS3Client } from '../../s3/client.ts';
import { S3StateFiles } from '../../s3/state-files.ts';
import { systemClock } from '../../transfer/clock.ts';
import { UploadFailedError } from '../../transfer/errors.ts';
import { readPartnerName, readStateBucket } from '../shared/env.ts';
import { lambdaHandler } from '../shared/lambda-handler.ts';
import { summariseRunEventSchema } from './event.ts';
import { summariseRun } from './summarise-run.ts';

const partner = readPartnerName(process.env);
const files = new S3StateFiles(createS3Client(), readStateBucket(process.env));

export const handler = lambdaHandler({
  name: 'summarise-run',
  partner,
  eventSchema: summariseRunEventSchema,
  logFields: ({ execution_id, run }) => ({ execution_id, run_id: run.listing.run_id }),
  run: (event, { telemetry, signal }) =>
    summariseRun(event, { files, telemetry, clock: systemClock }, partner, signal),
  deadlineError: (message) => new UploadFailedError(message),
});
