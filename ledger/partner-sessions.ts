import { sessionPartition } from '../transfer/ledger-partition.ts';
import { DynamoDbRows, type DynamoDbRowsOptions } from './dynamodb/dynamodb-rows.ts';
import { MemoryRows } from './memory-rows.ts';
import type { PartnerSessions } from './ports.ts';
import type { RowStore } from './row-store.ts';
import { releaseSessions, requestSessions, type SessionLeases } from './session-leases.ts';

const KEY = 'sessions';

/** A partner's session leases in one row of any store. */
function storedSessions(rows: RowStore<SessionLeases>): PartnerSessions {
  return {
    request: (request, signal) => rows.apply(KEY, requestSessions(request), signal),
    release: ({ execution, freeAtMs }, signal) =>
      rows.apply(KEY, releaseSessions(execution, freeAtMs), signal),
  };
}

/** In the stack's table, beside the ledgers of the partner's folders: a folder's name is never empty. */
export function dynamoDbSessions({
  partner,
  ...table
}: Pick<DynamoDbRowsOptions<SessionLeases>, 'client' | 'tableName' | 'nowMs'> & {
  partner: string;
}): PartnerSessions {
  return storedSessions(new DynamoDbRows<SessionLeases>({ ...table, partition: sessionPartition(partner) }));
}

/** For transfers of one process, which share nothing with others. */
export function memorySessions(nowMs: () => number): PartnerSessions {
  return storedSessions(new MemoryRows<SessionLeases>(nowMs));
}
