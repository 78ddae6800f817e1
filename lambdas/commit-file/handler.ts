import { randomUUID } from 'node:crypto';
import { createS3Client } from '../../s3/client.ts';
import { S3ObjectStore } from '../../s3/object-store.ts';
import { S3StateFiles } from '../../s3/state-files.ts';
import { LedgerUnavailableError } from '../../transfer/errors.ts';
import { readPartnerName, readServerUrl, readStateBucket } from '../shared/env.ts';
import { folderLedgers } from '../shared/folder-ledgers.ts';
import { lambdaHandler } from '../shared/lambda-handler.ts';
import { commitFile } from './commit-file.ts';
import { commitFileEventSchema } from './event.ts';

const partner = readPartnerName(process.env);
const serverUrl = readServerUrl(process.env);
const ledgerOf = folderLedgers(process.env);
const s3 = createS3Client();
const store = new S3ObjectStore(s3);
const files = new S3StateFiles(s3, readStateBucket(process.env));

export const handler = lambdaHandler({
  name: 'commit-file',
  partner,
  eventSchema: commitFileEventSchema,
  logFields: ({ execution_id, run_id, file }) => ({ execution_id, run_id, path: file.path }),
  run: (event, { telemetry, signal }) =>
    commitFile(
      event,
      {
        files,
        store,
        serverUrl,
        telemetry,
        newId: randomUUID,
        ledgerOf,
      },
      partner,
      signal,
    ),
  deadlineError: (message) => new LedgerUnavailableError(message),
});
