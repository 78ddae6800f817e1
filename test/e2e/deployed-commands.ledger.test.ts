import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import dynalite from 'dynalite';
import { dynamoDbLedger } from '../../ledger/dynamodb/dynamodb-ledger.ts';
import type { FileLedger } from '../../ledger/ports.ts';
import { ACME, CREDENTIALS, startDeployedPartners } from '../support/aws/deployed-partners.ts';
import type { FakeStepFunctions } from '../support/aws/fake-step-functions.ts';
import { createLedgerTable, localDynamoDb } from '../support/aws/ledger-table.ts';
import { runCommand } from '../support/command-line.ts';
import { configureOnePartner } from '../support/one-partner.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const TABLE = 'sftp-to-s3-ledger';
const LEASE_MS = 600_000;
const OBJECT = { bucket: 'landing', key: 'acme/a.csv', etag: '"e"', versionId: 'v1', crc64Nvme: 'c' };

jest.setTimeout(60_000);

const directory = temporaryDirectory();
/** A configuration in which the partner has these folders. */
const configured = (...names: string[]) =>
  configureOnePartner(join(directory, `${names.join('-')}.json`), {
    folders: names.map((name) => ({ name, path: `/${name}`, target: `${name}/{path}` })),
  });

const server = dynalite({ createTableMs: 0 });
let client: DynamoDBClient;
let endpoint: string;
let folders = 0;
let folder: string;
let ledger: FileLedger;

beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  client = localDynamoDb(endpoint);
  await createLedgerTable(client, TABLE);
});
afterAll(() => {
  client.destroy();
  server.close();
});
beforeEach(() => {
  folders += 1;
  folder = `folder-${folders}`;
  ledger = ledgerOf('acme', folder);
});

const ledgerOf = (partner: string, name: string): FileLedger =>
  dynamoDbLedger({ client, tableName: TABLE, partner, folder: name, nowMs: Date.now });

const run = (...args: string[]) =>
  runCommand(['ledger', 'acme', folder, ...args, '--endpoint-url', endpoint], {
    ...CREDENTIALS,
    ...configured(folder),
  });

const claim = (path: string, owner = 'run-1/batch-1') =>
  ledger.claim({ path, sizeBytes: 3, modifiedAtSeconds: 5, owner, leaseMs: LEASE_MS, maxFailures: 5 });

async function land(path: string): Promise<void> {
  await claim(path);
  await ledger.commit({ path, owner: 'run-1/batch-1', generation: 1, object: OBJECT, afterProof: 'none' });
}

test('shows every row by its path, those of one state where one is asked for, and nothing of another folder', async () => {
  await land('b.csv');
  await claim('a\nb.csv');
  await claim('c.csv');
  await ledger.fail({
    path: 'c.csv',
    owner: 'run-1/batch-1',
    error: { name: 'SftpStalledError', message: 'silent' },
  });
  await ledgerOf('acme', `${folder}-other`).hold({ path: 'other', reason: 'x' });
  await ledgerOf('globex', folder).hold({ path: 'other', reason: 'x' });

  const shown = await run('--json');
  expect(shown.exitCode).toBe(0);
  expect(shown.json()).toEqual({
    entries: [
      expect.objectContaining({ path: 'a\nb.csv', state: 'CLAIMED', landed_at: null, key: null }),
      expect.objectContaining({
        path: 'b.csv',
        state: 'DONE',
        generation: 1,
        bucket: 'landing',
        key: 'acme/a.csv',
      }),
      expect.objectContaining({
        path: 'c.csv',
        state: 'FAILED',
        failures: 1,
        error: { name: 'SftpStalledError', message: 'silent' },
      }),
    ],
  });
  const failed = await run('--state', 'FAILED');
  expect(failed.stdout).toContain('"c.csv"');
  expect(failed.stdout).toContain('SftpStalledError');
  expect(failed.stdout).not.toContain('b.csv');
  // A name with a line end has one line.
  expect((await run()).stdout.trimEnd().split('\n')).toHaveLength(4);
});

test('a folder without a row says so', async () => {
  expect(await run()).toMatchObject({ exitCode: 0, stdout: 'No rows.\n' });
});

describe('--forget', () => {
  test('a file that has landed is new again', async () => {
    await land('a.csv');
    expect(await claim('a.csv', 'run-2/batch-1')).toMatchObject({ claimed: false, reason: 'landed' });
    expect((await run('--forget', 'a.csv', '--json')).json()).toEqual({ forgotten: 'a.csv' });
    expect(await ledger.get('a.csv')).toBeUndefined();
    expect(await claim('a.csv', 'run-2/batch-1')).toMatchObject({ claimed: true });
  });

  test('a path without a row is told, and is no failure', async () => {
    expect(await run('--forget', 'typo.csv')).toMatchObject({
      exitCode: 0,
      stdout: 'There is no row of typo.csv.\n',
    });
  });

  test('what a worker is at stays: it would be copied twice', async () => {
    await claim('a.csv');
    const refused = await run('--forget', 'a.csv', '--json');
    expect(refused.exitCode).toBe(1);
    expect(refused.json()).toEqual({ forgotten: null, reason: 'claimed' });
    expect(await ledger.get('a.csv')).toMatchObject({ attempt: { state: 'CLAIMED' } });
  });

  test('what is held stays held', async () => {
    await ledger.hold({ path: 'a.csv', reason: 'wrong data' });
    expect(await run('--forget', 'a.csv')).toMatchObject({
      exitCode: 1,
      stdout: 'Not forgotten: it is held: release it first.\n',
    });
    expect(await ledger.get('a.csv')).toMatchObject({ hold: { reason: 'wrong data' } });
  });
});

