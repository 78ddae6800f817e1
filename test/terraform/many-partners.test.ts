import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { describeUnless } from '../support/optional-suite.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { Deployment, REGION } from './rig/deployment.ts';
import { type Emulator, startEmulator } from './rig/emulator.ts';
import type { PlannedChange, Terraform } from './rig/terraform.ts';
import { findTools } from './rig/tools.ts';

const { tools, missing } = findTools();
/**
 * `MANY_PARTNERS=20 npm run test:terraform -- many-partners` takes half an hour, 3 partners take six minutes: so it runs
 * only where it is asked for. test/synth/many-partners.test.ts holds the same of the synthesised stack, always.
 */
const PARTNERS = Number(process.env.MANY_PARTNERS ?? 0);
const describeWhenAsked: typeof describeUnless =
  PARTNERS > 0
    ? describeUnless
    : (_missing, name, suite) => describe.skip(`${name}: MANY_PARTNERS is not set`, suite);
jest.setTimeout(2_400_000);

const OTHER_REGION = 'us-east-1';
/** What partners and their files depend on: none may be replaced because of another partner. */
const LASTING = /^aws_(eip|s3_bucket|secretsmanager_secret|dynamodb_table|cloudwatch_log_group|kms_key)$/;

const partnerName = (number: number): string => `partner-${String(number).padStart(2, '0')}`;

describeWhenAsked(missing, 'many partners, by the real Terraform in an emulated AWS', () => {
  const folder = temporaryDirectory();
  const deployments: Deployment[] = [];
  let emulator: Emulator;
  let stack: Deployment;
  let terraform: Terraform;

  const configuration = (name: string, region: string, numbers: readonly number[]) => ({
    name,
    region,
    network: { availabilityZones: [`${region}a`] },
    partners: numbers.map((number) => ({
      name: partnerName(number),
      host: `sftp.${partnerName(number)}.example`,
      hostKeyFingerprints: ['SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'],
      allowedCidrs: [`203.0.113.${number}/32`],
      schedules: [{ name: 'daily', cron: 'cron(0 2 * * ? *)', input: { sftp_file_path: '/big.bin' } }],
    })),
  });
  const numbers = Array.from({ length: PARTNERS }, (_, index) => index + 1);
  const removed = Math.ceil(PARTNERS / 2);

  const deploymentIn = (name: string, region: string): Deployment => {
    const made = path.join(folder, name);
    mkdirSync(made);
    const deployment = new Deployment(tools as NonNullable<typeof tools>, emulator, made, region);
    deployments.push(deployment);
    return deployment;
  };
  const withAction = (changes: readonly PlannedChange[], action: string) =>
    changes.filter(({ actions }) => actions.includes(action));

  beforeAll(async () => {
    if (tools === undefined) return;
    emulator = await startEmulator(tools.python, folder);
    stack = deploymentIn('many', REGION);
  });
  afterAll(async () => {
    for (const deployment of deployments) deployment.close();
    await emulator?.stop();
  });

  test(`${PARTNERS} partners: planned, applied, and nothing to change then`, async () => {
    terraform = await stack.synthesise(configuration('many', REGION, numbers));
    const startedMs = performance.now();
    const changes = await terraform.plan();
    const plannedMs = performance.now();
    await terraform.apply();
    const appliedMs = performance.now();
    expect(withAction(changes, 'create')).toHaveLength(changes.length);
    expect(await terraform.plan()).toEqual([]);
    const secrets = changes.filter(({ type }) => type === 'aws_secretsmanager_secret');
    expect(secrets).toHaveLength(PARTNERS);
    const seconds = (fromMs: number, toMs: number) => ((toMs - fromMs) / 1_000).toFixed(0);
    process.stderr.write(
      `${PARTNERS} partners: ${changes.length} resources, plan ${seconds(startedMs, plannedMs)} s, ` +
        `apply ${seconds(plannedMs, appliedMs)} s\n`,
    );
  });

  test('one partner is removed: what was his goes, and nothing of another is touched', async () => {
    const others = numbers.filter((number) => number !== removed);
    terraform = await stack.synthesise(configuration('many', REGION, others));
    const changes = await terraform.plan();
    const deleted = withAction(changes, 'delete');
    expect(deleted.length).toBeGreaterThan(20);
    expect(deleted.filter(({ address }) => !address.includes(partnerName(removed)))).toEqual([]);
    expect(withAction(changes, 'create')).toEqual([]);
    const ofOthers = changes.filter(({ address }) =>
      others.some((number) => address.includes(partnerName(number))),
    );
    expect(ofOthers).toEqual([]);
    expect(withAction(changes, 'update').filter(({ type }) => LASTING.test(type))).toEqual([]);
    await terraform.apply();
    expect(await terraform.plan()).toEqual([]);
  });

  test('a second stack in another region, of the same partner: the first has nothing to change', async () => {
    const second = deploymentIn('second', OTHER_REGION);
    const secondTerraform = await second.synthesise(configuration('second', OTHER_REGION, [1]));
    await secondTerraform.apply();
    expect(await secondTerraform.plan()).toEqual([]);
    expect(await terraform.plan()).toEqual([]);
  });
});
