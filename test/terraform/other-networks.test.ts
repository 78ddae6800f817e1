import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describeUnless } from '../support/optional-suite.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { Deployment, REGION } from './rig/deployment.ts';
import { type Emulator, startEmulator } from './rig/emulator.ts';
import { adaptHclToProvider, writeHcl } from './rig/hcl-stack.ts';
import { type PlannedChange, Terraform } from './rig/terraform.ts';
import { findTools } from './rig/tools.ts';

const { tools, missing } = findTools();

/** The network of a platform team, as this stack never makes one: two private subnets, and a way to S3. */
const PLATFORM_NETWORK = `
terraform {
  required_providers {
    aws = { source = "aws" }
  }
}
provider "aws" {
  s3_use_path_style = true
}
resource "aws_vpc" "platform" {
  cidr_block           = "10.40.0.0/16"
  enable_dns_support   = true
  enable_dns_hostnames = true
}
resource "aws_subnet" "private" {
  for_each          = { a = "10.40.1.0/24", b = "10.40.2.0/24" }
  vpc_id            = aws_vpc.platform.id
  cidr_block        = each.value
  availability_zone = "${REGION}\${each.key}"
}
resource "aws_route_table" "private" {
  vpc_id = aws_vpc.platform.id
}
resource "aws_vpc_endpoint" "s3" {
  vpc_id          = aws_vpc.platform.id
  service_name    = "com.amazonaws.${REGION}.s3"
  route_table_ids = [aws_route_table.private.id]
}
output "vpc" {
  value = aws_vpc.platform.id
}
output "subnets" {
  value = [for subnet in aws_subnet.private : subnet.id]
}
`;
const OF_NETWORKS =
  /^aws_(vpc$|subnet|route|internet_gateway|nat_gateway|eip|default_|flow_log|network_acl|vpc_endpoint)/;

describeUnless(missing, 'other ways to deploy it, by the real Terraform in an emulated AWS', () => {
  const folder = temporaryDirectory();
  const counts = new Map<string, number>();
  let emulator: Emulator;
  let platform: { vpc: string; subnets: string[] };

  const folderOf = (name: string): string => {
    const made = path.join(folder, name);
    mkdirSync(made, { recursive: true });
    return made;
  };
  const configuration = (name: string, { network = {}, partner = {} }: Record<string, object> = {}) => ({
    name,
    region: REGION,
    network,
    partners: [
      {
        name: 'acme',
        host: 'sftp.acme.example',
        hostKeyFingerprints: ['SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'],
        allowedCidrs: ['203.0.113.0/24'],
        schedules: [{ name: 'daily', cron: 'cron(0 2 * * ? *)', input: { sftp_file_path: '/big.bin' } }],
        ...partner,
      },
    ],
  });
  const ours = () =>
    configuration('own-network', { network: { availabilityZones: [`${REGION}a`, `${REGION}b`] } });
  const existing = (changes: object = {}) => ({
    existing: {
      vpcId: platform.vpc,
      privateSubnetIds: platform.subnets,
      egressAddresses: ['198.51.100.7'],
      s3GatewayEndpoint: 'present',
      ...changes,
    },
  });
  const creations = (changes: readonly PlannedChange[]): string[] => {
    expect(new Set(changes.map(({ actions }) => actions.join()))).toEqual(new Set(['create']));
    return changes.map(({ address }) => address).sort();
  };
  const typesOf = (changes: readonly PlannedChange[]) => changes.map(({ type }) => type);

  /** Plans, applies, and plans again. @returns what the first plan was to make */
  async function deploy(terraform: Terraform): Promise<PlannedChange[]> {
    const changes = await terraform.plan();
    creations(changes);
    await terraform.apply();
    expect(await terraform.plan()).toEqual([]);
    return changes;
  }

  beforeAll(async () => {
    if (tools === undefined) return;
    emulator = await startEmulator(tools.python, folder);
    const stackFolder = folderOf('platform');
    writeFileSync(path.join(stackFolder, 'main.tf'), PLATFORM_NETWORK);
    const terraform = new Terraform(tools, {
      workFolder: stackFolder,
      stackFolder,
      endpoint: emulator.endpoint,
      region: REGION,
    });
    await terraform.init();
    await terraform.apply();
    platform = (await terraform.outputs()) as typeof platform;
  });

  afterAll(async () => {
    await emulator?.stop();
    const told = [...counts].map(([network, resources]) => `${network}: ${resources}`).join(', ');
    process.stderr.write(`resources in the plan, one partner: ${told}\n`);
  });

  test('in a network that exists: nothing of a network is planned; applied; and nothing to change then', async () => {
    if (tools === undefined) return;
    const deployment = new Deployment(tools, emulator, folderOf('existing'));
    const terraform = await deployment.synthesise(configuration('existing', { network: existing() }));
    const changes = await deploy(terraform);
    expect(typesOf(changes).filter((type) => OF_NETWORKS.test(type))).toEqual([]);
    counts.set('existing network', changes.length);
    expect(await terraform.outputs()).toMatchObject({ addresses_to_allowlist: ['198.51.100.7'] });
    const functions = (await terraform.resources()).filter(({ type }) => type === 'aws_lambda_function');
    for (const { values } of functions) {
      const [{ subnet_ids: subnets = [] } = {}] = values.vpc_config as { subnet_ids?: string[] }[];
      if (subnets.length > 0) expect([...subnets].sort()).toEqual([...platform.subnets].sort());
    }
    deployment.close();
  });

  test('with a private partner: a plan, and nothing of a network in it', async () => {
    if (tools === undefined) return;
    const deployment = new Deployment(tools, emulator, folderOf('private'));
    const terraform = await deployment.synthesise(
      configuration('private', {
        network: existing({ egressAddresses: [] }),
        partner: { host: 'sftp.acme.internal', allowedCidrs: ['10.20.0.0/16'] },
      }),
    );
    const changes = await terraform.plan();
    creations(changes);
    expect(typesOf(changes).filter((type) => OF_NETWORKS.test(type))).toEqual([]);
    counts.set('existing network, private partner', changes.length);
    deployment.close();
  });

  test('a subnet of another VPC fails the plan, and the error names it', async () => {
    if (tools === undefined) return;
    const deployment = new Deployment(tools, emulator, folderOf('mistaken'));
    const terraform = await deployment.synthesise(
      configuration('mistaken', { network: existing({ privateSubnetIds: ['subnet-0123456789abcdef0'] }) }),
    );
    await expect(terraform.plan()).rejects.toThrow('subnet-0123456789abcdef0');
    deployment.close();
  });

  test('as HCL: valid, the plan of the JSON, applied, and nothing to change then', async () => {
    if (tools === undefined) return;
    const deployment = new Deployment(tools, emulator, folderOf('json'));
    const json = await deployment.synthesise(ours());
    const planned = creations(await json.plan());
    counts.set('own network', planned.length);

    const workFolder = folderOf('hcl');
    const stackFolder = await writeHcl(ours(), workFolder);
    adaptHclToProvider(stackFolder, tools.provider);
    const hcl = new Terraform(tools, {
      workFolder,
      stackFolder,
      endpoint: emulator.endpoint,
      region: REGION,
    });
    await hcl.init();
    await hcl.validate();
    expect(readFileSync(path.join(stackFolder, 'main.tf'), 'utf8')).toContain(
      'resource "aws_sfn_state_machine"',
    );
    expect(creations(await deploy(hcl))).toEqual(planned);
    deployment.close();
  });
});
