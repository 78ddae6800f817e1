import { readFileSync } from 'node:fs';
import path from 'node:path';
import { JSON_SCHEMA_FILE, jsonSchemaText } from '../../../../infra/config/json-schema.ts';
import {
  configurationFile,
  loadConfiguration,
  parseConfiguration,
} from '../../../../infra/config/load-configuration.ts';
import { ConfigurationError, type Mistake } from '../../../../infra/config/mistakes.ts';

const PROJECT = path.join(import.meta.dirname, '../../../..');
const FINGERPRINT = 'SHA256:uNiVztksCsDhcc0u9e8BrKXVeypKgSy7xdb7mCpRAhA';
const KEY_ELSEWHERE = 'arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab';

const partner = (changes: object = {}) => ({
  name: 'acme',
  host: 'sftp.acme.example',
  hostKeyFingerprints: [FINGERPRINT],
  allowedCidrs: ['198.51.100.0/24'],
  ...changes,
});
const configuration = (changes: object = {}) => ({ region: 'eu-west-1', partners: [partner()], ...changes });
const withPartner = (changes: object) => configuration({ partners: [partner(changes)] });
const schedule = (changes: object = {}) => ({
  name: 'daily',
  cron: 'cron(0 2 * * ? *)',
  input: { sftp_file_path: '/a' },
  ...changes,
});

function mistakesIn(raw: unknown): readonly Mistake[] {
  try {
    parseConfiguration(raw, 'test.json');
  } catch (error) {
    if (error instanceof ConfigurationError) return error.mistakes;
    throw error;
  }
  return [];
}

test('the least that must be said, and every default', () => {
  expect(parseConfiguration(configuration(), 'test.json')).toEqual({
    name: 'sftp-to-s3',
    region: 'eu-west-1',
    tags: {},
    network: {
      cidr: '10.64.0.0/20',
      natGateways: 'one-per-az',
      egressAllocationIds: {},
      protectEgressAddresses: true,
      secretsManagerEndpoint: true,
      flowLogs: false,
    },
    landingBucket: {
      versioning: true,
      expireReplacedVersionsAfterDays: 30,
    },
    alerts: { emails: [], httpsEndpoints: [] },
    functions: {
      reserveConcurrency: true,
      accountConcurrency: 1000,
      logRetentionDays: 30,
      architecture: 'arm64',
    },
    roles: { path: '/', namePrefix: '' },
    encryption: {},
    partners: [
      {
        name: 'acme',
        host: 'sftp.acme.example',
        port: 22,
        hostKeyFingerprints: [FINGERPRINT],
        allowedCidrs: ['198.51.100.0/24'],
        legacyAlgorithms: [],
        connectTimeoutSeconds: 20,
        loginTimeoutSeconds: 45,
        maxSessions: 8,
        chunkSizeBytes: 52428800,
        keepPartsDays: 0,
        patienceMinutes: 60,
        targetBuckets: [],
        schedules: [],
        folders: [],
        expectations: [],
        allowDelete: false,
        expectSuccessWithinHours: 26,
        memoryMb: 1769,
        timeoutSeconds: 900,
      },
    ],
  });
});

test('the result is frozen to its depths', () => {
  const loaded = parseConfiguration(configuration(), 'test.json');
  expect(Object.isFrozen(loaded)).toBe(true);
  expect(Object.isFrozen(loaded.partners[0]?.allowedCidrs)).toBe(true);
});

