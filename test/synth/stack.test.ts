import { readFileSync } from 'node:fs';
import path from 'node:path';
import { CloudwatchDashboard } from '@cdktf/provider-aws/lib/cloudwatch-dashboard/index.js';
import { SnsTopicSubscription } from '@cdktf/provider-aws/lib/sns-topic-subscription/index.js';
import { TerraformStack, Testing } from 'cdktf';
import { keepState } from '../../infra/state-backend.ts';
import { functionPlaceholder, STEPS, stateName } from '../../infra/steps.ts';
import { escapeReferences, partner, type Resource, synthesise } from './synthesised.ts';

const PROJECT = path.join(import.meta.dirname, '../..');
const stack = synthesise({
  tags: { team: 'data' },
  alerts: { emails: ['a@example.com'], httpsEndpoints: ['https://events.example/sns'] },
  partners: [partner(), partner({ name: 'globex' })],
});

test('the outputs, the addresses first', () => {
  const outputs = Object.entries<Resource>(stack.json.output).sort(([a], [b]) => a.localeCompare(b));
  expect(outputs.map(([name]) => name)).toEqual([
    'addresses_to_allowlist',
    'alert_topic_arn',
    'allowlist_requests',
    'dashboard_url',
    'landing_bucket',
    'secret_names',
    'state_machine_arns',
  ]);
  const values = Object.fromEntries(outputs.map(([name, { value }]) => [name, value]));
  expect(values.addresses_to_allowlist).toHaveLength(2);
  expect(values.secret_names).toEqual({ acme: 'test/acme/sftp', globex: 'test/globex/sftp' });
  expect(values.state_machine_arns).toEqual({
    acme: expect.stringContaining('partner-acme'),
    globex: expect.stringContaining('partner-globex'),
  });
  expect(escapeReferences(values.allowlist_requests.acme)).toMatch(
    /^Please allow TCP connections to sftp\.acme\.example port 2222 from \S+\['eu-west-1a'\]\S+ and /,
  );
});

test('tags are on every resource, by the provider', () => {
  expect(stack.json.provider.aws).toEqual([
    { region: 'eu-west-1', default_tags: [{ tags: { team: 'data' } }] },
  ]);
});

test('alerts go to mail addresses and to endpoints that confirm themselves', () => {
  expect(Object.values(stack.all(SnsTopicSubscription.tfResourceType))).toEqual([
    expect.objectContaining({ protocol: 'email', endpoint: 'a@example.com' }),
    expect.objectContaining({
      protocol: 'https',
      endpoint: 'https://events.example/sns',
      endpoint_auto_confirms: true,
    }),
  ]);
});

test('the dashboard shows every partner, and no two widgets overlap', () => {
  const body = escapeReferences(stack.one(CloudwatchDashboard.tfResourceType).dashboard_body);
  const { widgets } = JSON.parse(body) as { widgets: Record<'x' | 'y' | 'width' | 'height', number>[] };
  for (const name of ['acme', 'globex']) expect(body).toContain(`${name}: errors by name`);
  const cells = widgets.flatMap(({ x, y, width, height }) =>
    Array.from({ length: width * height }, (_, i) => `${x + (i % width)},${y + Math.floor(i / width)}`),
  );
  expect(new Set(cells).size).toBe(cells.length);
  expect(Math.max(...widgets.map(({ x, width }) => x + width))).toBe(24);
});

test('kept parts are drawn for a partner that keeps them, and for no other', () => {
  const partners = [partner({ keepPartsDays: 3 }), partner({ name: 'globex', host: 'sftp.globex.example' })];
  const body = escapeReferences(
    synthesise({ partners }).one(CloudwatchDashboard.tfResourceType).dashboard_body,
  );
  const { widgets } = JSON.parse(body) as {
    widgets: { properties: { title?: string; metrics?: unknown } }[];
  };
  const drawn = widgets.filter(({ properties }) => JSON.stringify(properties).includes('SuspendedBytes'));
  expect(drawn.map(({ properties }) => properties.title)).toEqual(['acme: kept parts']);
  expect(JSON.stringify(drawn[0]?.properties.metrics)).toMatch(/"SuspendedBytes".*"acme"/);
});

describe('the state', () => {
  /** Without validations: they ask for a terraform binary, which deploying needs and this test does not. */
  const backend = (cloud?: Parameters<typeof keepState>[2]) => {
    const bare = new TerraformStack(Testing.app(), 'bare');
    keepState(bare, 'bare', cloud);
    return JSON.parse(Testing.synth(bare)).terraform;
  };

  test('is a local file by default, named relative to the stack so that every folder gives the same bytes', () => {
    expect(backend().backend).toEqual({ local: { path: '../../../terraform.bare.tfstate' } });
  });

  test('is kept by Terraform Cloud in the workspace named, or in one named like the stack', () => {
    expect(backend({ organization: 'acme', workspace: 'files' }).cloud).toEqual({
      organization: 'acme',
      workspaces: { name: 'files' },
    });
    expect(backend({ organization: 'acme', project: 'Data', hostname: 'tfe.example' }).cloud).toEqual({
      organization: 'acme',
      hostname: 'tfe.example',
      workspaces: { name: 'bare', project: 'Data' },
    });
  });
});

test.each(STEPS)('%s has one name: folder, state and placeholder', (step) => {
  const workflow = readFileSync(path.join(PROJECT, 'statemachine/transfer.asl.json'), 'utf8');
  expect(workflow).toContain(`"${stateName(step)}": {`);
  expect(workflow).toContain(`"\${${functionPlaceholder(step)}}"`);
  expect(readFileSync(path.join(PROJECT, 'lambdas', step, 'handler.ts'), 'utf8')).toContain(
    `name: '${step}'`,
  );
});
