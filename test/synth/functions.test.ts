import { CloudwatchLogGroup } from '@cdktf/provider-aws/lib/cloudwatch-log-group/index.js';
import { LambdaFunction } from '@cdktf/provider-aws/lib/lambda-function/index.js';
import { STEPS, stateName } from '../../infra/steps.ts';
import {
  readDrainMs,
  readKeepPartsDays,
  readPartnerName,
  readReserveSettings,
  readSessionTable,
  readSftpSettings,
  readTransferDefaults,
} from '../../lambdas/shared/env.ts';
import { findTasks, loadWorkflow } from '../../local/workflow-definition.ts';
import { escapeReferences, partner, synthesise } from './synthesised.ts';

const stack = synthesise({
  partners: [
    partner({
      legacyAlgorithms: ['ssh-rsa'],
      maxSessions: 5,
      keyPrefix: 'in/acme',
      targetBuckets: [{ name: 'elsewhere' }],
      memoryMb: 3_008,
      timeoutSeconds: 600,
    }),
  ],
});
const lambda = (step: string) => stack.one(LambdaFunction.tfResourceType, step);
const environment = (step: string) =>
  Object.fromEntries(
    Object.entries<string>(lambda(step).environment.variables).map(([name, value]) => [
      name,
      escapeReferences(value),
    ]),
  );

test.each(STEPS)('%s runs on arm64 with tracing, its own role and its own package', (step) => {
  expect(lambda(step)).toMatchObject({
    function_name: `test-acme-${step}`,
    runtime: 'nodejs24.x',
    architectures: ['arm64'],
    handler: 'index.handler',
    tracing_config: { mode: 'Active' },
    role: expect.stringContaining(step),
    filename: expect.stringMatching(new RegExp(`^assets/.*/${step}\\.zip$`)),
  });
});

test.each(STEPS)('the log group of %s is made first, and forgets', (step) => {
  const [name, logGroup] =
    Object.entries(stack.all(CloudwatchLogGroup.tfResourceType)).find(([, group]) =>
      group.name.endsWith(`/aws/lambda/test-acme-${step}`),
    ) ?? [];
  expect(logGroup).toMatchObject({ retention_in_days: 30 });
  expect(lambda(step).depends_on).toContain(`aws_cloudwatch_log_group.${name}`);
});

test.each([
  ['get-file-metadata', true],
  ['resume-upload', true],
  ['create-file-chunks', false],
  ['download-segment', true],
  ['complete-upload', true],
  ['keep-parts', false],
  ['abort-upload', false],
  ['reserve-sessions', false],
  ['release-sessions', false],
])('%s is in the VPC: %s', (step, isInside) => {
  expect('vpc_config' in lambda(step)).toBe(isInside);
  if (!isInside) return;
  expect(lambda(step).vpc_config.subnet_ids).toEqual([
    expect.stringContaining('eu-west-1a_private'),
    expect.stringContaining('eu-west-1b_private'),
  ]);
});

test("the download's concurrency is the partner's sessions, and nobody else's", () => {
  expect(lambda('download-segment').reserved_concurrent_executions).toBe(5);
  for (const step of STEPS.filter((other) => other !== 'download-segment')) {
    expect(lambda(step)).not.toHaveProperty('reserved_concurrent_executions');
  }
});

test('an account with a small quota reserves nothing', () => {
  const small = synthesise({ functions: { reserveConcurrency: false } });
  expect(small.one(LambdaFunction.tfResourceType, 'download-segment')).not.toHaveProperty(
    'reserved_concurrent_executions',
  );
});

test.each(STEPS)('%s ends before its state gives it up', (step) => {
  const state = findTasks(loadWorkflow()).find(({ name }) => name === stateName(step))?.state;
  expect(lambda(step).timeout).toBeLessThan(state?.TimeoutSeconds ?? 0);
});

test("the download's memory and time are the partner's", () => {
  expect(lambda('download-segment')).toMatchObject({ memory_size: 3_008, timeout: 600 });
});

