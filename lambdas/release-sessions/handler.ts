import { createDynamoDbClient } from '../../ledger/dynamodb/dynamodb-client.ts';
import { dynamoDbSessions } from '../../ledger/partner-sessions.ts';
import { dynamoDbUploads } from '../../ledger/partner-uploads.ts';
import { systemClock } from '../../transfer/clock.ts';
import { LedgerUnavailableError } from '../../transfer/errors.ts';
import { readDrainMs, readKeepPartsDays, readPartnerName, readSessionTable } from '../shared/env.ts';
import { lambdaHandler } from '../shared/lambda-handler.ts';
import { releaseSessionsEventSchema } from './event.ts';
import { releaseSessions } from './release-sessions.ts';

const partner = readPartnerName(process.env);
const drainMs = readDrainMs(process.env);
const table = {
  client: createDynamoDbClient(),
  tableName: readSessionTable(process.env),
  partner,
  nowMs: Date.now,
};
const sessions = dynamoDbSessions(table);
const uploads = readKeepPartsDays(process.env) === 0 ? undefined : dynamoDbUploads(table);

export const handler = lambdaHandler({
  name: 'release-sessions',
  partner,
  eventSchema: releaseSessionsEventSchema,
  logFields: ({ execution_id }) => ({ execution_id }),
  run: (event, { telemetry, signal }) =>
    releaseSessions(
      event,
      { sessions, telemetry, clock: systemClock, ...(uploads && { uploads }) },
      drainMs,
      signal,
    ),
  deadlineError: (message) => new LedgerUnavailableError(message),
});
