import { randomUUID } from 'node:crypto';
import { SFNClient } from '@aws-sdk/client-sfn';
import { createS3Client } from '../../s3/client.ts';
import { S3ObjectStore } from '../../s3/object-store.ts';
import { S3StateFiles } from '../../s3/state-files.ts';
import { systemClock } from '../../transfer/clock.ts';
import { LedgerUnavailableError } from '../../transfer/errors.ts';
import { executionEnd } from '../reserve-sessions/step-functions-end.ts';
import { readPartnerName, readServerUrl, readStateBucket } from '../shared/env.ts';
import { folderLedgers } from '../shared/folder-ledgers.ts';
import { lambdaHandler } from '../shared/lambda-handler.ts';
import { claimFile } from './claim-file.ts';
import { claimFileEventSchema } from './event.ts';

const partner = readPartnerName(process.env);
const serverUrl = readServerUrl(process.env);
const ledgerOf = folderLedgers(process.env);
const stepFunctions = new SFNClient();
const s3 = createS3Client();
const store = new S3ObjectStore(s3);
const files = new S3StateFiles(s3, readStateBucket(process.env));

export const handler = lambdaHandler({
  name: 'claim-file',
  partner,
  eventSchema: claimFileEventSchema,
  logFields: ({ execution_id, run_id, file }) => ({ execution_id, run_id, path: file.path }),
  run: (event, { telemetry, signal }) =>
    claimFile(
      event,
      {
        files,
        store,
        serverUrl,
        telemetry,
        clock: systemClock,
        newId: randomUUID,
        // A claim is left alone where Step Functions does not answer: a later run asks again.
        endOf: (executionArn) =>
          executionEnd(stepFunctions, executionArn, signal).catch((error: Error) => {
            telemetry.warn('an execution could not be looked at', {
              execution: executionArn,
              error: error.name,
            });
            return undefined;
          }),
        ledgerOf,
      },
      partner,
      signal,
    ),
  deadlineError: (message) => new LedgerUnavailableError(message),
});
