import { readFileSync } from 'node:fs';
import path from 'node:path';
import { didYouMean } from '../../../../infra/config/did-you-mean.ts';
import { parseConfiguration } from '../../../../infra/config/load-configuration.ts';
import { ConfigurationError } from '../../../../infra/config/mistakes.ts';
import { REGIONS } from '../../../../infra/config/regions.ts';
import { warningsOf } from '../../../../infra/config/warnings.ts';
import { existingNetwork } from '../../../synth/synthesised.ts';

// What AWS would refuse in the middle of an apply is refused here: accepted at its bound, refused one above it.

const PROJECT = path.join(import.meta.dirname, '../../../..');
const PINS = ['SHA256:uNiVztksCsDhcc0u9e8BrKXVeypKgSy7xdb7mCpRAhA'];
const KEY_ELSEWHERE = 'arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab';

const partner = (changes: object = {}) => ({
  name: 'acme',
  host: 'sftp.acme.example',
  hostKeyFingerprints: PINS,
  allowedCidrs: ['198.51.100.0/24'],
  ...changes,
});
const configuration = (changes: object = {}) => ({ region: 'eu-west-1', partners: [partner()], ...changes });
const withPartner = (changes: object) => configuration({ partners: [partner(changes)] });
const ranges = (count: number) => Array.from({ length: count }, (_, index) => `198.51.${index}.0/24`);
const buckets = (count: number, length: number) =>
  Array.from({ length: count }, (_, index) => ({ name: `b${String(index).padStart(length - 1, '0')}` }));
const pins = (count: number) =>
  Array.from({ length: count }, (_, index) => `SHA256:${String(index).padStart(43, 'A')}`);
const tags = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`tag-${index}`, 'value']));

/** Every mistake as one sentence; empty for a sound configuration. */
function mistakesIn(raw: unknown): string[] {
  try {
    parseConfiguration(raw, 'test.json');
    return [];
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    return error.mistakes.map((mistake) => `${mistake.path}: ${mistake.bound}`);
  }
}

test.each<[string, { sound: unknown; refused: unknown; words: string }]>([
  [
    'egress rules of a security group',
    {
      sound: withPartner({ allowedCidrs: ranges(55) }),
      refused: withPartner({ allowedCidrs: ranges(56) }),
      words: 'partners[0].allowedCidrs: it must hold at most 55 ranges',
    },
  ],
  [
    'the internet as a partner',
    {
      sound: withPartner({ allowedCidrs: ['198.0.0.0/8'] }),
      refused: withPartner({ allowedCidrs: ['0.0.0.0/0'] }),
      words: 'partners[0].allowedCidrs[0]: it must be a range of the partner, /8 or longer',
    },
  ],
  [
    'half of the internet as a partner',
    {
      sound: withPartner({ allowedCidrs: ['200.0.0.0/8'] }),
      refused: withPartner({ allowedCidrs: ['128.0.0.0/1'] }),
      words: '/8 or longer',
    },
  ],
  [
    'the environment of a function',
    {
      sound: withPartner({ hostKeyFingerprints: pins(40) }),
      refused: withPartner({ hostKeyFingerprints: pins(80) }),
      words: 'partners[0] (bytes of the environment of get-file-metadata): it must be at most 4096',
    },
  ],
  [
    'the policies of a role',
    {
      sound: withPartner({ targetBuckets: buckets(20, 63) }),
      refused: withPartner({ targetBuckets: buckets(120, 20) }),
      words: 'partners[0] (characters in the policies of complete-upload): it must be at most 10240',
    },
  ],
  [
    'the number of tags',
    {
      sound: configuration({ tags: tags(49) }),
      refused: configuration({ tags: tags(50) }),
      words: 'tags: it must hold at most 49 tags',
    },
  ],
  [
    'the length of a tag key',
    {
      sound: configuration({ tags: { ['k'.repeat(128)]: '' } }),
      refused: configuration({ tags: { ['k'.repeat(129)]: '' } }),
      words: 'its key must be at most 128',
    },
  ],
  [
    'the length of a tag value',
    {
      sound: configuration({ tags: { key: 'v'.repeat(256) } }),
      refused: configuration({ tags: { key: 'v'.repeat(257) } }),
      words: 'tags.key: it must be at most 256',
    },
  ],
  [
    "AWS's own tag keys",
    {
      sound: configuration({ tags: { 'our:aws:key': 'v' } }),
      refused: configuration({ tags: { 'AWS:key': 'v' } }),
      words:
        'tags.AWS:key: its key must be at most 128 of letters, digits, blanks and _ . : / = + - @, and not begin with aws:',
    },
  ],
  [
    'zones that not every account has',
    {
      sound: configuration({
        region: 'ap-northeast-1',
        network: { availabilityZones: ['ap-northeast-1a', 'ap-northeast-1c'] },
      }),
      refused: configuration({ region: 'ap-northeast-1' }),
      words: 'network.availabilityZones: it must be given in ap-northeast-1',
    },
  ],
  [
    'the key of a target bucket of another region',
    {
      sound: withPartner({
        targetBuckets: [{ name: 'ours', kmsKeyArn: KEY_ELSEWHERE.replace('us-east-1', 'eu-west-1') }],
      }),
      refused: withPartner({ targetBuckets: [{ name: 'ours', kmsKeyArn: KEY_ELSEWHERE }] }),
      words: 'partners[0].targetBuckets[0].kmsKeyArn: it must be a key of eu-west-1',
    },
  ],
  [
    'a region that is none',
    {
      sound: configuration({ region: 'eu-west-3' }),
      refused: configuration({ region: 'eu-west-9' }),
      words: 'region: it must be a region of the aws partition; did you mean eu-west-1?',
    },
  ],
])('%s', (_name, { sound, refused, words }) => {
  expect(mistakesIn(sound)).toEqual([]);
  expect(mistakesIn(refused).join('\n')).toContain(words);
});

