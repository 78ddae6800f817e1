import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CloudwatchMetricAlarm } from '@cdktf/provider-aws/lib/cloudwatch-metric-alarm/index.js';
import { kebabCase } from '../../transfer/runbook.ts';
import { TRANSFER_ERROR_NAMES } from '../support/docs/error-names.ts';
import { codeBlocks, headings } from '../support/docs/markdown.ts';
import { folder, folderSchedule, partner, schedule, synthesise } from '../synth/synthesised.ts';

const FOLDER = join(import.meta.dirname, '../../docs/runbooks');
const SECTIONS = ['Whose side', 'First command', 'Next steps', 'Do not', 'Over when', 'Write to'];

const runbooks = readdirSync(FOLDER)
  .filter((file) => file !== 'README.md')
  .map((file) => file.replace(/\.md$/, ''));

/** A stack with everything that alarms are made for. */
const stack = synthesise({
  partners: [partner({ schedules: [schedule(), folderSchedule()], folders: [folder()] })],
});
const alarms = Object.values(stack.all(CloudwatchMetricAlarm.tfResourceType)).map((alarm) => ({
  name: String(alarm.alarm_name),
  runbook: /docs\/runbooks\/([a-z0-9-]+)\.md$/.exec(alarm.alarm_description)?.[1] ?? '',
}));

test('every alarm has a runbook, and every runbook an alarm', () => {
  expect([...new Set(alarms.map(({ runbook }) => runbook))].sort()).toEqual(runbooks.toSorted());
});

test.each(TRANSFER_ERROR_NAMES)('%s has a runbook', (name) => {
  expect(runbooks).toContain(kebabCase(name));
});

test('the list of runbooks names every one of them', () => {
  const list = readFileSync(join(FOLDER, 'README.md'), 'utf8');

  expect(runbooks.filter((stem) => !list.includes(`(${stem}.md)`))).toEqual([]);
});

describe.each(runbooks)('%s', (stem) => {
  const text = readFileSync(join(FOLDER, `${stem}.md`), 'utf8');

  test('has all parts, in their order', () => {
    expect(headings(text, 1)).toEqual([stem]);
    expect(headings(text, 2)).toEqual(SECTIONS);
    expect(text).toContain('\n**Urgency:** ');
  });

  test('says in one sentence or two what it means, before anything else', () => {
    const [, meaning = ''] = text.split('\n\n');

    expect(meaning).toMatch(/^[A-Z].*\.$/s);
    expect(meaning.split('. ').length).toBeLessThanOrEqual(2);
  });

  test('begins with a command that takes its values from the name of the alarm', () => {
    const [first] = codeBlocks(text);
    const alarmName = /# the alarm's name is (\S+)$/m.exec(first?.text ?? '')?.[1] ?? '';
    const pattern = alarmName
      .replace('STACK', 'test')
      .replace('PARTNER', 'acme')
      .replace('STEP', '(get-file-metadata|create-file-chunks|download-segment|complete-upload|abort-upload)')
      .replace('ZONE', '[a-z0-9-]+');
    const ofThis = alarms.filter(({ runbook }) => runbook === stem).map(({ name }) => name);

    expect(ofThis).toContainEqual(expect.stringMatching(new RegExp(`^${pattern}$`)));
    expect(first?.text.split('\n').length).toBeGreaterThan(1);
  });

  test('has a text to send', () => {
    expect(text).toMatch(/^> \S/m);
  });
});
