import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import dynalite from 'dynalite';
import { dynamoDbLedger } from '../../ledger/dynamodb/dynamodb-ledger.ts';
import { createLedgerTable, localDynamoDb } from '../support/aws/ledger-table.ts';
import { ledgerContract } from './ledger.contract.ts';

// dynalite 4 does not show the row with a refusal, as DynamoDB does: the ledger reads it.
describe('the ledger in DynamoDB, on dynalite', () => {
  const server = dynalite({ createTableMs: 0 });
  let client: DynamoDBClient;
  afterAll(() => {
    client?.destroy();
    server.close();
  });

  ledgerContract(async () => {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    client = localDynamoDb(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    await createLedgerTable(client, 'ledger');
    return {
      open: async (collection, nowMs) => {
        const [partner = '', folder = ''] = collection.split('#');
        return dynamoDbLedger({ client, tableName: 'ledger', partner, folder, nowMs, pageRows: 7 });
      },
    };
  });
});
