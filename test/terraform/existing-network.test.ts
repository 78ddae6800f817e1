import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describeUnless } from '../support/optional-suite.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { REGION } from './rig/deployment.ts';
import { type Emulator, startEmulator } from './rig/emulator.ts';
import { adaptHclToProvider, adaptToProvider, synthesise, writeHcl } from './rig/synthesised-stack.ts';
import { Terraform } from './rig/terraform.ts';
import { findTools } from './rig/tools.ts';

const { tools, missing } = findTools();

/** What others made: a VPC with two private subnets, and S3's gateway endpoint. */
const NETWORK_OF_OTHERS = path.join(import.meta.dirname, 'rig/network-of-others.tf.json');
const TAGS = { 'cost-centre': '4711', owner: 'data' };
const OF_A_NETWORK = /^aws_(vpc|subnet|route|route_table|internet_gateway|nat_gateway|eip|vpc_endpoint)$/;

describeUnless(
  missing,
  'a stack in a network that others made, by the real Terraform in an emulated AWS',
  () => {
    const folder = temporaryDirectory();
    let emulator: Emulator;
    let network: { vpc_id: string; private_subnet_ids: string[] };

    const configuration = (existing: object = {}, allowedCidrs = ['198.51.100.0/24']) => ({
      name: 'existing',
      region: REGION,
      tags: TAGS,
      network: {
        existing: {
          vpcId: network.vpc_id,
          privateSubnetIds: network.private_subnet_ids,
          egressAddresses: ['198.51.100.7'],
          s3GatewayEndpoint: 'present',
          ...existing,
        },
      },
      roles: { path: '/teams/data/', namePrefix: 'corp-' },
      alerts: { emails: ['on-call@example.com'] },
      partners: [
        {
          name: 'acme',
          host: 'sftp.acme.internal',
          hostKeyFingerprints: ['SHA256:uNiVztksCsDhcc0u9e8BrKXVeypKgSy7xdb7mCpRAhA'],
          allowedCidrs,
        },
      ],
    });

    /** Terraform in a folder of its own, with a state of its own. */
    async function terraformIn(stackFolder: string): Promise<Terraform> {
      if (tools === undefined) throw new Error('there are no tools');
      const { endpoint } = emulator;
      const terraform = new Terraform(tools, { workFolder: folder, stackFolder, endpoint, region: REGION });
      await terraform.init();
      return terraform;
    }

    async function jsonStack(name: string, raw: object): Promise<Terraform> {
      const workFolder = path.join(folder, name);
      mkdirSync(workFolder);
      const stackFolder = await synthesise({ name: 'existing', ...raw }, workFolder);
      if (tools !== undefined) adaptToProvider(stackFolder, tools.provider);
      return terraformIn(stackFolder);
    }

    beforeAll(async () => {
      if (tools === undefined) return;
      emulator = await startEmulator(tools.python, folder);
      const networkFolder = path.join(folder, 'network');
      mkdirSync(networkFolder);
      writeFileSync(path.join(networkFolder, 'main.tf.json'), readFileSync(NETWORK_OF_OTHERS));
      const terraform = await terraformIn(networkFolder);
      await terraform.apply();
      network = (await terraform.outputs()) as unknown as typeof network;
    });

    afterAll(async () => {
      await emulator?.stop();
    });

    test('the plan has nothing of a network, and the same for a partner in a private range', async () => {
      const plans = {
        internet: await (await jsonStack('internet', configuration())).plan(),
        private: await (
          await jsonStack('private', configuration({ egressAddresses: [] }, ['10.20.0.0/16']))
        ).plan(),
      };
      for (const [name, changes] of Object.entries(plans)) {
        process.stderr.write(
          `resources planned in an existing network, ${name} partner: ${changes.length}\n`,
        );
        expect(changes.filter(({ type }) => OF_A_NETWORK.test(type))).toEqual([]);
        expect(new Set(changes.map(({ actions }) => actions.join()))).toEqual(new Set(['create']));
      }
    });

    test('a subnet of another VPC fails the plan, by the name of the setting', async () => {
      const other = await jsonStack('other-vpc', configuration({ vpcId: 'vpc-0123456789abcdef0' }));
      await expect(other.plan()).rejects.toThrow(/no matching|which is not a subnet of|couldn't find/i);
    });

    describe('as HCL', () => {
      let terraform: Terraform;
      let planned: string[];

      beforeAll(async () => {
        if (tools === undefined) return;
        const workFolder = path.join(folder, 'hcl');
        mkdirSync(workFolder);
        const stackFolder = await writeHcl(configuration(), workFolder);
        adaptHclToProvider(stackFolder, tools.provider);
        terraform = await terraformIn(stackFolder);
        const json = await (await jsonStack('json', configuration())).plan();
        planned = json.map(({ address, actions }) => `${actions.join()} ${address}`).sort();
      });

      test('is valid, and plans what the JSON plans', async () => {
        await terraform.validate();
        const changes = await terraform.plan();
        expect(changes.map(({ address, actions }) => `${actions.join()} ${address}`).sort()).toEqual(planned);
      });

      test('is applied, and a second plan has nothing to change', async () => {
        await terraform.apply();
        expect(await terraform.plan()).toEqual([]);
      });

      test('goes on with the same state as JSON: nothing to change either', async () => {
        const stackFolder = path.join(folder, 'json/cdktf.out/stacks/existing');
        const state = path.join(folder, 'hcl/terraform.existing.tfstate');
        writeFileSync(path.join(folder, 'json/terraform.existing.tfstate'), readFileSync(state));
        expect(await (await terraformIn(stackFolder)).plan()).toEqual([]);
      });

      test('everything that can have tags has those that are mandatory', async () => {
        const resources = await terraform.resources();
        const taggable = resources.filter(({ values }) => 'tags_all' in values);
        expect(taggable.length).toBeGreaterThan(40);
        for (const { type, values } of taggable) {
          expect([type, values.tags_all]).toEqual([type, expect.objectContaining(TAGS)]);
        }
      });

      test('every role has the path and the prefix', async () => {
        const roles = (await terraform.resources()).filter(({ type }) => type === 'aws_iam_role');
        expect(roles.length).toBeGreaterThan(5);
        for (const { values } of roles) {
          expect(values).toMatchObject({
            path: '/teams/data/',
            name: expect.stringMatching(/^corp-existing-acme-/),
          });
        }
      });
    });
  },
);
