import { DynamodbTable } from '@cdktf/provider-aws/lib/dynamodb-table/index.js';
import { Construct } from 'constructs';

export interface LedgerTableProps {
  tableName: string;
}

/**
 * What has been copied, and who may open how many sessions: one table for all partners, a partition for each of their
 * folders, and one for their sessions. It costs per request, and nothing while nothing runs.
 */
export class LedgerTable extends Construct {
  public readonly tableName: string;
  public readonly arn: string;

  constructor(scope: Construct, id: string, props: LedgerTableProps) {
    super(scope, id);
    const table = new DynamodbTable(this, 'table', {
      name: props.tableName,
      billingMode: 'PAY_PER_REQUEST',
      hashKey: 'pk',
      rangeKey: 'sk',
      attribute: [
        { name: 'pk', type: 'S' },
        { name: 'sk', type: 'S' },
      ],
      ttl: { attributeName: 'ttl', enabled: true },
      // Without it every file of every folder is new again.
      pointInTimeRecovery: { enabled: true },
      deletionProtectionEnabled: true,
    });
    this.tableName = table.name;
    this.arn = table.arn;
  }
}
