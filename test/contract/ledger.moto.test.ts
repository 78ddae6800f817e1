import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { dynamoDbLedger } from '../../ledger/dynamodb/dynamodb-ledger.ts';
import { createLedgerTable, localDynamoDb } from '../support/aws/ledger-table.ts';
import { describeUnless } from '../support/optional-suite.ts';
import { type MotoServer, motoMissing, startMotoServer } from '../support/s3/moto-server.ts';
import { ledgerContract } from './ledger.contract.ts';

describeUnless(motoMissing, "the ledger in DynamoDB, on moto's", () => {
  let server: MotoServer;
  let client: DynamoDBClient;
  afterAll(() => {
    client?.destroy();
    return server?.stop();
  });

  ledgerContract(async () => {
    server = await startMotoServer();
    client = localDynamoDb(server.endpoint);
    await createLedgerTable(client, 'ledger');
    return {
      open: async (collection, nowMs) => {
        const [partner = '', folder = ''] = collection.split('#');
        return dynamoDbLedger({ client, tableName: 'ledger', partner, folder, nowMs, pageRows: 7 });
      },
    };
  });
});
