import { readFileSync } from 'node:fs';
import path from 'node:path';
import { LambdaFunction } from '@cdktf/provider-aws/lib/lambda-function/index.js';
import { S3Bucket } from '@cdktf/provider-aws/lib/s3-bucket/index.js';
import { S3BucketLifecycleConfiguration } from '@cdktf/provider-aws/lib/s3-bucket-lifecycle-configuration/index.js';
import { SchedulerSchedule } from '@cdktf/provider-aws/lib/scheduler-schedule/index.js';
import { SfnStateMachine } from '@cdktf/provider-aws/lib/sfn-state-machine/index.js';
import { VpcEndpoint } from '@cdktf/provider-aws/lib/vpc-endpoint/index.js';
import { VpcSecurityGroupEgressRule } from '@cdktf/provider-aws/lib/vpc-security-group-egress-rule/index.js';
import { FOLDER_STEPS, functionPlaceholder, STEPS, stateName } from '../../infra/steps.ts';
import { listFolderEventSchema } from '../../lambdas/list-folder/event.ts';
import { findTasks, loadWorkflow, type WorkflowDefinition } from '../../local/workflow-definition.ts';
import { folder, folderSchedule, partner, schedule, statements, synthesise } from './synthesised.ts';

/** Two dollar signs: Terraform would take them for a reference. */
const PATTERN = ['re:a\\', '{2}'].join('$');
const PROJECT = path.join(import.meta.dirname, '../..');
const stack = synthesise({
  partners: [
    partner({
      folders: [folder(), folder({ name: 'odd', path: '/odd', target: 'odd/{name}', include: [PATTERN] })],
      schedules: [schedule(), folderSchedule()],
    }),
    partner({ name: 'globex' }),
  ],
});
const machine = stack.one(SfnStateMachine.tfResourceType, 'folders');
const definition = JSON.parse(machine.definition) as WorkflowDefinition & {
  States: Record<string, { Parameters?: Record<string, string> }>;
};

test.each(FOLDER_STEPS)('%s has one name: folder, state and placeholder', (step) => {
  const workflow = readFileSync(path.join(PROJECT, 'statemachine/folder.asl.json'), 'utf8');
  expect(workflow).toContain(`"${stateName(step)}": {`);
  expect(workflow).toContain(`"\${${functionPlaceholder(step)}}"`);
  expect(readFileSync(path.join(PROJECT, 'lambdas', step, 'handler.ts'), 'utf8')).toContain(
    `name: '${step}'`,
  );
});

test('a partner without folders has nothing of it', () => {
  const without = synthesise({ partners: [partner()] });
  const count = ({ json }: typeof without) =>
    Object.values<object>(json.resource).reduce((sum, resources) => sum + Object.keys(resources).length, 0);
  const two = synthesise({ partners: [partner(), partner({ name: 'globex', folders: [folder()] })] });
  const names = (type: string) => Object.keys(without.all(type));

  expect(names(SfnStateMachine.tfResourceType)).toHaveLength(1);
  expect(names(S3Bucket.tfResourceType)).toHaveLength(1);
  expect(names(LambdaFunction.tfResourceType).filter((name) => name.includes('list-folder'))).toEqual([]);
  expect(count(two)).toBeGreaterThan(
    count(synthesise({ partners: [partner(), partner({ name: 'globex' })] })),
  );
  const ofAcme = Object.keys(two.all(LambdaFunction.tfResourceType)).filter((name) => name.includes('acme'));
  expect(ofAcme).toHaveLength(STEPS.length);
});

test('the workflow is the file, with functions, bucket, transfer workflow and settings filled in', () => {
  const resources = Object.fromEntries(
    findTasks(definition).map(({ name, state }) => [name, state.Resource]),
  );
  for (const step of FOLDER_STEPS) expect(resources[stateName(step)]).toMatch(/qualified_arn\}$/);
  expect(Object.keys(definition.States)).toEqual(Object.keys(loadWorkflow('folder').States));
  expect(machine.definition).not.toContain('FunctionArn}"');
});

test('the settings come back as they were written, whatever Terraform makes of braces', () => {
  const text = String(definition.States.ListFolder?.Parameters?.folders);
  expect(text).not.toMatch(/[$%]\{/);
  const { folders } = listFolderEventSchema.parse({
    execution_id: 'x',
    started_at: '2026-11-25T00:00:00Z',
    request: { folder: 'odd' },
    folders: text,
    look: 1,
  });
  expect(folders.map(({ name }) => name)).toEqual(['daily', 'odd']);
  expect(folders[1]?.include).toEqual([PATTERN]);
});

test('a schedule with a folder starts the folder workflow, the others the transfer workflow', () => {
  const target = (name: string) =>
    Object.values(stack.all(SchedulerSchedule.tfResourceType)).find((one) => one.name === name)?.target;
  expect(target('folder-daily')).toMatchObject({
    arn: expect.stringContaining('folders'),
    input: '{"folder":"daily"}',
  });
  expect(target('daily').arn).not.toContain('folders');
});

test('plans of runs expire, what the next run compares with does not', () => {
  const { rule } = stack.one(S3BucketLifecycleConfiguration.tfResourceType, 'state-bucket');
  expect(rule).toEqual([
    expect.objectContaining({ filter: [{ prefix: 'runs/' }], expiration: [{ days: 30 }] }),
  ]);
});

test("functions in the network reach the ledger's table by its endpoint, and only partners with folders do", () => {
  expect(stack.one(VpcEndpoint.tfResourceType, 'dynamodb')).toMatchObject({
    service_name: 'com.amazonaws.eu-west-1.dynamodb',
    policy: expect.stringContaining('LedgerOnly'),
  });
  const rules = Object.keys(stack.all(VpcSecurityGroupEgressRule.tfResourceType));
  expect(rules.filter((name) => name.includes('dynamodb'))).toEqual([expect.stringContaining('acme')]);
});

test("a partner's functions touch its own folders' rows and its own keys of the state bucket", () => {
  const all = statements(stack).filter(({ owner }) => owner.includes('partner-acme_folders'));
  const ledger = all.filter(({ statement }) => statement.Sid === 'UseLedger');
  expect(ledger).toHaveLength(5);
  for (const { statement } of ledger) {
    expect(statement.Condition).toEqual({
      'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': ['acme#daily', 'acme#odd'] },
    });
  }
  for (const { statement } of all.filter(({ statement: { Sid } }) => Sid === 'UseState')) {
    for (const resource of statement.Resource) expect(resource).toMatch(/\/(runs|state)\/acme\/\*$/);
  }
  expect(all.filter(({ statement }) => [statement.Action].flat().includes('*'))).toEqual([]);
});
