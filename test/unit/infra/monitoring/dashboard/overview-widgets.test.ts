import { readFileSync } from 'node:fs';
import path from 'node:path';
import {
  FAILURES_QUERY,
  overviewWidgets,
} from '../../../../../infra/monitoring/dashboard/overview-widgets.ts';
import { layOut } from '../../../../../infra/monitoring/dashboard/widgets.ts';

const CORE = path.join(import.meta.dirname, '../../../../../lambdas/notify-outcome/notify-outcome.ts');

const widgets = overviewWidgets({
  region: 'eu-west-1',
  partners: [
    { name: 'acme', stateMachineArn: 'arn:acme', folderStateMachineArn: 'arn:acme-folders' },
    { name: 'globex-eu', stateMachineArn: 'arn:globex', folderStateMachineArn: undefined },
  ],
  alarmArns: Array.from({ length: 150 }, (_, index) => `arn:alarm-${index}`),
  failureLogGroupName: '/aws/lambda/test-notify-outcome',
});

test('the first rows answer, in this order, for all partners: alarms, what runs, how far, how fast, why and whose', () => {
  expect(layOut(widgets).map(({ type, x, y }) => [type, x, y])).toEqual([
    ['alarm', 0, 0],
    ['metric', 0, 2],
    ['metric', 8, 2],
    ['metric', 16, 2],
    ['log', 0, 8],
  ]);
});

test('the panel shows what is in alarm, and no more than CloudWatch takes', () => {
  const { alarms, states } = widgets[0]?.properties ?? {};
  expect(alarms).toHaveLength(100);
  expect(states).toEqual(['ALARM']);
});

test.each([1, 2, 3])(
  'graph %i has one visible line a partner, over metrics with ids of their own',
  (index) => {
    const lines = widgets[index]?.properties.metrics as unknown[][];
    const options = lines.map(
      (line) => line.at(-1) as { id?: string; label?: string; visible?: boolean; expression?: string },
    );
    const shown = options.filter(({ visible }) => visible !== false);
    expect(shown.map(({ label }) => label)).toEqual(['acme', 'globex-eu']);
    const ids = options.flatMap(({ id }) => id ?? []);
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) {
      expect(id).toMatch(/^[a-z][A-Za-z0-9_]*$/);
      expect(shown.map(({ expression }) => expression).join()).toMatch(new RegExp(`\\b${id}\\b`));
    }
  },
);

test('what runs counts the runs over folders, too', () => {
  const lines = JSON.stringify(widgets[1]?.properties.metrics);
  expect(lines).toContain('arn:acme-folders');
});

test('the table asks for what the function logs', () => {
  const source = readFileSync(CORE, 'utf8');
  for (const field of ['failed_with', 'side', 'what', 'failures_today']) {
    expect(FAILURES_QUERY).toContain(field);
    expect(source).toContain(`${field}: `);
  }
  expect(widgets[4]?.properties.query).toContain(
    "SOURCE '/aws/lambda/test-notify-outcome' | fields @timestamp",
  );
});
