import { Testing } from 'cdktf';
import { parseConfiguration } from '../../infra/config/load-configuration.ts';
import { EVALUATE_EXPECTATIONS, NOTIFY_OUTCOME, perFolderStep, perStep } from '../../infra/steps.ts';
import { TransferStack } from '../../infra/transfer-stack.ts';

/** Attributes of a resource as cdk.tf.json has them. */
// biome-ignore lint/suspicious/noExplicitAny: the tests look into JSON of many shapes
export type Resource = Record<string, any>;

/** A synthesised stack, looked up by Terraform's type and the resource's name there. */
export interface Synthesised {
  /** Everything of cdk.tf.json. */
  json: Resource;
  /** Of one type, by name. @throws Error when there is none: a mistyped type must not pass for an empty one */
  all(type: string): Record<string, Resource>;
  /** The only one of a type whose name contains `part`. */
  one(type: string, part?: string): Resource;
  has(type: string): boolean;
}

const FINGERPRINT = 'SHA256:uNiVztksCsDhcc0u9e8BrKXVeypKgSy7xdb7mCpRAhA';

export const partner = (changes: object = {}) => ({
  name: 'acme',
  host: 'sftp.acme.example',
  port: 2222,
  hostKeyFingerprints: [FINGERPRINT],
  allowedCidrs: ['198.51.100.0/24', '203.0.113.7/32'],
  ...changes,
});

export const schedule = (changes: object = {}) => ({
  name: 'daily',
  cron: 'cron(0 4 * * ? *)',
  timeZone: 'Europe/Berlin',
  input: { sftp_file_path: '/outbound/big.zip' },
  ...changes,
});

export const folder = (changes: object = {}) => ({
  name: 'daily',
  path: '/outbound/daily',
  target: 'daily/{path}',
  ready: { giveUpAfterHours: 6 },
  afterProof: { action: 'move', to: '/archive/{name}' },
  ...changes,
});

/** Of `folder()`. */
export const folderSchedule = (changes: object = {}) => ({
  name: 'folder-daily',
  cron: 'cron(0 5 * * ? *)',
  folder: 'daily',
  ...changes,
});

/** `network.existing` of a network with two private subnets. */
export const existingNetwork = (changes: object = {}) => ({
  vpcId: 'vpc-0123456789abcdef0',
  privateSubnetIds: ['subnet-0aaaaaaaaaaaaaaa0', 'subnet-0bbbbbbbbbbbbbbb0'],
  egressAddresses: ['198.51.100.7', '198.51.100.8'],
  s3GatewayEndpoint: 'present',
  ...changes,
});

/** Synthesises the least configuration with `changes`, validations included, and without bundling. */
export function synthesise(changes: object = {}): Synthesised {
  const raw = { name: 'test', region: 'eu-west-1', partners: [partner()], ...changes };
  const stack = new TransferStack(Testing.app(), parseConfiguration(raw, 'test.json'), {
    packages: perStep((step) => Buffer.from(`package of ${step}`)),
    folderPackages: perFolderStep((step) => Buffer.from(`package of ${step}`)),
    mailPackages: { [NOTIFY_OUTCOME]: Buffer.from('package of mails') },
    expectationPackages: { [EVALUATE_EXPECTATIONS]: Buffer.from('package of expectations') },
  });
  const json = JSON.parse(Testing.synth(stack, true)) as Resource;
  const has = (type: string) => json.resource[type] !== undefined;
  const all = (type: string) => {
    if (!has(type)) throw new Error(`no ${type} among ${Object.keys(json.resource).join(', ')}`);
    return json.resource[type];
  };
  return {
    json,
    all,
    has,
    one(type, part = '') {
      const found = Object.entries<Resource>(all(type)).filter(([name]) => name.includes(part));
      const [first] = found;
      if (first === undefined || found.length > 1) {
        throw new Error(`${found.length} ${type} with ${part}: ${found.map(([name]) => name).join(', ')}`);
      }
      return first[1];
    },
  };
}

/** The statements of every policy document in a stack: whose, and the statement. */
export function statements({ json }: Synthesised): { owner: string; statement: Resource }[] {
  return Object.entries<Record<string, Resource>>(json.resource).flatMap(([type, resources]) =>
    Object.entries(resources).flatMap(([name, resource]) =>
      ['policy', 'assume_role_policy']
        .filter((attribute) => typeof resource[attribute] === 'string')
        .flatMap((attribute) =>
          (JSON.parse(escapeReferences(resource[attribute])).Statement as Resource[]).map((statement) => ({
            owner: `${type}.${name} ${attribute}`,
            statement,
          })),
        ),
    ),
  );
}

/** Quotes inside Terraform references would end a JSON string. */
export function escapeReferences(text: string): string {
  return text.replace(/\$\{[^}]*\}/g, (reference) => reference.replaceAll('"', "'"));
}
