import { mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { GetObjectCommand, ListMultipartUploadsCommand } from '@aws-sdk/client-s3';
import { hashStream } from '../../local/sample-file.ts';
import { runCommand } from '../support/command-line.ts';
import { describeUnless } from '../support/optional-suite.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { surviveErrorsOfAws } from './aws-errors.suite.ts';
import { operateByCommandLine } from './command-line.suite.ts';
import { FOLDERS, runOverFolders } from './folder-runs.suite.ts';
import { tellFailures } from './mails.suite.ts';
import { provePermissions } from './permissions.suite.ts';
import { Deployment, REGION } from './rig/deployment.ts';
import { type Emulator, startEmulator } from './rig/emulator.ts';
import { endOfExecution, eventually, startExecution, stopExecution } from './rig/executions.ts';
import { type Grant, grantsIn } from './rig/granted.ts';
import {
  CHUNK_SIZE_BYTES,
  FILE_SIZE_BYTES,
  type LoopbackPartner,
  startLoopbackPartner,
} from './rig/loopback-partner.ts';
import { type Mailbox, subscribeMailbox } from './rig/mailbox.ts';
import { type PlannedChange, type Terraform, TerraformFailure } from './rig/terraform.ts';
import { findTools } from './rig/tools.ts';
import { shareSessions } from './sessions.suite.ts';

const { tools, missing } = findTools();

const EXAMPLE_FILE = path.join(import.meta.dirname, '../../config/example.json');
const TRANSFER_TIMEOUT_MS = 120_000;
/** Enough for all that the tests end in the middle: their sessions count for 15 minutes longer. */
const MAX_SESSIONS = 40;

describeUnless(missing, 'the stack, by the real Terraform in an emulated AWS', () => {
  const folder = temporaryDirectory();
  let emulator: Emulator;
  let partner: LoopbackPartner;
  let deployment: Deployment;
  let terraform: Terraform;
  let outputs: Outputs;
  let mailbox: Mailbox;

  interface Outputs {
    addresses_to_allowlist: string[];
    alert_topic_arn: string;
    landing_bucket: string;
    secret_names: { loopback: string };
    state_machine_arns: { loopback: string };
  }

  const configuration = (network: object = {}) => ({
    name: 'emulated',
    region: REGION,
    tags: { purpose: 'test' },
    network: { availabilityZones: [`${REGION}a`, `${REGION}b`], flowLogs: true, ...network },
    alerts: { emails: ['on-call@example.com'] },
    partners: [
      {
        name: 'loopback',
        host: partner.server.host,
        port: partner.server.port,
        hostKeyFingerprints: [partner.server.hostKeyFingerprint],
        allowedCidrs: ['127.0.0.0/8'],
        maxSessions: MAX_SESSIONS,
        maxConcurrency: 2,
        chunkSizeBytes: CHUNK_SIZE_BYTES,
        folders: FOLDERS,
        schedules: [{ name: 'daily', cron: 'cron(0 2 * * ? *)', input: { sftp_file_path: '/big.bin' } }],
      },
    ],
  });

  beforeAll(async () => {
    if (tools === undefined) return;
    process.stderr.write(
      `Terraform's AWS provider: ${tools.provider.version}; deployed is what package.json pins\n`,
    );
    partner = await startLoopbackPartner(path.join(folder, 'outbound'));
    emulator = await startEmulator(tools.python, folder);
    deployment = new Deployment(tools, emulator, folder);
    terraform = await deployment.synthesise(configuration());
  });

  afterAll(async () => {
    deployment?.close();
    await mailbox?.close();
    await emulator?.stop();
    await partner?.close();
  });

  describe('deploying', () => {
    test('Terraform finds the stack valid', () => terraform.validate());

    test('the first apply makes everything', async () => {
      const changes = await terraform.plan();
      expect(new Set(changes.map(({ actions }) => actions.join()))).toEqual(new Set(['create']));
      await terraform.apply();
      outputs = (await terraform.outputs()) as unknown as Outputs;
      expect(outputs.addresses_to_allowlist).toHaveLength(2);
    });

    test('a second plan has nothing to change', async () => {
      expect(await terraform.plan()).toEqual([]);
    });
  });

  test("the repository's example is valid, and plans nothing but creations", async () => {
    if (tools === undefined) return;
    const example = JSON.parse(readFileSync(EXAMPLE_FILE, 'utf8')) as { name: string };
    const exampleFolder = path.join(folder, 'example');
    mkdirSync(exampleFolder);
    const exampleDeployment = new Deployment(tools, emulator, exampleFolder);
    const exampleTerraform = await exampleDeployment.synthesise(example);
    exampleDeployment.close();
    await exampleTerraform.validate();
    const changes = await exampleTerraform.plan();
    expect(new Set(changes.map(({ actions }) => actions.join()))).toEqual(new Set(['create']));
    expect(changes.filter(({ type }) => type === 'aws_sfn_state_machine')).toHaveLength(2);
  });

  describe('the addresses that partners have allowlisted', () => {
    const toAddresses = (changes: readonly PlannedChange[]) =>
      changes
        .filter((change) => change.type === 'aws_eip')
        .map(({ address, actions }) => [address, ...actions]);
    const planWith = async (network: object) => (await deployment.synthesise(configuration(network))).plan();

    test('stay when one NAT gateway serves all zones', async () => {
      const changes = await planWith({ natGateways: 'single' });
      expect(changes).toContainEqual(
        expect.objectContaining({ type: 'aws_nat_gateway', actions: ['delete'] }),
      );
      expect(toAddresses(changes)).toEqual([]);
    });

    test('stay when a zone is added', async () => {
      const changes = await planWith({ availabilityZones: [`${REGION}c`, `${REGION}a`, `${REGION}b`] });
      expect(toAddresses(changes)).toEqual([[expect.stringContaining(`["${REGION}c"]`), 'create']]);
      expect(changes.filter(({ actions }) => actions.includes('delete'))).toEqual([]);
    });

    test('stay when the zones change their order', async () => {
      const changes = await planWith({ availabilityZones: [`${REGION}b`, `${REGION}a`] });
      expect(toAddresses(changes)).toEqual([]);
      expect(changes.filter(({ actions }) => actions.includes('delete'))).toEqual([]);
    });

    test('cannot be given up together with their zone', async () => {
      const plan = planWith({ availabilityZones: [`${REGION}a`] });
      await expect(plan).rejects.toThrow(TerraformFailure);
      await expect(plan).rejects.toThrow('Instance cannot be destroyed');
    });

    test('can be given up once the protection is switched off', async () => {
      const changes = await planWith({ availabilityZones: [`${REGION}a`], protectEgressAddresses: false });
      expect(toAddresses(changes)).toEqual([[expect.stringContaining(`["${REGION}b"]`), 'delete']]);
    });
  });

  const uploadsLeft = async () => {
    const { Uploads } = await deployment.s3.send(
      new ListMultipartUploadsCommand({ Bucket: outputs.landing_bucket }),
    );
    return (Uploads ?? []).map(({ Key }) => Key);
  };

  describe('transferring', () => {
    const start = (name: string, file: string) =>
      startExecution(deployment.stepFunctions, outputs.state_machine_arns.loopback, name, {
        sftp_file_path: file,
      });
    const end = (executionArn: string) =>
      endOfExecution(deployment.stepFunctions, executionArn, TRANSFER_TIMEOUT_MS);

    beforeAll(async () => {
      if (outputs === undefined) throw new Error('the stack was not deployed');
      await deployment.putSecret(outputs.secret_names.loopback, partner.credentials);
      const { endpoint } = emulator;
      mailbox = await subscribeMailbox({ endpoint, region: REGION, topicArn: outputs.alert_topic_arn });
    });

    test('a file lands byte for byte', async () => {
      const execution = await end(await start('success', '/big.bin'));
      expect(execution).toMatchObject({ status: 'SUCCEEDED' });
      expect(JSON.parse(execution.output ?? '')).toMatchObject({
        bucket: outputs.landing_bucket,
        key: 'loopback/big.bin',
        size_bytes: FILE_SIZE_BYTES,
        parts: 4,
      });
      const { Body } = await deployment.s3.send(
        new GetObjectCommand({ Bucket: outputs.landing_bucket, Key: 'loopback/big.bin' }),
      );
      expect(await hashStream(Body as AsyncIterable<Uint8Array>)).toBe(partner.bigFileHash);
      expect(await uploadsLeft()).toEqual([]);
    });

    test('the functions publish the metrics that the alarms watch', () => {
      const published = emulator
        .functionLog('emulated-loopback-download-segment')
        .filter((line) => line.includes('"_aws"'))
        .map((line) => JSON.parse(line));
      expect(published).toContainEqual(
        expect.objectContaining({
          service: 'sftp-to-s3',
          partner: 'loopback',
          BytesTransferred: expect.anything(),
        }),
      );
    });

    test('a file that changes fails by name and leaves no upload', async () => {
      const execution = await end(await start('failure', '/shrinking.bin'));
      expect(execution).toMatchObject({ status: 'FAILED', error: 'SourceChangedError' });
      expect(JSON.parse(execution.cause ?? '')).toMatchObject({ errorType: 'SourceChangedError' });
      expect(await uploadsLeft()).toEqual([]);
    });

    test('a target that exists is left alone where the request says so', async () => {
      const executionArn = await startExecution(
        deployment.stepFunctions,
        outputs.state_machine_arns.loopback,
        'exists',
        { sftp_file_path: '/big.bin', if_exists: 'fail' },
      );
      expect(await end(executionArn)).toMatchObject({ status: 'FAILED', error: 'TargetExistsError' });
    });

    test('a stopped execution is cleaned up by the rule', async () => {
      const executionArn = await start('stopped', '/slow.bin');
      await eventually(TRANSFER_TIMEOUT_MS, 'the upload', async () =>
        (await uploadsLeft()).includes('loopback/slow.bin') ? true : undefined,
      );
      await stopExecution(deployment.stepFunctions, executionArn);
      await eventually(TRANSFER_TIMEOUT_MS, 'the clean-up', async () =>
        (await uploadsLeft()).length === 0 ? true : undefined,
      );
      expect(await end(executionArn)).toMatchObject({ status: 'ABORTED' });
    });
  });

  describe('telling failures', () => {
    tellFailures(() => ({
      mailbox,
      start: (name, file) =>
        startExecution(deployment.stepFunctions, outputs.state_machine_arns.loopback, name, {
          sftp_file_path: file,
        }),
      stop: (executionArn, error) => stopExecution(deployment.stepFunctions, executionArn, error),
      end: (executionArn) => endOfExecution(deployment.stepFunctions, executionArn, TRANSFER_TIMEOUT_MS),
      uploadGone: (key) =>
        eventually(TRANSFER_TIMEOUT_MS, `the end of the upload of ${key}`, async () =>
          (await uploadsLeft()).includes(key) ? undefined : true,
        ),
      uploadStarted: (key) =>
        eventually(TRANSFER_TIMEOUT_MS, `the upload of ${key}`, async () =>
          (await uploadsLeft()).includes(key) ? true : undefined,
        ),
    }));
  });

  describe("when AWS's own parts fail", () => {
    surviveErrorsOfAws(() => ({
      setFaults: (faults) => emulator.setFaults(faults),
      functionName: (step) => `emulated-loopback-${step}`,
      start: (name, file) =>
        startExecution(deployment.stepFunctions, outputs.state_machine_arns.loopback, name, {
          sftp_file_path: file,
        }),
      end: (executionArn) => endOfExecution(deployment.stepFunctions, executionArn, TRANSFER_TIMEOUT_MS),
      uploadsLeft,
      cleanedUp: () =>
        eventually(TRANSFER_TIMEOUT_MS, 'the cleanup', async () =>
          (await uploadsLeft()).length === 0 ? true : undefined,
        ),
    }));
  });

  describe("sharing the partner's sessions", () => {
    shareSessions(
      () => ({
        setFaults: (faults) => emulator.setFaults(faults),
        functionName: (step) => `emulated-loopback-${step}`,
        functionLog: (step) => emulator.functionLog(`emulated-loopback-${step}`),
        start: (name, input) =>
          startExecution(deployment.stepFunctions, outputs.state_machine_arns.loopback, name, input),
        end: (executionArn) =>
          endOfExecution(deployment.stepFunctions, executionArn, 3 * TRANSFER_TIMEOUT_MS),
        logged: (step, execution, words) =>
          eventually(
            TRANSFER_TIMEOUT_MS,
            `${words} of ${step}`,
            async () =>
              emulator
                .functionLog(`emulated-loopback-${step}`)
                .some((line) => line.includes(execution) && words.test(line)) || undefined,
          ).then(() => {}),
        check: () => {
          const where = ['--stack-name', 'emulated', '--region', REGION, '--endpoint-url', emulator.endpoint];
          return runCommand(['check', 'loopback', ...where, '--json'], {
            AWS_ACCESS_KEY_ID: 'emulated',
            AWS_SECRET_ACCESS_KEY: 'emulated',
          });
        },
      }),
      MAX_SESSIONS,
    );
  });

  describe('operating by the command line', () => {
    operateByCommandLine(
      () => ({
        endpoint: emulator.endpoint,
        region: REGION,
        stackName: 'emulated',
        partner: 'loopback',
        uploadsLeft,
      }),
      FILE_SIZE_BYTES,
    );
  });

  describe('running over folders', () => {
    runOverFolders(() => ({
      endpoint: emulator.endpoint,
      region: REGION,
      stackName: 'emulated',
      partner: 'loopback',
      s3: deployment.s3,
      landingBucket: outputs.landing_bucket,
      partnerFolder: partner.folder,
      holdSlowReads: partner.holdSlowReads,
    }));
  });

  describe('permissions', () => {
    let grants: Grant[];
    beforeAll(async () => {
      grants = grantsIn(await terraform.resources());
    });

    provePermissions(() => ({ calls: emulator.calls(), grants }));
  });
});
