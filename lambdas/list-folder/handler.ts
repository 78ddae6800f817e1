import { createS3Client } from '../../s3/client.ts';
import { S3StateFiles } from '../../s3/state-files.ts';
import { systemClock } from '../../transfer/clock.ts';
import { TransferTooSlowError } from '../../transfer/errors.ts';
import { readPartnerName, readSftpSettings, readStateBucket, readTransferDefaults } from '../shared/env.ts';
import { folderLedgers } from '../shared/folder-ledgers.ts';
import { lambdaHandler } from '../shared/lambda-handler.ts';
import { createCanaryServer } from '../shared/partner-server.ts';
import { listFolderEventSchema } from './event.ts';
import { planRun } from './list-folder.ts';

const LISTED_TOO_SLOWLY =
  "the folder could not be listed within a function's 15 minutes: ask the partner to divide it, or lower maxDepth of the folder";

const partner = readPartnerName(process.env);
const server = createCanaryServer(readSftpSettings(process.env));
const { landingBucket, keyPrefix, chunkSizeBytes } = readTransferDefaults(process.env);
const ledgerOf = folderLedgers(process.env);
const files = new S3StateFiles(createS3Client(), readStateBucket(process.env));

export const handler = lambdaHandler({
  name: 'list-folder',
  partner,
  eventSchema: listFolderEventSchema,
  logFields: ({ execution_id, request }) => ({ execution_id, folder: request.folder }),
  run: (event, { telemetry, signal }) =>
    planRun(
      event,
      {
        server,
        telemetry,
        clock: systemClock,
        files,
        ledgerOf,
      },
      { partner, bucket: landingBucket, keyPrefix, chunkSizeBytes },
      signal,
    ),
  // The function has the longest time that Lambda gives: raising it cannot be advised.
  deadlineError: () => new TransferTooSlowError(LISTED_TOO_SLOWLY),
});
