import { SFNClient } from '@aws-sdk/client-sfn';
import { createDynamoDbClient } from '../../ledger/dynamodb/dynamodb-client.ts';
import { dynamoDbUploads } from '../../ledger/partner-uploads.ts';
import { createS3Client } from '../../s3/client.ts';
import { S3ObjectStore } from '../../s3/object-store.ts';
import { systemClock } from '../../transfer/clock.ts';
import { UploadFailedError } from '../../transfer/errors.ts';
import { readKeepPartsDays, readPartnerName, readSessionTable } from '../shared/env.ts';
import { lambdaHandler } from '../shared/lambda-handler.ts';
import { handleAbortRequest } from './abort-upload.ts';
import { abortUploadRequestSchema } from './event.ts';
import { StepFunctionsHistory } from './step-functions-history.ts';

const store = new S3ObjectStore(createS3Client());
const history = new StepFunctionsHistory(new SFNClient());
const partner = readPartnerName(process.env);
const uploads =
  readKeepPartsDays(process.env) === 0
    ? undefined
    : dynamoDbUploads({
        client: createDynamoDbClient(),
        tableName: readSessionTable(process.env),
        partner,
        nowMs: Date.now,
      });

export const handler = lambdaHandler({
  name: 'abort-upload',
  partner,
  eventSchema: abortUploadRequestSchema,
  logFields: (event) => ({
    execution_id: 'detail' in event ? event.detail.executionArn : event.execution_id,
  }),
  run: (event, { signal, telemetry }) =>
    handleAbortRequest(
      event,
      { store, history, telemetry, clock: systemClock, ...(uploads && { uploads, keepingHistory: history }) },
      signal,
    ),
  deadlineError: (message) => new UploadFailedError(message),
});
