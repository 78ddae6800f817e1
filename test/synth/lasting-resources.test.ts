import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Testing } from 'cdktf';
import { loadConfiguration } from '../../infra/config/load-configuration.ts';
import { NOTIFY_OUTCOME, perStep } from '../../infra/steps.ts';
import { TransferStack } from '../../infra/transfer-stack.ts';
import type { Resource } from './synthesised.ts';

/**
 * Addresses and identities, of earlier versions, of what must never be replaced: partners allowlist it, files or logs are
 * in it, somebody put a credential into it. By config/example.json. A new lasting resource is added; one whose address
 * must change keeps its line, and gets a `moved` block.
 */
const LIST = JSON.parse(readFileSync(path.join(import.meta.dirname, 'lasting-resources.json'), 'utf8')) as {
  addresses: Readonly<Record<string, string>>;
  /** Gone with the function `download-chunk`; the changelog says so. */
  retired: Readonly<Record<string, string>>;
};

/** The attribute whose change makes another resource. */
const IDENTITY: Readonly<Record<string, string>> = {
  aws_eip: 'for_each',
  aws_s3_bucket: 'bucket',
  aws_secretsmanager_secret: 'name',
  aws_cloudwatch_log_group: 'name',
  aws_dynamodb_table: 'name',
  aws_sns_topic: 'name',
  aws_kms_key: 'description',
  aws_sfn_state_machine: 'name',
  aws_sqs_queue: 'name',
  aws_vpc: 'cidr_block',
  aws_subnet: 'cidr_block',
};

const example = path.join(import.meta.dirname, '../../config/example.json');
const stack = new TransferStack(Testing.app(), loadConfiguration(example), {
  packages: perStep((step) => Buffer.from(`package of ${step}`)),
  mailPackages: { [NOTIFY_OUTCOME]: Buffer.from('package of mails') },
});
const { resource, moved = [] } = JSON.parse(Testing.synth(stack)) as Resource;
const movedTo = new Map((moved as { from: string; to: string }[]).map(({ from, to }) => [from, to]));

function identityAt(address: string): unknown {
  const [type = '', name = ''] = (movedTo.get(address) ?? address).split('.');
  return resource[type]?.[name]?.[IDENTITY[type] ?? ''];
}

test.each(Object.entries(LIST.addresses))('%s is where it was, and the same', (address, identity) => {
  expect(identityAt(address)).toBe(identity);
});

/** Of these a new one may not be forgotten. */
const LISTED = ['aws_eip', 'aws_s3_bucket', 'aws_secretsmanager_secret', 'aws_dynamodb_table'];

test('what is retired is gone, and every address, bucket, secret and table is in the list', () => {
  for (const address of Object.keys(LIST.retired)) expect(identityAt(address)).toBeUndefined();
  const present = LISTED.flatMap((type) =>
    Object.keys(resource[type] ?? {}).map((name) => `${type}.${name}`),
  );
  const listed = Object.keys(LIST.addresses).map((address) => movedTo.get(address) ?? address);
  expect(present.filter((address) => !listed.includes(address))).toEqual([]);
});
