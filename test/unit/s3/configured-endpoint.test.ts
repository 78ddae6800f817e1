import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { configuredEndpoint } from '../../../s3/configured-endpoint.ts';

const environment = { ...process.env };
const directory = mkdtempSync(join(tmpdir(), 'endpoint-'));
let files = 0;

/** The SDK keeps what it has read of a file: each test has one of its own. */
function configure(variables: Record<string, string>, configuration = ''): void {
  files += 1;
  const file = join(directory, `config-${files}`);
  writeFileSync(file, configuration);
  for (const name of Object.keys(process.env)) if (name.startsWith('AWS_')) delete process.env[name];
  Object.assign(process.env, { AWS_CONFIG_FILE: file, AWS_SHARED_CREDENTIALS_FILE: file, ...variables });
}

afterEach(() => {
  process.env = { ...environment };
});

test.each<[string, Record<string, string>, string | undefined]>([
  ['nothing', {}, undefined],
  ['a region only', { AWS_REGION: 'eu-central-1' }, undefined],
  ['hosts of AWS for dual stack and FIPS', { AWS_USE_DUALSTACK_ENDPOINT: 'true' }, undefined],
  ['an endpoint of all services', { AWS_ENDPOINT_URL: 'http://127.0.0.1:9000' }, 'http://127.0.0.1:9000'],
  ['a slash at its end', { AWS_ENDPOINT_URL: 'http://127.0.0.1:9000/' }, 'http://127.0.0.1:9000'],
  ['a path', { AWS_ENDPOINT_URL: 'https://store.example/s3/' }, 'https://store.example/s3'],
  [
    "an endpoint of S3's own before that of all",
    { AWS_ENDPOINT_URL: 'http://127.0.0.1:1', AWS_ENDPOINT_URL_S3: 'https://minio.example' },
    'https://minio.example',
  ],
  [
    'one that is to be ignored',
    { AWS_ENDPOINT_URL: 'http://127.0.0.1:9000', AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'true' },
    undefined,
  ],
  [
    'an interface endpoint of a VPC',
    { AWS_ENDPOINT_URL_S3: 'https://bucket.vpce-1a2b3c4d-5e6f.s3.us-east-1.vpce.amazonaws.com' },
    undefined,
  ],
])('of %s', async (_name, variables, expected) => {
  configure(variables);
  expect(await configuredEndpoint()).toBe(expected);
});

test('of a profile, and of its services', async () => {
  const profile = '[profile test]\nendpoint_url = http://127.0.0.1:9001\n';
  configure({ AWS_PROFILE: 'test' }, profile);
  expect(await configuredEndpoint()).toBe('http://127.0.0.1:9001');
  const services =
    '[profile test]\nservices = local\n[services local]\ns3 =\n  endpoint_url = http://127.0.0.1:9002\n';
  configure({ AWS_PROFILE: 'test' }, services);
  expect(await configuredEndpoint()).toBe('http://127.0.0.1:9002');
});