describe('--hold and --release', () => {
  test('nothing of a held path is claimed, not even one that was never seen; released, it is as before', async () => {
    await land('a.csv');
    for (const path of ['a.csv', 'new.csv'])
      expect((await run('--hold', path, '--reason', 'wrong data', '--json')).json()).toEqual({ held: path });
    expect((await run('--json')).json()).toMatchObject({
      entries: [
        { path: 'a.csv', state: 'HELD', held_because: 'wrong data' },
        { path: 'new.csv', state: 'HELD', held_because: 'wrong data' },
      ],
    });
    expect(await claim('new.csv')).toMatchObject({ claimed: false, reason: 'held' });

    for (const path of ['a.csv', 'new.csv']) expect((await run('--release', path)).exitCode).toBe(0);
    expect(await ledger.get('a.csv')).toMatchObject({ landed: { generation: 1 } });
    expect(await ledger.get('a.csv')).not.toHaveProperty('hold');
    expect(await claim('new.csv')).toMatchObject({ claimed: true });
  });

  test('a hold has a reason without one being given', async () => {
    await run('--hold', 'a.csv');
    expect(await ledger.get('a.csv')).toMatchObject({ hold: { reason: 'held by an operator' } });
  });
});

describe('--replay', () => {
  let aws: FakeStepFunctions;
  const machine = `${ACME}-folders`;
  beforeEach(async () => {
    aws = await startDeployedPartners();
  });
  afterEach(() => aws.close());
  const replay = (...args: string[]) =>
    runCommand(['ledger', 'acme', 'daily', ...args, '--endpoint-url', aws.endpoint], {
      ...CREDENTIALS,
      ...configured('daily'),
    });

  test('starts a run of the folder over this path alone, whether or not it has landed', async () => {
    aws.stateMachines.push(machine);
    const started = await replay('--replay', 'in/a b.csv', '--json');
    expect(started.exitCode).toBe(0);
    const [start] = aws.calls.filter(({ action }) => action === 'StartExecution');
    expect(start?.body.stateMachineArn).toBe(machine);
    expect(JSON.parse(String(start?.body.input))).toEqual({
      folder: 'daily',
      only: ['in/a b.csv'],
      force: true,
    });
    expect(started.json()).toEqual({
      status: 'RUNNING',
      execution: expect.stringMatching(/:execution:.*acme-folders:/),
    });
  });

  test('a partner whose folders are not deployed is told, and nothing is started', async () => {
    const { exitCode, stderr } = await replay('--replay', 'a.csv');
    expect(exitCode).not.toBe(0);
    expect(stderr).toContain('sftp-to-s3-acme-folders');
    expect(aws.calls.some(({ action }) => action === 'StartExecution')).toBe(false);
  });
});

describe('what is asked wrongly changes nothing', () => {
  test.each([
    [
      'two changes at once',
      ['--forget', 'a.csv', '--hold', 'b.csv'],
      '--forget, --hold, --release and --replay',
    ],
    ['a state that is none', ['--state', 'LOST'], 'Allowed choices are'],
  ])('%s', async (_name, args, words) => {
    await land('a.csv');
    const { exitCode, stderr } = await run(...args);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(words);
    expect(await ledger.get('a.csv')).toMatchObject({ landed: { generation: 1 } });
  });

  test('a state machine in place of the partner: rows are found by its name', async () => {
    const { exitCode, stderr } = await runCommand(
      ['ledger', ACME, 'daily', '--endpoint-url', endpoint],
      CREDENTIALS,
    );
    expect(exitCode).toBe(2);
    expect(stderr).toContain('name the partner');
  });

  test('a table that is not there is told as what AWS answered', async () => {
    const { exitCode, stderr, stdout } = await runCommand(
      ['ledger', 'acme', 'daily', '--stack-name', 'other', '--endpoint-url', endpoint],
      { ...CREDENTIALS, AWS_REGION: 'eu-central-1' },
    );
    expect(exitCode).not.toBe(0);
    expect(stderr).toMatch(/ResourceNotFound|not found/i);
    expect(stdout).toBe('');
  });
});

describe('a folder that the partner does not have', () => {
  const misspelt = (...args: string[]) =>
    runCommand(['ledger', 'acme', 'dayly', ...args, '--endpoint-url', endpoint], {
      ...CREDENTIALS,
      ...configured('daily', 'weekly'),
    });
  const REASON = '"dayly" is not a folder of acme, which has daily, weekly; did you mean daily?';

  test.each(['--hold', '--release', '--forget', '--replay'])(
    '%s is refused, and changes nothing',
    async (option) => {
      expect((await misspelt(option, 'a.csv', '--json')).json()).toEqual({
        status: 'FAILED',
        error: 'UsageError',
        cause: REASON,
      });
      expect(await ledgerOf('acme', 'dayly').get('a.csv')).toBeUndefined();
    },
  );

  test('its rows are shown, with a word about it: it may have been configured once', async () => {
    await ledgerOf('acme', 'dayly').hold({ path: 'old.csv', reason: 'x' });
    const { exitCode, stderr, stdout } = await misspelt('--json');
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: `${REASON}\n` });
    expect(JSON.parse(stdout)).toMatchObject({ entries: [{ path: 'old.csv' }] });
  });
});

test('without credentials it is AWS that was not asked, and what to do is said', async () => {
  const result = await runCommand(['ledger', 'acme', 'daily'], configured('daily'));
  expect(result).toMatchObject({
    exitCode: 4,
    stderr: expect.stringMatching(/^AwsCallError: .*sign in: aws sso login/),
  });
});