test.each<[string, unknown, string, string]>([
  ['no object', 5, '', 'must be an object'],
  ['no region', { partners: [partner()] }, 'region', 'region of the aws partition'],
  ['a GovCloud region', configuration({ region: 'us-gov-west-1' }), 'region', 'aws partition'],
  ['a name of two letters', configuration({ name: 'ab' }), 'name', '3 to 20'],
  ['a name of 21 letters', configuration({ name: 'a'.repeat(21) }), 'name', '3 to 20'],
  ['an unknown setting', configuration({ colour: 'red' }), 'colour', 'no such setting'],
  [
    'an unknown setting deep down',
    withPartner({ prot: 22 }),
    'partners[0].prot',
    'no such setting; did you mean port?',
  ],
  ['a setting like none', withPartner({ zzz: 22 }), 'partners[0].zzz', 'no such setting'],
  [
    'an address with bits beyond its prefix',
    withPartner({ allowedCidrs: ['198.51.100.7/24'] }),
    'partners[0].allowedCidrs[0]',
    'did you mean 198.51.100.0/24?',
  ],
  ['no partner', configuration({ partners: [] }), 'partners', 'at least one partner'],
  ['a tag that is no string', configuration({ tags: { a: 1 } }), 'tags.a', 'must be a string'],
  ['a network too small', configuration({ network: { cidr: '10.0.0.0/23' } }), 'network.cidr', '/16 to /22'],
  ['a network too large', configuration({ network: { cidr: '10.0.0.0/15' } }), 'network.cidr', '/16 to /22'],
  ['a public network', configuration({ network: { cidr: '8.8.0.0/16' } }), 'network.cidr', 'private range'],
  [
    'host bits in the network',
    configuration({ network: { cidr: '10.0.0.1/16' } }),
    'network.cidr',
    'no bit set',
  ],
  [
    'a zone of another region',
    configuration({ network: { availabilityZones: ['eu-west-2a'] } }),
    'network.availabilityZones[0]',
    'zone of eu-west-1',
  ],
  [
    'a zone named twice',
    configuration({ network: { availabilityZones: ['eu-west-1a', 'eu-west-1a'] } }),
    'network.availabilityZones[1]',
    'must differ from network.availabilityZones[0]',
  ],
  [
    'no zone',
    configuration({ network: { availabilityZones: [] } }),
    'network.availabilityZones',
    'at least one zone',
  ],
  [
    'a brought address for a zone that is not used',
    configuration({ network: { egressAllocationIds: { 'eu-west-1c': 'eipalloc-0123456789abcdef0' } } }),
    'network.egressAllocationIds.eu-west-1c',
    'one of eu-west-1a, eu-west-1b',
  ],
  [
    'an IP where an allocation id belongs',
    configuration({ network: { egressAllocationIds: { 'eu-west-1a': '198.51.100.7' } } }),
    'network.egressAllocationIds.eu-west-1a',
    'allocation id',
  ],
  [
    'one brought address for two zones',
    configuration({
      network: {
        egressAllocationIds: { 'eu-west-1a': 'eipalloc-01234567', 'eu-west-1b': 'eipalloc-01234567' },
      },
    }),
    'network.egressAllocationIds.eu-west-1b',
    'must differ from network.egressAllocationIds.eu-west-1a',
  ],
  [
    'an unknown NAT mode',
    configuration({ network: { natGateways: 'two' } }),
    'network.natGateways',
    'one-per-az, single',
  ],
  [
    'incomplete uploads expired while an execution may still run',
    configuration({ landingBucket: { expireIncompleteUploadsAfterDays: 7 } }),
    'landingBucket.expireIncompleteUploadsAfterDays',
    '8 to 365',
  ],
  [
    'a bucket in upper case',
    configuration({ landingBucket: { name: 'Landing' } }),
    'landingBucket.name',
    'lower-case',
  ],
  [
    'a key of another region',
    configuration({ landingBucket: { kmsKeyArn: KEY_ELSEWHERE } }),
    'landingBucket.kmsKeyArn',
    'key of eu-west-1',
  ],
  [
    'a key alias',
    configuration({ landingBucket: { kmsKeyArn: 'alias/landing' } }),
    'landingBucket.kmsKeyArn',
    'not an alias',
  ],
  ['no e-mail address', configuration({ alerts: { emails: ['on-call'] } }), 'alerts.emails[0]', 'e-mail'],
  [
    'plain HTTP',
    configuration({ alerts: { httpsEndpoints: ['http://a.b'] } }),
    'alerts.httpsEndpoints[0]',
    'HTTPS',
  ],
  [
    'a retention time that CloudWatch does not know',
    configuration({ functions: { logRetentionDays: 31 } }),
    'functions.logRetentionDays',
    '30, 60',
  ],
  [
    'more sessions than the account lets reserve',
    configuration({ functions: { accountConcurrency: 107 } }),
    'functions.accountConcurrency',
    'at least 108',
  ],
  ['no organization', configuration({ terraformCloud: {} }), 'terraformCloud.organization', 'organization'],
  [
    'no host',
    configuration({ partners: [{ ...partner(), host: undefined }] }),
    'partners[0].host',
    'host name',
  ],
  ['a URL as host', withPartner({ host: 'sftp://a' }), 'partners[0].host', 'host name'],
  ['port 0', withPartner({ port: 0 }), 'partners[0].port', '1 to 65535'],
  ['port 65536', withPartner({ port: 65536 }), 'partners[0].port', '1 to 65535'],
  [
    'no fingerprint',
    withPartner({ hostKeyFingerprints: [] }),
    'partners[0].hostKeyFingerprints',
    'at least one',
  ],
  [
    'an MD5 fingerprint',
    withPartner({ hostKeyFingerprints: ['MD5:aa:bb'] }),
    'partners[0].hostKeyFingerprints[0]',
    'SHA256:',
  ],
  [
    'a fingerprint twice',
    withPartner({ hostKeyFingerprints: [FINGERPRINT, FINGERPRINT] }),
    'partners[0].hostKeyFingerprints[1]',
    'must differ',
  ],
  ['no allowed range', withPartner({ allowedCidrs: [] }), 'partners[0].allowedCidrs', 'at least one range'],
  [
    'an allowed range inside the VPC',
    withPartner({ allowedCidrs: ['10.64.1.0/24'] }),
    'partners[0].allowedCidrs[0]',
    'must not overlap network.cidr 10.64.0.0/20',
  ],
  [
    'an address that is not allowed',
    withPartner({ host: '203.0.113.20' }),
    'partners[0].host',
    'must be in allowedCidrs: 198.51.100.0/24',
  ],
  [
    'an algorithm that nobody speaks',
    withPartner({ legacyAlgorithms: ['rot13'] }),
    'partners[0].legacyAlgorithms[0]',
    'one of',
  ],
  ['no session', withPartner({ maxSessions: 0 }), 'partners[0].maxSessions', '1 to 900'],
  [
    'wider than the Map',
    withPartner({ maxSessions: 50, maxConcurrency: 41 }),
    'partners[0].maxConcurrency',
    '1 to 40',
  ],
  [
    'wider than the sessions',
    withPartner({ maxSessions: 4, maxConcurrency: 5 }),
    'partners[0].maxConcurrency',
    'at most maxSessions, 4',
  ],
  [
    'a chunk below the least part',
    withPartner({ chunkSizeBytes: 5242879 }),
    'partners[0].chunkSizeBytes',
    '5242880',
  ],
  [
    'a chunk above the largest part',
    withPartner({ chunkSizeBytes: 5368709121 }),
    'partners[0].chunkSizeBytes',
    '5368709120',
  ],
  [
    'a prefix with a slash at its end',
    withPartner({ keyPrefix: 'in/' }),
    'partners[0].keyPrefix',
    'without a slash',
  ],
  ['16 minutes for a chunk', withPartner({ timeoutSeconds: 901 }), 'partners[0].timeoutSeconds', '60 to 900'],
  ['too little memory', withPartner({ memoryMb: 511 }), 'partners[0].memoryMb', '512 to 10240'],
  [
    'a bad cron',
    withPartner({ schedules: [schedule({ cron: 'cron(0 2 * * * *)' })] }),
    'partners[0].schedules[0].cron',
    'not as both',
  ],
  [
    'an unknown time zone',
    withPartner({ schedules: [schedule({ timeZone: 'CEST' })] }),
    'partners[0].schedules[0].timeZone',
    'IANA',
  ],
  [
    'a schedule without a file',
    withPartner({ schedules: [schedule({ input: {} })] }),
    'partners[0].schedules[0].input.sftp_file_path',
    'it must be the path of a file',
  ],
  [
    'a scheduled width beyond the sessions',
    withPartner({
      maxSessions: 4,
      schedules: [schedule({ input: { sftp_file_path: '/a', max_concurrency: 5 } })],
    }),
    'partners[0].schedules[0].input.max_concurrency',
    'at most maxSessions, 4',
  ],
  [
    'a scheduled target that nothing grants',
    withPartner({
      schedules: [schedule({ input: { sftp_file_path: '/a', target_s3_bucket: 'elsewhere' } })],
    }),
    'partners[0].schedules[0].input.target_s3_bucket',
    'one of targetBuckets',
  ],
  [
    'two schedules of one name',
    withPartner({ schedules: [schedule(), schedule()] }),
    'partners[0].schedules[1].name',
    'must differ',
  ],
  [
    'two partners of one name',
    configuration({ partners: [partner(), partner()] }),
    'partners[1].name',
    'must differ',
  ],
])('%s is refused by path and bound', (_name, raw, expectedPath, words) => {
  const mistakes = mistakesIn(raw);
  expect(mistakes.map((mistake) => mistake.path)).toEqual([expectedPath]);
  expect(mistakes[0]?.bound).toContain(words);
});

