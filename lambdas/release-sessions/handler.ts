import { createDynamoDbClient } from '../../ledger/dynamodb/dynamodb-client.ts';
import { dynamoDbSessions } from '../../ledger/partner-sessions.ts';
import { systemClock } from '../../transfer/clock.ts';
import { LedgerUnavailableError } from '../../transfer/errors.ts';
import { readDrainMs, readPartnerName, readSessionTable } from '../shared/env.ts';
import { lambdaHandler } from '../shared/lambda-handler.ts';
import { releaseSessionsEventSchema } from './event.ts';
import { releaseSessions } from './release-sessions.ts';

const partner = readPartnerName(process.env);
const drainMs = readDrainMs(process.env);
const sessions = dynamoDbSessions({
  client: createDynamoDbClient(),
  tableName: readSessionTable(process.env),
  partner,
  nowMs: Date.now,
});

export const handler = lambdaHandler({
  name: 'release-sessions',
  partner,
  eventSchema: releaseSessionsEventSchema,
  logFields: ({ execution_id }) => ({ execution_id }),
  run: (event, { telemetry, signal }) =>
    releaseSessions(event, { sessions, telemetry, clock: systemClock }, drainMs, signal),
  deadlineError: (message) => new LedgerUnavailableError(message),
});
