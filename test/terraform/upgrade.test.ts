import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { describeUnless } from '../support/optional-suite.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { Deployment, REGION } from './rig/deployment.ts';
import { earlierVersionMissing, unpackEarlierVersion } from './rig/earlier-version.ts';
import { type Emulator, startEmulator } from './rig/emulator.ts';
import { findTools } from './rig/tools.ts';

const { tools, missing } = findTools();
/** Partners have allowlisted the addresses, files have landed in the bucket, operators have filled the secret. */
const LASTING = /^aws_(eip|s3_bucket|secretsmanager_secret|dynamodb_table)$/;

// A shallow clone is no reason to fail, also where the tools are required.
(earlierVersionMissing === undefined ? describeUnless : skipped)(
  missing,
  'the upgrade of a running stack, by the real Terraform in an emulated AWS',
  () => {
    const folder = temporaryDirectory();
    let emulator: Emulator;
    let deployment: Deployment;

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
      const earlier = path.join(folder, 'earlier');
      mkdirSync(earlier);
      unpackEarlierVersion(earlier);
      const before = await deployment.synthesise(configuration, earlier);
      await before.apply();
      const { addresses_to_allowlist: addresses, landing_bucket: bucket } = await before.outputs();
      expect([addresses, bucket]).not.toContain(undefined);

      const after = await deployment.synthesise(configuration);
      const changes = await after.plan();

      const lasting = changes.filter(({ type }) => LASTING.test(type));
      expect(lasting.filter(({ actions }) => actions.includes('delete'))).toEqual([]);
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
  },
);

function skipped(_missing: string | undefined, name: string, suite: () => void): void {
  describe.skip(`${name} (skipped: ${earlierVersionMissing})`, suite);
}
