import { SFNClient } from '@aws-sdk/client-sfn';
import type { CheckSessions } from '../../doctor/check-sessions.ts';
import { createDynamoDbClient } from '../../ledger/dynamodb/dynamodb-client.ts';
import type { UploadClaim } from '../../ledger/kept-uploads.ts';
import { dynamoDbSessions } from '../../ledger/partner-sessions.ts';
import { dynamoDbTurns } from '../../ledger/partner-turns.ts';
import { dynamoDbUploads } from '../../ledger/partner-uploads.ts';
import { executionsClaim, isClaimOver } from '../../ledger/upload-claims.ts';
import { systemClock } from '../../transfer/clock.ts';
import { LedgerUnavailableError } from '../../transfer/errors.ts';
import {
  readKeepPartsDays,
  readPartnerName,
  readPatience,
  readReserveSettings,
  readSessionTable,
} from '../shared/env.ts';
import { lambdaHandler } from '../shared/lambda-handler.ts';
import { awaitPartner } from './await-partner.ts';
import { type AwaitedPartner, reserveSessionsEventSchema, type SessionReservation } from './event.ts';
import { reserveForCheck } from './reserve-for-check.ts';
import { reserveSessions } from './reserve-sessions.ts';
import { executionEnd } from './step-functions-end.ts';

const partner = readPartnerName(process.env);
const settings = readReserveSettings(process.env);
const stepFunctions = new SFNClient();
const table = {
  client: createDynamoDbClient(),
  tableName: readSessionTable(process.env),
  partner,
  nowMs: Date.now,
};
const sessions = dynamoDbSessions(table);
const patience = readPatience(process.env);
const turns = dynamoDbTurns(table, patience.turnMs);
const uploads = readKeepPartsDays(process.env) === 0 ? undefined : dynamoDbUploads(table);
const claimOf = (execution: string) => executionsClaim(execution, Date.now());

export const handler = lambdaHandler({
  name: 'reserve-sessions',
  partner,
  eventSchema: reserveSessionsEventSchema,
  logFields: (event) => ({
    execution_id: event.execution_id,
    ...('request' in event && { path: event.request?.sftp_file_path }),
  }),
  run: (event, { telemetry, signal }): Promise<SessionReservation | CheckSessions | AwaitedPartner> => {
    if ('lost_partner' in event && event.lost_partner !== undefined)
      return awaitPartner(event, { turns, clock: systemClock, telemetry }, patience, signal);
    // The execution waits one poll longer where Step Functions does not answer: nobody's sessions are taken away.
    const endOf = (execution: string) =>
      executionEnd(stepFunctions, execution, signal).catch((error: Error) => {
        telemetry.warn('an execution could not be looked at', { execution, error: error.name });
        return undefined;
      });
    if ('check' in event && event.check !== undefined)
      return reserveForCheck(event, { sessions, endOf, telemetry, clock: systemClock }, settings, signal);
    const isOver = (claim: UploadClaim) => isClaimOver(claim, Date.now(), endOf);
    const resuming = uploads && { uploads, isOver, claimOf };
    const ports = { sessions, endOf, telemetry, ...(resuming && { resuming }) };
    return reserveSessions(event, ports, settings, signal);
  },
  deadlineError: (message) => new LedgerUnavailableError(message),
});
