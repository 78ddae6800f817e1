import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { DynamoDBClient, UpdateTableCommand } from '@aws-sdk/client-dynamodb';
import { describeUnless } from '../support/optional-suite.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { actionsOfTerraform, shippedActions } from './rig/deploying-role.ts';
import { Deployment, REGION } from './rig/deployment.ts';
import { earlierVersionMissing, unpackEarlierVersion } from './rig/earlier-version.ts';
import { type Emulator, startEmulator } from './rig/emulator.ts';
import type { Terraform } from './rig/terraform.ts';
import { findTools } from './rig/tools.ts';

const { tools, missing } = findTools();
/** Partners have allowlisted the addresses, files have landed in the bucket, operators have filled the secret. */
const LASTING = /^aws_(eip|s3_bucket|secretsmanager_secret|dynamodb_table)$/;

// A shallow clone is no reason to fail, also where the tools are required.
(earlierVersionMissing === undefined ? describeUnless : skipped)(
  missing,
  'the upgrade of a running stack, and its end, by the real Terraform in an emulated AWS',
  () => {
    const folder = temporaryDirectory();
    let emulator: Emulator;
    let deployment: Deployment;
    let after: Terraform;
    /** How many calls there were when the present version came. */
    let callsBefore: number;

    const configuration = {
      name: 'upgraded',
      region: REGION,
      network: { availabilityZones: [`${REGION}a`] },
      partners: [
        {
          name: 'acme',
          host: 'sftp.acme.example',
          hostKeyFingerprints: ['SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'],
          allowedCidrs: ['203.0.113.0/24'],
          schedules: [{ name: 'daily', cron: 'cron(0 2 * * ? *)', input: { sftp_file_path: '/big.bin' } }],
        },
      ],
    };
    const changed = (changes: object) => ({ ...configuration, ...changes });
    const newCalls = () => emulator.calls().slice(callsBefore);

    beforeAll(async () => {
      if (tools === undefined) return;
      emulator = await startEmulator(tools.python, folder);
      deployment = new Deployment(tools, emulator, folder);
    });
    afterAll(async () => {
      deployment?.close();
      await emulator?.stop();
    });

    test('replaces nothing that must last, and leaves nothing to change', async () => {
      const earlier = path.join(folder, 'earlier');
      mkdirSync(earlier);
      unpackEarlierVersion(earlier);
      const before = await deployment.synthesise(configuration, earlier);
      await before.apply();
      const { addresses_to_allowlist: addresses, landing_bucket: bucket } = await before.outputs();
      expect([addresses, bucket]).not.toContain(undefined);

      callsBefore = emulator.calls().length;
      after = await deployment.synthesise(configuration);
      const changes = await after.plan();

      const lasting = changes.filter(({ type }) => LASTING.test(type));
      expect(lasting.filter(({ actions }) => actions.includes('delete'))).toEqual([]);
      // The logs of functions that are no more may go.
      const logs = changes.filter(({ type }) => type === 'aws_cloudwatch_log_group');
      expect(logs.filter(({ actions }) => actions.includes('delete') && actions.includes('create'))).toEqual(
        [],
      );
      const count = (action: string) => changes.filter(({ actions }) => actions.join() === action).length;
      process.stderr.write(
        `upgrade: ${count('create')} to create, ${count('update')} to change, ${count('delete')} to remove\n`,
      );
      await after.apply();
      expect(await after.plan()).toEqual([]);
      expect(await after.outputs()).toMatchObject({
        addresses_to_allowlist: addresses,
        landing_bucket: bucket,
      });
    });

    test('is within the policy that is shipped for the deploying role, and so are changes', async () => {
      const unprotected = { network: { ...configuration.network, protectEgressAddresses: false } };
      const { schedules: _removed, ...unscheduled } = configuration.partners[0] ?? {};
      after = await deployment.synthesise(
        changed({
          ...unprotected,
          tags: { team: 'data' },
          functions: { logRetentionDays: 7 },
          partners: [unscheduled],
        }),
      );
      await after.apply();
      after = await deployment.synthesise(changed(unprotected));
      await after.apply();

      const made = actionsOfTerraform(newCalls());
      expect(made).toEqual(
        expect.arrayContaining([
          'iam:UntagRole',
          'lambda:UpdateFunctionCode',
          'lambda:UpdateFunctionConfiguration',
          'logs:PutRetentionPolicy',
          'scheduler:DeleteSchedule',
          'states:UpdateStateMachine',
        ]),
      );
      expect(made.filter((action) => !shippedActions().includes(action))).toEqual([]);
    });

    test('a destroy leaves nothing, and is within that policy', async () => {
      const client = new DynamoDBClient({
        endpoint: emulator.endpoint,
        region: REGION,
        credentials: { accessKeyId: 'operator', secretAccessKey: 'emulated' },
      });
      const withoutProtection = { TableName: 'upgraded-ledger', DeletionProtectionEnabled: false };
      await client.send(new UpdateTableCommand(withoutProtection));
      client.destroy();
      const beforeDestroy = emulator.calls().length;
      await after.destroy();

      expect(await after.resources()).toEqual([]);
      const made = actionsOfTerraform(emulator.calls().slice(beforeDestroy));
      expect(made).toEqual(
        expect.arrayContaining([
          'dynamodb:DeleteTable',
          'ec2:DeleteVpc',
          'ec2:ReleaseAddress',
          'iam:DeleteRole',
          'lambda:DeleteFunction',
          's3:DeleteBucket',
          'secretsmanager:DeleteSecret',
          'states:DeleteStateMachine',
        ]),
      );
      expect(made.filter((action) => !shippedActions().includes(action))).toEqual([]);
      const all = actionsOfTerraform(emulator.calls());
      process.stderr.write(
        `Deploying role: ${shippedActions().length} actions; of an upgrade, changes and a destroy ${all.length} were ` +
          `recorded, ${made.length} of them in the destroy\n`,
      );
    });
  },
);

function skipped(_missing: string | undefined, name: string, suite: () => void): void {
  describe.skip(`${name} (skipped: ${earlierVersionMissing})`, suite);
}
