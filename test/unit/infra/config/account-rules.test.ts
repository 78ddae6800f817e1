import { parseConfiguration } from '../../../../infra/config/load-configuration.ts';
import { ConfigurationError, type Mistake } from '../../../../infra/config/mistakes.ts';
import { partner } from '../../../synth/synthesised.ts';

const KEY_ELSEWHERE = 'arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab';
const TOPIC = 'arn:aws:sns:eu-west-1:111122223333:on-call';

function mistakesIn(changes: object): readonly Mistake[] {
  try {
    parseConfiguration({ name: 'test', region: 'eu-west-1', partners: [partner()], ...changes }, 'test.json');
  } catch (error) {
    if (error instanceof ConfigurationError) return error.mistakes;
    throw error;
  }
  return [];
}

test.each<[string, object, string, string]>([
  [
    'a boundary by its name',
    { roles: { permissionsBoundaryArn: 'boundary' } },
    'roles.permissionsBoundaryArn',
    'the ARN of an IAM policy',
  ],
  [
    'a path without its last slash',
    { roles: { path: '/teams/data' } },
    'roles.path',
    'begins and ends with a slash',
  ],
  [
    'a path without its first slash',
    { roles: { path: 'teams/' } },
    'roles.path',
    'begins and ends with a slash',
  ],
  ['a prefix with a blank', { roles: { namePrefix: 'a b' } }, 'roles.namePrefix', "of a role's name"],
  [
    'a key of another region',
    { encryption: { kmsKeyArn: KEY_ELSEWHERE } },
    'encryption.kmsKeyArn',
    'a key of eu-west-1',
  ],
  ['an alias as key', { encryption: { kmsKeyArn: 'alias/a' } }, 'encryption.kmsKeyArn', 'not an alias'],
  [
    'a topic of another region',
    { alerts: { existingTopicArn: TOPIC.replace('eu-west-1', 'eu-west-2') } },
    'alerts.existingTopicArn',
    'a topic of eu-west-1',
  ],
  [
    'a FIFO topic',
    { alerts: { existingTopicArn: `${TOPIC}.fifo` } },
    'alerts.existingTopicArn',
    'not a FIFO topic',
  ],
  [
    'subscribers of a topic that others own',
    { alerts: { existingTopicArn: TOPIC, emails: ['a@example.com'] } },
    'alerts.emails',
    'must not be given beside alerts.existingTopicArn',
  ],
  [
    'the lifecycle of a bucket that others made',
    { landingBucket: { existing: { name: 'lake' }, expireIncompleteUploadsAfterDays: 9 } },
    'landingBucket.expireIncompleteUploadsAfterDays',
    'must not be given beside landingBucket.existing',
  ],
  [
    'a second name of the bucket',
    { landingBucket: { existing: { name: 'lake' }, name: 'other' } },
    'landingBucket.name',
    'must not be given beside landingBucket.existing',
  ],
  [
    'an unknown processor',
    { functions: { architecture: 'x86' } },
    'functions.architecture',
    'one of arm64, x86_64',
  ],
  [
    'a retention that CloudWatch does not know',
    { functions: { logRetentionDays: 3650 } },
    'functions.logRetentionDays',
    '3653',
  ],
])('%s is refused', (_name, changes, setting, bound) => {
  expect(mistakesIn(changes)).toEqual([
    expect.objectContaining({ path: setting, bound: expect.stringContaining(bound) }),
  ]);
});

describe('a prefix of role names', () => {
  // The longest is that of create-file-chunks: of acme it has 28 characters.
  test.each([
    ['fits exactly', 32, 'acme', []],
    ['fits exactly a longer name', 64 - 44, 'a'.repeat(20), []],
    [
      'is one character too long',
      64 - 44 + 1,
      'a'.repeat(20),
      [
        {
          path: 'roles.namePrefix',
          value: 'p'.repeat(21),
          bound: `it must be at most 20 characters: the role test-${'a'.repeat(20)}-create-file-chunks has 44, and IAM allows 64`,
        },
      ],
    ],
  ])('%s', (_name, length, partnerName, mistakes) => {
    const partners = [partner({ name: partnerName })];
    expect(mistakesIn({ roles: { namePrefix: 'p'.repeat(length) }, partners })).toEqual(mistakes);
  });
});

test('a schedule may name the bucket that others made', () => {
  const input = { sftp_file_path: '/a', target_s3_bucket: 'lake' };
  const schedules = [{ name: 'daily', cron: 'cron(0 4 * * ? *)', input }];
  expect(
    mistakesIn({ landingBucket: { existing: { name: 'lake' } }, partners: [partner({ schedules })] }),
  ).toEqual([]);
});