test.each([
  ['eu-centrall-1', '; did you mean eu-central-1?'],
  ['eu-central1', '; did you mean eu-central-1?'],
  ['us-east-11', '; did you mean us-east-1?'],
  ['nowhere', ''],
])('%s: %s', (name, expected) => {
  expect(didYouMean(name, REGIONS)).toBe(expected);
});

test('the regions are those of the SDK', () => {
  const sdk = readFileSync(
    path.join(PROJECT, 'node_modules/@aws-sdk/core/dist-cjs/submodules/client/index.js'),
    'utf8',
  );
  const known = new Set(
    [...sdk.matchAll(/"?((?:af|ap|ca|eu|il|me|mx|sa|us)-[a-z]+-\d)"?: ?\{/g)].map(([, region]) => region),
  );
  expect([...known].sort()).toEqual([...REGIONS].sort());
});

test('alarms that nobody gets are warned of', () => {
  const silent = parseConfiguration(configuration(), 'test.json');
  const alerts = { emails: ['a@b.example'], runbookBaseUrl: 'https://git.example/docs/runbooks' };
  const heard = parseConfiguration(configuration({ alerts }), 'test.json');
  const unlinked = parseConfiguration(configuration({ alerts: { emails: alerts.emails } }), 'test.json');
  expect(warningsOf(silent)).toEqual([expect.stringContaining('nobody is notified')]);
  expect(warningsOf(heard)).toEqual([]);
  expect(warningsOf(unlinked)).toEqual([expect.stringContaining('alerts.runbookBaseUrl is missing')]);
});

test('a topic, bucket or network of others is warned of where it may lack what the stack would make', () => {
  const alerts = {
    existingTopicArn: 'arn:aws:sns:eu-west-1:111122223333:on-call',
    runbookBaseUrl: 'https://r.example',
  };
  const landingBucket = { existing: { name: 'lake' } };
  const existing = existingNetwork({ privateSubnetIds: ['subnet-0aaaaaaa'], s3GatewayEndpoint: 'none' });
  const loaded = parseConfiguration(
    configuration({ alerts, landingBucket, network: { existing } }),
    'test.json',
  );
  expect(warningsOf(loaded)).toEqual([
    expect.stringContaining('the lifecycle of lake'),
    expect.stringContaining('every byte goes to S3 over the way out'),
    expect.stringContaining('names one subnet'),
  ]);
});
