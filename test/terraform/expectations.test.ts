import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { ListMultipartUploadsCommand, ListPartsCommand } from '@aws-sdk/client-s3';
import { type CommandResult, runCommand } from '../support/command-line.ts';
import { describeUnless } from '../support/optional-suite.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { proveGrants, type Reason } from './permissions.suite.ts';
import { Deployment, REGION } from './rig/deployment.ts';
import { type Emulator, startEmulator } from './rig/emulator.ts';
import { endOfExecution, eventually, startExecution } from './rig/executions.ts';
import { type Grant, grantsIn } from './rig/granted.ts';
import { CHUNK_SIZE_BYTES, type LoopbackPartner, startLoopbackPartner } from './rig/loopback-partner.ts';
import { type Mailbox, subscribeMailbox } from './rig/mailbox.ts';
import { findTools } from './rig/tools.ts';

const { tools, missing } = findTools();

const TIMEOUT_MS = 120_000;
const FUNCTION = 'emulated-evaluate-expectations';
const DATE = '2027-03-10';
/** Times of the emulated world are those of Berlin, on the date that is watched. */
const berlin = (time: string, date = DATE): string => `${date}T${time}:00+01:00`;

/** One for each cause of a file of a transfer, and of a folder. */
const EXPECTATIONS = [
  { name: 'prices', path: '/prices.csv', warnAt: '05:30' },
  { name: 'trades', path: '/trades/locked.csv' },
  { name: 'positions', path: '/slow.bin' },
  { name: 'forgotten', path: '/forgotten.csv' },
  { name: 'orders', folder: 'daily', match: 'orders-{date:yyyyMMdd}.csv', warnAt: '05:30' },
  { name: 'invoices', folder: 'daily', match: 'invoices-*.csv', files: 2 },
  { name: 'statements', folder: 'daily', match: 'locked.csv' },
  { name: 'reports', folder: 'weekly' },
].map((expectation) => ({ by: '06:00', timeZone: 'Europe/Berlin', ...expectation }));

const PAGED = {
  prices: 'not on the server',
  trades: 'failed: SourcePermissionError',
  positions: 'being copied',
  forgotten: 'we have not looked',
  orders: 'there, but not ready',
  invoices: 'not on the server',
  statements: 'failed: SourcePermissionError',
  reports: 'we have not looked',
};

const NOT_SEEN_HERE: readonly Reason[] = [
  { action: 'logs:', reason: 'Lambda writes the logs itself' },
  { action: 'xray:', reason: 'the X-Ray daemon of Lambda sends the traces' },
  { action: 'kms:', reason: 'SNS asks for the key of its topic inside Publish' },
  {
    action: 's3:GetObject',
    resource: '-landing-',
    reason: 'objects of a bucket without versions; this one has versions',
  },
  {
    action: 's3:ListBucket',
    reason: 'S3 asks for it inside HeadObject and GetObject, to say "not found" instead of "forbidden"',
  },
];

