import { keptUploadPartition } from '../transfer/ledger-partition.ts';
import { DynamoDbRows, type DynamoDbRowsOptions } from './dynamodb/dynamodb-rows.ts';
import { type KeptUpload, type KeptUploads, storedUploads } from './kept-uploads.ts';
import { MemoryRows } from './memory-rows.ts';

/** In the stack's table, in a partition of the partner's own. */
export function dynamoDbUploads({
  partner,
  ...table
}: Pick<DynamoDbRowsOptions<KeptUpload>, 'client' | 'tableName' | 'nowMs'> & {
  partner: string;
}): KeptUploads {
  return storedUploads(new DynamoDbRows<KeptUpload>({ ...table, partition: keptUploadPartition(partner) }));
}

/** Gone with the process. */
export function memoryUploads(nowMs: () => number): KeptUploads {
  return storedUploads(new MemoryRows<KeptUpload>(nowMs));
}