test('every mistake is reported at once, also those between sound settings', () => {
  const raw = {
    region: 'nowhere',
    network: { cidr: '10.0.0.0/30' },
    partners: [partner({ port: 0, maxSessions: 2, maxConcurrency: 3 }), partner({ host: '' })],
  };
  expect(mistakesIn(raw).map((mistake) => mistake.path)).toEqual([
    'region',
    'partners[0].port',
    'partners[1].host',
    'network.cidr',
    'partners[1].name',
    'partners[0].maxConcurrency',
  ]);
  expect(() => parseConfiguration(raw, 'test.json')).toThrow(
    'test.json has 6 mistakes:\n  region is "nowhere", but it must be a region of the aws partition\n',
  );
});

test('a file that is missing or no JSON says so', () => {
  expect(() => loadConfiguration('/nonexistent/a.json')).toThrow(
    '/nonexistent/a.json has 1 mistake:\n  there is no such file; SFTP_TO_S3_CONFIG names the configuration file',
  );
  expect(() => loadConfiguration(path.join(PROJECT, 'LICENSE'))).toThrow('it must be JSON');
});

test('the example is sound', () => {
  expect(loadConfiguration(path.join(PROJECT, 'config/example.json')).partners).toHaveLength(2);
});

test('the configuration file is the one that SFTP_TO_S3_CONFIG names, else the example', () => {
  const before = process.env.SFTP_TO_S3_CONFIG;
  try {
    process.env.SFTP_TO_S3_CONFIG = '/etc/transfers.json';
    expect(configurationFile()).toBe('/etc/transfers.json');
    delete process.env.SFTP_TO_S3_CONFIG;
    expect(configurationFile()).toBe(path.join(PROJECT, 'config/example.json'));
  } finally {
    if (before !== undefined) process.env.SFTP_TO_S3_CONFIG = before;
  }
});

test('the JSON Schema for editors is the one of the code', () => {
  expect(readFileSync(path.join(PROJECT, JSON_SCHEMA_FILE), 'utf8')).toBe(jsonSchemaText());
});
