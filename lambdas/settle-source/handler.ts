import { createS3Client } from '../../s3/client.ts';
import { S3ObjectStore } from '../../s3/object-store.ts';
import { S3StateFiles } from '../../s3/state-files.ts';
import { systemClock } from '../../transfer/clock.ts';
import { SftpConnectionError } from '../../transfer/errors.ts';
import { readPartnerName, readSftpSettings, readStateBucket } from '../shared/env.ts';
import { folderLedgers } from '../shared/folder-ledgers.ts';
import { lambdaHandler } from '../shared/lambda-handler.ts';
import { createPartnerServer } from '../shared/partner-server.ts';
import { settleSourceEventSchema } from './event.ts';
import { settleSourcesOfRun } from './settle-sources-of-run.ts';

const partner = readPartnerName(process.env);
const server = createPartnerServer(readSftpSettings(process.env));
const ledgerOf = folderLedgers(process.env);
const s3 = createS3Client();
const store = new S3ObjectStore(s3);
const files = new S3StateFiles(s3, readStateBucket(process.env));

export const handler = lambdaHandler({
  name: 'settle-source',
  partner,
  eventSchema: settleSourceEventSchema,
  logFields: ({ execution_id, run_id }) => ({ execution_id, run_id }),
  run: (event, { telemetry, signal, deadlineAtMs }) =>
    settleSourcesOfRun(
      event,
      {
        server,
        telemetry,
        clock: systemClock,
        random: Math.random,
        files,
        store,
        ledgerOf,
      },
      { partner, deadlineAtMs },
      signal,
    ),
  deadlineError: (message) => new SftpConnectionError(message),
});
