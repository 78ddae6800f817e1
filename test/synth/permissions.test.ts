import { escapeReferences, partner, schedule, statements, synthesise } from './synthesised.ts';

const KEY = 'arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab';
const stack = synthesise({
  network: { flowLogs: true },
  landingBucket: { kmsKeyArn: KEY },
  partners: [partner({ schedules: [schedule()], targetBuckets: [{ name: 'elsewhere' }] })],
});
const found = statements(stack);
const asList = (value: string | string[]) => (Array.isArray(value) ? value : [value]);

/** `${aws_s3_bucket.landing-bucket_ABC.arn}/*` as `<aws_s3_bucket.landing-bucket arn>/*`. */
const readable = (text: string) =>
  text.replace(/\$\{(data\.)?([\w-]+)\.([\w-]+?)(_[0-9A-F]{8})?\.(\w+)\}/g, '<$2.$3 $5>');

/** Actions that know no resource: docs.aws.amazon.com/service-authorization. */
const WITHOUT_RESOURCE = [
  /^xray:(PutTraceSegments|PutTelemetryRecords|GetSamplingRules|GetSamplingTargets)$/,
  /^logs:(Create|Get|Update|Delete|List)LogDeliver(y|ies)$/,
  /^logs:(PutResourcePolicy|DescribeResourcePolicies|DescribeLogGroups)$/,
  /^ec2:Describe(NetworkInterfaces|Subnets)$/,
];

test('every statement, as a reviewer reads it', () => {
  const lines = found.map(({ owner, statement }) => {
    const { Effect, Sid, Principal, Action, Resource, Condition } = statement;
    return [
      readable(`\${${owner.replace(/ (\w+)$/, '.$1')}}`),
      `  ${Effect} ${Sid ?? ''}`,
      ...(Principal ? [`    who  ${readable(JSON.stringify(Principal))}`] : []),
      ...asList(Action).map((action) => `    may  ${action}`),
      ...asList(Resource ?? []).map((resource) => `    on   ${readable(resource)}`),
      ...(Condition ? [`    when ${readable(JSON.stringify(Condition))}`] : []),
    ].join('\n');
  });
  expect(`\n${lines.join('\n')}\n`).toMatchSnapshot();
});

test('"*" stands only where AWS knows no resource, where it denies, and in a key\'s own policy', () => {
  const wide = found.filter(
    ({ owner, statement }) =>
      statement.Effect === 'Allow' &&
      asList(statement.Resource ?? []).includes('*') &&
      !owner.startsWith('aws_kms_key.') &&
      !asList(statement.Action).every((action) => WITHOUT_RESOURCE.some((known) => known.test(action))),
  );
  expect(wide).toEqual([]);
});

test('no action is a wildcard, but for the account as administrator of its own key', () => {
  const wide = found.filter(
    ({ statement }) =>
      statement.Effect === 'Allow' && asList(statement.Action).some((action) => action.includes('*')),
  );
  expect(wide.map(({ statement }) => [statement.Sid, statement.Action])).toEqual([
    ['AdministeredByTheAccount', 'kms:*'],
  ]);
});

test('no managed policy is attached', () => {
  expect(Object.keys(stack.json.resource).filter((type) => /policy_attachment/.test(type))).toEqual([]);
  for (const role of Object.values(stack.all('aws_iam_role'))) {
    expect(role).not.toHaveProperty('managed_policy_arns');
  }
});

test("a partner's functions read that partner's secret only", () => {
  const two = synthesise({ partners: [partner(), partner({ name: 'globex' })] });
  const readers = statements(two).filter(
    ({ statement }) =>
      asList(statement.Action).includes('secretsmanager:GetSecretValue') && !statement.Principal,
  );
  expect(readers).toHaveLength(6);
  for (const { owner, statement } of readers) {
    const name = owner.includes('partner-acme') ? 'partner-acme' : 'partner-globex';
    expect(asList(statement.Resource)).toEqual([expect.stringContaining(`${name}_secret`)]);
  }
});

test('a bucket that is not configured is not granted', () => {
  const granted = statements(synthesise()).flatMap(({ statement }) =>
    asList(statement.Action).includes('s3:PutObject') && !statement.Principal
      ? asList(statement.Resource)
      : [],
  );
  expect(granted.length).toBeGreaterThan(0);
  for (const resource of granted) {
    expect(escapeReferences(resource)).toMatch(/^\$\{aws_s3_bucket\.landing-bucket\w+\.arn\}\/\*$/);
  }
});

test('the S3 endpoint lets through whatever the functions behind it may do, and to no other bucket', () => {
  const inNetwork = Object.entries(stack.all('aws_lambda_function')).filter(
    ([, lambda]) => lambda.vpc_config,
  );
  const roles = inNetwork.map(([name]) => name.split('_').slice(0, 2).join('_'));
  const needed = found.filter(
    ({ owner, statement }) =>
      roles.some((role) => owner.includes(role)) &&
      asList(statement.Action).some((action) => action.startsWith('s3:')),
  );
  expect(needed.length).toBeGreaterThan(0);
  const endpoint = found.find(({ statement }) => statement.Sid === 'OurBucketsOnly')?.statement;
  for (const { statement } of needed) {
    expect(endpoint?.Action).toEqual(expect.arrayContaining(asList(statement.Action)));
    expect(endpoint?.Resource).toEqual(expect.arrayContaining(asList(statement.Resource)));
  }
  expect(endpoint?.Condition).toHaveProperty(['StringEquals', 'aws:PrincipalAccount']);
});

test("every bucket is granted only as its owner's: a deleted name may be taken by anybody", () => {
  const owned = statements(
    synthesise({
      partners: [
        partner({ targetBuckets: [{ name: 'ours' }, { name: 'theirs', accountId: '111122223333' }] }),
      ],
    }),
  ).filter(
    ({ statement }) =>
      statement.Effect === 'Allow' && asList(statement.Action).some((action) => action.startsWith('s3:')),
  );
  expect(owned.length).toBeGreaterThan(6);
  for (const { statement } of owned) {
    const isTheirs = asList(statement.Resource).some((resource) => resource.includes(':::theirs'));
    expect(statement.Condition).toHaveProperty(
      ['StringEquals', 'aws:ResourceAccount'],
      isTheirs ? '111122223333' : expect.stringContaining('aws_caller_identity'),
    );
    const others = asList(statement.Resource).filter(
      (resource) => resource.includes(':::theirs') !== isTheirs,
    );
    expect(others).toEqual([]);
  }
});

test("the Secrets Manager endpoint carries reads of the partners' secrets only", () => {
  const endpoint = statements(synthesise()).find(
    ({ statement }) => statement.Sid === 'OurSecretsOnly',
  )?.statement;
  expect(endpoint).toMatchObject({
    Action: ['secretsmanager:GetSecretValue'],
    Resource: [expect.stringMatching(/:secret:test\/acme\/sftp-\?{6}$/)],
    Condition: {
      StringEquals: { 'aws:PrincipalAccount': expect.anything(), 'aws:ResourceAccount': expect.anything() },
    },
  });
});
