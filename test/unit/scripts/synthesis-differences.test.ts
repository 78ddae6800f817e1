import { differences } from '../../../scripts/synthesis-differences.ts';

const stack = {
  '//': { metadata: { version: 'one' } },
  terraform: { required_providers: { aws: { source: 'aws', version: '6.25.0' } } },
  resource: { aws_eip: { made: { domain: 'vpc', tags: ['a', 'b'] } } },
};

test('metadata, the version of the provider and the short form of its source are no difference', () => {
  const other = structuredClone(stack);
  other['//'].metadata.version = 'two';
  other.terraform.required_providers.aws.version = '6.66.0';
  other.terraform.required_providers.aws.source = 'hashicorp/aws';
  expect(differences(stack, other)).toEqual([]);
});

test('another provider is one', () => {
  const other = structuredClone(stack);
  other.terraform.required_providers.aws.source = 'acme/aws';
  expect(differences(stack, other)).toEqual([
    'terraform.required_providers.aws.source : "hashicorp/aws" | "acme/aws"',
  ]);
});

test('anything else is, with both values and where', () => {
  const other = {
    ...stack,
    resource: { aws_eip: { made: { domain: 'classic', tags: ['a'] }, second: {} } },
  };
  expect(differences(stack, other)).toEqual([
    'resource.aws_eip.made.domain: "vpc" | "classic"',
    'resource.aws_eip.made.tags.1: "b" | missing',
    'resource.aws_eip.second: missing | {}',
  ]);
});