describe('the environment, as the functions read it', () => {
  test.each(STEPS)('%s knows its partner and how to log', (step) => {
    expect(readPartnerName(environment(step))).toBe('acme');
    expect(environment(step)).toMatchObject({
      POWERTOOLS_SERVICE_NAME: 'sftp-to-s3',
      POWERTOOLS_METRICS_NAMESPACE: 'SftpToS3',
      POWERTOOLS_LOG_LEVEL: 'INFO',
      NODE_OPTIONS: '--enable-source-maps',
    });
  });

  test.each(['get-file-metadata', 'download-segment', 'complete-upload'])('%s knows the server', (step) => {
    expect(readSftpSettings(environment(step))).toMatchObject({
      host: 'sftp.acme.example',
      port: 2222,
      hostKeyFingerprints: ['SHA256:uNiVztksCsDhcc0u9e8BrKXVeypKgSy7xdb7mCpRAhA'],
      legacyAlgorithms: ['ssh-rsa'],
      secretArn: expect.stringContaining('aws_secretsmanager_secret'),
      egressAddresses: [
        expect.stringContaining("['eu-west-1a'].public_ip"),
        expect.stringContaining("['eu-west-1b'].public_ip"),
      ],
    });
  });

  test('get-file-metadata knows every default of a transfer', () => {
    expect(readTransferDefaults(environment('get-file-metadata'))).toEqual({
      landingBucket: expect.stringContaining('aws_s3_bucket'),
      allowedBuckets: ['elsewhere'],
      keyPrefix: 'in/acme',
      chunkSizeBytes: 52_428_800,
      maxConcurrency: 5,
      keepPartsDays: 0,
    });
  });

  test('reserve-sessions and release-sessions know the table, the cap and the drain', () => {
    expect(readReserveSettings(environment('reserve-sessions'))).toEqual({
      maxSessions: 5,
      maxConcurrency: 5,
      // A function of a stopped execution may still complete its upload.
      drainMs: 900_000,
    });
    for (const step of ['reserve-sessions', 'release-sessions']) {
      expect(readSessionTable(environment(step))).toContain('aws_dynamodb_table');
      expect(readDrainMs(environment(step))).toBe(900_000);
    }
  });

  test.each(['create-file-chunks', 'keep-parts', 'abort-upload', 'reserve-sessions', 'release-sessions'])(
    '%s is not told of the secret',
    (step) => {
      expect(environment(step)).not.toHaveProperty('SFTP_SECRET_ARN');
    },
  );
});

test('functions keep parts, and go on with them, only where the partner says so', () => {
  const daysOf = (of: ReturnType<typeof synthesise>, step: string) =>
    readKeepPartsDays(of.one(LambdaFunction.tfResourceType, step).environment.variables);
  const keeping = synthesise({ partners: [partner({ keepPartsDays: 3 })] });

  for (const step of ['reserve-sessions', 'get-file-metadata', 'abort-upload', 'release-sessions']) {
    expect([step, daysOf(keeping, step), daysOf(stack, step)]).toEqual([step, 3, 0]);
  }
  for (const step of ['keep-parts', 'abort-upload']) {
    const { variables } = keeping.one(LambdaFunction.tfResourceType, step).environment;
    expect(readSessionTable(variables)).toContain('aws_dynamodb_table');
  }
});

test.each([
  ['neither sessions nor width', {}, '8'],
  ['few sessions', { maxSessions: 3 }, '3'],
  ['many sessions', { maxSessions: 20 }, '8'],
  ['a width', { maxSessions: 20, maxConcurrency: 12 }, '12'],
])('with %s, one transfer is as wide as it should be', (_name, settings, width) => {
  const metadata = synthesise({ partners: [partner(settings)] }).one(
    LambdaFunction.tfResourceType,
    'get-file-metadata',
  );
  expect(metadata.environment.variables.MAX_CONCURRENCY).toBe(width);
});
