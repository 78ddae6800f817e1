import { createDynamoDbClient } from '../../ledger/dynamodb/dynamodb-client.ts';
import { dynamoDbLedger } from '../../ledger/dynamodb/dynamodb-ledger.ts';
import { systemClock } from '../../transfer/clock.ts';
import { readPartnerName, readSessionTable } from './env.ts';

/** The ledger of each of the partner's folders by the folder's name, over one client of the stack's table. */
export function folderLedgers(env: NodeJS.ProcessEnv) {
  const partner = readPartnerName(env);
  const tableName = readSessionTable(env);
  const client = createDynamoDbClient();
  return (folder: string) => dynamoDbLedger({ client, tableName, partner, folder, nowMs: systemClock.nowMs });
}
