import { SFNClient } from '@aws-sdk/client-sfn';
import { createDynamoDbClient } from '../../ledger/dynamodb/dynamodb-client.ts';
import { dynamoDbUploads } from '../../ledger/partner-uploads.ts';
import { isClaimOver, removalsClaim } from '../../ledger/upload-claims.ts';
import { createS3Client } from '../../s3/client.ts';
import { S3ObjectStore } from '../../s3/object-store.ts';
import { systemClock } from '../../transfer/clock.ts';
import { UploadFailedError } from '../../transfer/errors.ts';
import { executionEnd } from '../reserve-sessions/step-functions-end.ts';
import { readKeepPartsDays, readPartnerName, readSessionTable } from '../shared/env.ts';
import { lambdaHandler } from '../shared/lambda-handler.ts';
import { type AbortUploadPorts, handleAbortRequest } from './abort-upload.ts';
import { abortUploadRequestSchema } from './event.ts';
import { StepFunctionsHistory } from './step-functions-history.ts';

const store = new S3ObjectStore(createS3Client());
const stepFunctions = new SFNClient();
const history = new StepFunctionsHistory(stepFunctions);
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
    ...('detail' in event && { execution_id: event.detail.executionArn }),
    ...('execution_id' in event && { execution_id: event.execution_id }),
  }),
  run: (event, { signal, telemetry }) => {
    const endOf = (execution: string) => executionEnd(stepFunctions, execution, signal);
    const claiming: AbortUploadPorts['claiming'] = {
      claimOf: (removal) => removalsClaim(removal, Date.now()),
      isOver: (claim) => isClaimOver(claim, Date.now(), endOf),
    };
    const keeping = uploads && { uploads, keepingHistory: history, claiming };
    return handleAbortRequest(event, { store, history, telemetry, clock: systemClock, ...keeping }, signal);
  },
  deadlineError: (message) => new UploadFailedError(message),
});
