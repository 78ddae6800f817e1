import { DynamodbTable } from '@cdktf/provider-aws/lib/dynamodb-table/index.js';
import { partner, statements, synthesise } from './synthesised.ts';

const stack = synthesise({ partners: [partner(), partner({ name: 'globex' })] });
const [table] = Object.values(stack.all(DynamodbTable.tfResourceType));

test('one table, with the keys that the ledger writes, and nothing to pay while nothing runs', () => {
  expect(Object.keys(stack.all(DynamodbTable.tfResourceType))).toHaveLength(1);
  expect(table).toMatchObject({
    name: 'test-ledger',
    billing_mode: 'PAY_PER_REQUEST',
    hash_key: 'pk',
    range_key: 'sk',
    attribute: [
      { name: 'pk', type: 'S' },
      { name: 'sk', type: 'S' },
    ],
    ttl: { attribute_name: 'ttl', enabled: true },
  });
});

test('what it holds is kept: point-in-time recovery, and no deletion by accident', () => {
  expect(table).toMatchObject({
    point_in_time_recovery: { enabled: true },
    deletion_protection_enabled: true,
  });
});

test("a partner's functions touch that partner's rows only", () => {
  const ofTable = statements(stack).filter(({ statement }) => statement.Sid === 'ShareSessions');
  expect(ofTable).toHaveLength(4);
  for (const { owner, statement } of ofTable) {
    const name = owner.includes('partner-acme') ? 'acme' : 'globex';
    expect(statement.Action).toEqual(['dynamodb:GetItem', 'dynamodb:PutItem']);
    expect(statement.Condition).toEqual({
      'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': [`${name}#`] },
    });
  }
});