/** A night of one partner: the files that it has promised by six, its failures, and what comes late. */
describeUnless(missing, 'expectations, by the real Terraform in an emulated AWS', () => {
  const folder = temporaryDirectory();
  const configurationFile = path.join(folder, 'config.json');
  let emulator: Emulator;
  let partner: LoopbackPartner;
  let deployment: Deployment;
  let lambda: LambdaClient;
  let mailbox: Mailbox;
  let machines: { transfers: string; folders: string };
  let landingBucket: string;
  let scheduledInput: string;
  let grants: Grant[];
  let clockOfCommands: Readonly<Record<string, string>> = {};

  const configuration = () => ({
    name: 'emulated',
    region: REGION,
    network: { availabilityZones: [`${REGION}a`] },
    partners: [
      {
        name: 'loopback',
        contact: 'SFTP operations of Loopback',
        host: partner.server.host,
        port: partner.server.port,
        hostKeyFingerprints: [partner.server.hostKeyFingerprint],
        allowedCidrs: ['127.0.0.0/8'],
        maxSessions: 20,
        maxConcurrency: 2,
        chunkSizeBytes: CHUNK_SIZE_BYTES,
        patienceMinutes: 0,
        folders: ['daily', 'weekly'].map((name) => ({
          name,
          path: `/${name}`,
          target: `${name}/{path}`,
          ready: { quietSeconds: 0 },
        })),
        expectations: EXPECTATIONS,
      },
    ],
  });

  const setClock = (time: string): void => {
    clockOfCommands = emulator.setClock(time);
  };
  /** As EventBridge Scheduler does it. */
  async function evaluate(): Promise<{ judged: number; sent: number }> {
    const { FunctionError, Payload } = await lambda.send(
      new InvokeCommand({ FunctionName: FUNCTION, Payload: Buffer.from(scheduledInput) }),
    );
    const answer = Buffer.from(Payload ?? []).toString('utf8');
    if (FunctionError !== undefined) throw new Error(answer);
    return JSON.parse(answer);
  }
  /** What was told of expectations, by their names: the rest of the subject. */
  const told = (): Record<string, string> =>
    Object.fromEntries(
      mailbox.mails.flatMap(({ subject }) => {
        const [, name = '', rest = ''] = new RegExp(`-expected-(\\w+) ${DATE}: (.*)$`).exec(subject) ?? [];
        return name === '' ? [] : [[name, rest]];
      }),
    );
  const toldCount = (): number =>
    mailbox.mails.filter(({ subject }) => subject.includes('-expected-')).length;
  const mailOf = (name: string) => mailbox.next(`-expected-${name} `, TIMEOUT_MS);
  const board = (...args: string[]): Promise<CommandResult> =>
    runCommand(
      ['expected', 'loopback', '--stack-name', 'emulated', '--endpoint-url', emulator.endpoint, ...args],
      {
        ...clockOfCommands,
        AWS_ACCESS_KEY_ID: 'emulated',
        AWS_SECRET_ACCESS_KEY: 'emulated',
        SFTP_TO_S3_CONFIG: configurationFile,
      },
    );
  const start = (name: string, file: string) =>
    startExecution(deployment.stepFunctions, machines.transfers, name, { sftp_file_path: file });
  const end = (execution: string) => endOfExecution(deployment.stepFunctions, execution, TIMEOUT_MS);
  const transfer = async (name: string, file: string) => (await end(await start(name, file))).error;
  const runFolder = async (name: string) =>
    (await end(await startExecution(deployment.stepFunctions, machines.folders, name, { folder: 'daily' })))
      .error;
  const put = (file: string, content: string): void => {
    const target = path.join(partner.folder, file);
    mkdirSync(path.dirname(target), { recursive: true });
    writeFileSync(target, content);
  };
  async function partsOfPositions(): Promise<number> {
    const Bucket = landingBucket;
    const { Uploads = [] } = await deployment.s3.send(new ListMultipartUploadsCommand({ Bucket }));
    const [{ Key, UploadId } = {}] = Uploads;
    if (Key === undefined) return 0;
    const { Parts = [] } = await deployment.s3.send(new ListPartsCommand({ Bucket, Key, UploadId }));
    return Parts.length;
  }

  beforeAll(async () => {
    if (tools === undefined) return;
    partner = await startLoopbackPartner(path.join(folder, 'outbound'));
    for (const file of ['trades/locked.csv', 'daily/locked.csv', 'daily/invoices-1.csv']) put(file, file);
    put('daily/orders-20270310.csv.part', 'half of the orders');
    emulator = await startEmulator(tools.python, folder);
    deployment = new Deployment(tools, emulator, folder);
    const terraform = await deployment.synthesise(configuration());
    await terraform.validate();
    await terraform.apply();
    expect(await terraform.plan()).toEqual([]);
    const outputs = (await terraform.outputs()) as Record<string, Record<string, string>>;
    const transfers = String(outputs.state_machine_arns?.loopback);
    machines = { transfers, folders: `${transfers}-folders` };
    landingBucket = String(outputs.landing_bucket);
    const resources = await terraform.resources();
    grants = grantsIn(resources).filter(({ role }) => role === FUNCTION);
    const [schedule] = resources.filter(
      ({ type, values }) => type === 'aws_scheduler_schedule' && values.name === FUNCTION,
    );
    const targets = schedule?.values.target as { input: string }[] | undefined;
    scheduledInput = String(targets?.[0]?.input);
    await deployment.putSecret('emulated/loopback/sftp', partner.credentials);
    const access = { endpoint: emulator.endpoint, region: REGION };
    mailbox = await subscribeMailbox({ ...access, topicArn: String(outputs.alert_topic_arn) });
    const credentials = { accessKeyId: 'emulated', secretAccessKey: 'emulated' };
    lambda = new LambdaClient({ ...access, credentials });
  });

  afterAll(async () => {
    lambda?.destroy();
    deployment?.close();
    await mailbox?.close();
    await emulator?.stop();
    await partner?.close();
  });

  test('on the evening of the deployment nothing is expected yet', async () => {
    setClock(berlin('20:00', '2027-03-09'));
    expect(await evaluate()).toEqual({ judged: 0, sent: 0 });
  });

  test('before six there is one warning for each that asks for one, and no page', async () => {
    setClock(berlin('05:20'));
    expect(await transfer('prices-early', '/prices.csv')).toBe('SourceNotFoundError');
    expect(await transfer('trades', '/trades/locked.csv')).toBe('SourcePermissionError');
    expect(await runFolder('daily-early')).toBe('FolderPartlyFailedError');

    setClock(berlin('05:31'));
    expect(await evaluate()).toEqual({ judged: 2, sent: 2 });
    expect(await evaluate()).toEqual({ judged: 2, sent: 0 });

    const { body } = await mailOf('orders');
    expect(body).toContain(
      'orders of loopback is due at 2027-03-10 06:00 Europe/Berlin, and has not landed.',
    );
    expect((await mailOf('prices')).subject).toBe(
      'emulated-loopback-expected-prices 2027-03-10: not here yet, not on the server',
    );
    expect(toldCount()).toBe(2);
  });

  test('after six each is paged once, with its cause', async () => {
    setClock(berlin('05:50'));
    const positions = await start('positions', '/slow.bin');
    await eventually(TIMEOUT_MS, 'the first part', async () =>
      (await partsOfPositions()) > 0 ? true : undefined,
    );
    const release = partner.holdSlowReads();

    setClock(berlin('06:01'));
    expect(await evaluate()).toEqual({ judged: EXPECTATIONS.length, sent: EXPECTATIONS.length });
    setClock(berlin('06:05'));
    expect(await evaluate()).toEqual({ judged: EXPECTATIONS.length, sent: 0 });

    const bodies: Record<string, string> = {};
    for (const { name } of EXPECTATIONS) bodies[name] = (await mailOf(name)).body;
    expect(told()).toEqual(
      Object.fromEntries(Object.entries(PAGED).map(([name, cause]) => [name, `NOT HERE, ${cause}`])),
    );
    expect(toldCount()).toBe(2 + EXPECTATIONS.length);
    expect(bodies.orders).toContain('"orders-20270310.csv.part" was there');
    expect(bodies.orders).toContain('but it still has a temporary name.');
    expect(bodies.orders).toContain("Whose side: the partner's, mostly.");
    expect(bodies.prices).toContain(
      '> We expect your file by 2027-03-10 06:00 Europe/Berlin, and do not find it',
    );
    expect(bodies.statements).toContain('"locked.csv" failed with SourcePermissionError: the server');
    expect(bodies.positions).toMatch(
      /"\/slow.bin" has been copied since 2027-03-10 05:50: done at about 2027-03-10 06:/,
    );
    expect(bodies.forgotten).toContain('We have not looked at the server at all.');

    // The board looks by itself, and sees the same.
    const seen = await board();
    expect(seen.stdout).toMatch(/^prices +2027-03-10 +06:00 +MISSED +0 of 1 +– +not on the server$/m);
    expect(seen.stdout).toMatch(/^invoices .* MISSED +1 of 2 +– +not on the server$/m);
    expect(seen.stdout).toMatch(/^positions .* being copied$/m);
    expect(seen).toMatchObject({ exitCode: 1, stderr: '' });

    setClock(berlin('06:40'));
    release();
    expect(await end(positions)).toMatchObject({ status: 'SUCCEEDED' });
  });

  test('what lands late closes its own page, and the rest stays missed', async () => {
    put('prices.csv', 'late, but here');
    const daily = path.join(partner.folder, 'daily');
    renameSync(path.join(daily, 'orders-20270310.csv.part'), path.join(daily, 'orders-20270310.csv'));
    expect(await transfer('prices-late', '/prices.csv')).toBeUndefined();
    expect(await runFolder('daily-late')).toBe('FolderPartlyFailedError');

    setClock(berlin('06:50'));
    expect(await evaluate()).toEqual({ judged: EXPECTATIONS.length, sent: 3 });
    expect(await evaluate()).toEqual({ judged: EXPECTATIONS.length - 3, sent: 0 });

    for (const name of ['prices', 'orders', 'positions']) {
      const { subject, body } = await mailOf(name);
      expect(subject).toBe(`emulated-loopback-expected-${name} ${DATE}: has arrived`);
      expect(body).toMatch(/has landed 4\d min late. Nothing is left to do./);
    }
    expect(toldCount()).toBe(2 + EXPECTATIONS.length + 3);
    const { expectations } = (await board('--json')).json() as {
      expectations: { name: string; state: string; cause: string | null }[];
    };
    expect(Object.fromEntries(expectations.map(({ name, state }) => [name, state]))).toEqual({
      prices: 'LATE',
      trades: 'MISSED',
      positions: 'LATE',
      forgotten: 'MISSED',
      orders: 'LATE',
      invoices: 'MISSED',
      statements: 'MISSED',
      reports: 'MISSED',
    });
    const margins = emulator
      .functionLog(FUNCTION)
      .filter((line) => line.includes('ExpectationMetMarginSeconds'));
    expect(margins).toHaveLength(3);
  });

  test('a command that a page begins with shows the board of its date', async () => {
    setClock(berlin('09:00', '2027-03-11'));
    const seen = await board('--date', DATE);
    expect(seen.stdout).toMatch(/^orders +2027-03-10 .* LATE +1 of 1 +06:4\d +–$/m);
  });

  describe('permissions', () => {
    proveGrants(() => ({ calls: emulator.calls(), grants }), NOT_SEEN_HERE, 50);
  });
});
