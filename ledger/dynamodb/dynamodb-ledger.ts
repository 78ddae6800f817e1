import { folderPartition } from '../../transfer/ledger-partition.ts';
import { type LedgerEntry, stateOf } from '../entry.ts';
import type { FileLedger } from '../ports.ts';
import { StoredLedger } from '../stored-ledger.ts';
import { DynamoDbRows, type DynamoDbRowsOptions } from './dynamodb-rows.ts';

export interface DynamoDbLedgerOptions
  extends Pick<DynamoDbRowsOptions<LedgerEntry>, 'client' | 'tableName' | 'nowMs' | 'pageRows'> {
  partner: string;
  /** Name of the configured folder. */
  folder: string;
}

/** The ledger of a deployed folder: a partition of the stack's table. */
export function dynamoDbLedger({ partner, folder, ...table }: DynamoDbLedgerOptions): FileLedger {
  const rows = new DynamoDbRows<LedgerEntry>({
    ...table,
    partition: folderPartition(partner, folder),
    attributes: (entry) => ({
      state: stateOf(entry),
      ...(entry.expiresAtMs !== undefined && { ttl: entry.expiresAtMs / 1000 }),
    }),
  });
  return new StoredLedger(rows, table.nowMs);
}
