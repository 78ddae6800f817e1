import { createDynamoDbClient } from '../../ledger/dynamodb/dynamodb-client.ts';
import { dynamoDbUploads } from '../../ledger/partner-uploads.ts';
import { createS3Client } from '../../s3/client.ts';
import { S3ObjectStore } from '../../s3/object-store.ts';
import { systemClock } from '../../transfer/clock.ts';
import { UploadFailedError } from '../../transfer/errors.ts';
import { resumeCommand } from '../../transfer/keep-parts.ts';
import { readPartnerName, readSessionTable } from '../shared/env.ts';
import { lambdaHandler } from '../shared/lambda-handler.ts';
import { keepPartsEventSchema } from './event.ts';
import { keepParts } from './keep-parts.ts';

const partner = readPartnerName(process.env);
const store = new S3ObjectStore(createS3Client());
const uploads = dynamoDbUploads({
  client: createDynamoDbClient(),
  tableName: readSessionTable(process.env),
  partner,
  nowMs: Date.now,
});

export const handler = lambdaHandler({
  name: 'keep-parts',
  partner,
  eventSchema: keepPartsEventSchema,
  logFields: ({ execution_id, file }) => ({ execution_id, path: file.path }),
  run: (event, { signal, telemetry }) =>
    keepParts(event, { store, uploads, telemetry, clock: systemClock, resumeCommand }, signal),
  deadlineError: (message) => new UploadFailedError(message),
});
