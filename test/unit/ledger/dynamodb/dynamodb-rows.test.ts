import { ConditionalCheckFailedException, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { dynamoDbLedger } from '../../../../ledger/dynamodb/dynamodb-ledger.ts';

const NOW_MS = Date.UTC(2026, 10, 25, 6);
const CLAIM = {
  path: 'in/Müller.csv',
  sizeBytes: 10,
  modifiedAtSeconds: 1_700_000_000,
  owner: 'run-1',
  leaseMs: 900_000,
  maxFailures: 3,
};

interface Call {
  name: string;
  // biome-ignore lint/suspicious/noExplicitAny: whatever a command was made with
  input: any;
}

/** Answers each call in turn; keeps what was asked. */
function ledgerOver(...answers: ((input: Call['input']) => unknown)[]) {
  const calls: Call[] = [];
  const send = async (command: { constructor: { name: string }; input: Call['input'] }) => {
    calls.push({ name: command.constructor.name, input: command.input });
    const answer = answers[calls.length - 1];
    if (answer === undefined) throw new Error(`call ${calls.length} was not expected`);
    return answer(command.input);
  };
  const client = { send } as unknown as Pick<DynamoDBClient, 'send'>;
  const ledger = dynamoDbLedger({
    client,
    tableName: 't',
    partner: 'acme',
    folder: 'daily',
    nowMs: () => NOW_MS,
  });
  return { ledger, calls };
}

function refused(item?: unknown): never {
  throw new ConditionalCheckFailedException({
    $metadata: {},
    message: 'The conditional request failed',
    ...(item !== undefined && { Item: item as never }),
  });
}

function failed(name: string): never {
  throw Object.assign(new Error(`${name} happened`), { name });
}

test('a claim of a new path is one call, with the documented keys and attributes', async () => {
  const { ledger, calls } = ledgerOver(() => ({}));
  await ledger.claim(CLAIM);
  expect(calls).toEqual([
    {
      name: 'PutItemCommand',
      input: {
        TableName: 't',
        ConditionExpression: 'attribute_not_exists(pk)',
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        Item: {
          pk: { S: 'acme#daily' },
          // printf 'in/Müller.csv' | sha256sum
          sk: { S: '83aec1f481c44c0b8a7610d3599a69ab48a276d8c634af580353393b6c3ddc53' },
          path: { S: 'in/Müller.csv' },
          revision: { S: expect.stringMatching(/^[0-9a-f-]{36}$/) },
          state: { S: 'CLAIMED' },
          first_seen_ms: { N: String(NOW_MS) },
          last_generation: { N: '1' },
          attempt: {
            M: {
              generation: { N: '1' },
              size_bytes: { N: '10' },
              modified_at_seconds: { N: '1700000000' },
              state: { S: 'CLAIMED' },
              failures: { N: '0' },
              claim: { M: { owner: { S: 'run-1' }, until_ms: { N: String(NOW_MS + 900_000) } } },
            },
          },
        },
      },
    },
  ]);
});

test('a refused claim costs one call: the refusal shows the row', async () => {
  const first = ledgerOver(() => ({}));
  await first.ledger.claim(CLAIM);
  const { ledger, calls } = ledgerOver(() => refused(first.calls[0]?.input.Item));
  expect(await ledger.claim({ ...CLAIM, owner: 'run-2' })).toMatchObject({ reason: 'owned-by-other' });
  expect(calls).toHaveLength(1);
});

test('a write whose answer was lost, and which the SDK repeats, is known by its own revision', async () => {
  const { ledger, calls } = ledgerOver((input) => refused(input.Item));
  expect(await ledger.claim(CLAIM)).toMatchObject({ claimed: true });
  expect(calls).toHaveLength(1);
});

test('a row that changed in between is decided on anew', async () => {
  const first = ledgerOver(() => ({}));
  await first.ledger.claim(CLAIM);
  const row = first.calls[0]?.input.Item;
  const later = { ...row, revision: { S: 'later' } };
  const { ledger, calls } = ledgerOver(
    () => ({ Item: row }),
    () => refused(later),
    () => ({}),
  );
  const renewed = await ledger.renew({ path: CLAIM.path, owner: 'run-1', leaseMs: 1_000 });
  expect(renewed.done).toBe(true);
  expect(calls.map(({ name }) => name)).toEqual(['GetItemCommand', 'PutItemCommand', 'PutItemCommand']);
  expect(calls[0]?.input.ConsistentRead).toBe(true);
  expect(calls[1]?.input.ExpressionAttributeValues).toEqual({ ':revision': row.revision });
  expect(calls[2]?.input.ExpressionAttributeValues).toEqual({ ':revision': { S: 'later' } });
});

test('a row that others change without end is given up, as what may pass', async () => {
  let changes = 0;
  const busy = () => {
    changes += 1;
    return { pk: { S: 'acme#daily' }, path: { S: CLAIM.path }, revision: { S: `${changes}` } };
  };
  const { ledger } = ledgerOver(...Array.from({ length: 102 }, () => () => refused(busy())));
  await expect(ledger.claim(CLAIM)).rejects.toMatchObject({
    name: 'LedgerUnavailableError',
    retryable: true,
  });
});

test('a time to live is in whole seconds', async () => {
  const row = { pk: { S: 'acme#daily' }, path: { S: CLAIM.path }, revision: { S: '1' } };
  const { ledger, calls } = ledgerOver(
    () => ({ Item: row }),
    () => ({}),
  );
  await ledger.markGone({ path: CLAIM.path, keepMs: 1_500 });
  expect(calls[1]?.input.Item).toMatchObject({
    ttl: { N: String(NOW_MS / 1000 + 2) },
    expires_at_ms: { N: String(NOW_MS + 2_000) },
  });
});

test.each([
  ['ResourceNotFoundException', 'InvalidTransferRequestError'],
  ['AccessDeniedException', 'InvalidTransferRequestError'],
  ['ValidationException', 'InvalidTransferRequestError'],
  ['ProvisionedThroughputExceededException', 'LedgerUnavailableError'],
  ['ThrottlingException', 'LedgerUnavailableError'],
  ['InternalServerError', 'LedgerUnavailableError'],
  ['TimeoutError', 'LedgerUnavailableError'],
])('%s is a %s', async (name, expected) => {
  const { ledger } = ledgerOver(() => failed(name));
  await expect(ledger.get('a')).rejects.toMatchObject({ name: expected, cause: { name } });
});
