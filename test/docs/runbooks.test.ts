import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CloudwatchMetricAlarm } from '@cdktf/provider-aws/lib/cloudwatch-metric-alarm/index.js';
import { EXPECTATION_RUNBOOK } from '../../expectations/notice.ts';
import { GUIDED_ERROR_NAMES, guidedRunbooks, guideToError } from '../../transfer/failure-guide.ts';
import { kebabCase } from '../../transfer/runbook.ts';
import { TRANSFER_ERROR_NAMES } from '../support/docs/error-names.ts';
import { codeBlocks, headings } from '../support/docs/markdown.ts';
import { folder, folderSchedule, partner, schedule, synthesise } from '../synth/synthesised.ts';

const FOLDER = join(import.meta.dirname, '../../docs/runbooks');
const SECTIONS = ['Whose side', 'First command', 'Next steps', 'Do not', 'Over when', 'Write to'];

const runbooks = readdirSync(FOLDER)
  .filter((file) => file !== 'README.md')
  .map((file) => file.replace(/\.md$/, ''));

const readRunbook = (stem: string) => readFileSync(join(FOLDER, `${stem}.md`), 'utf8');

/** A stack with everything that alarms are made for. */
const stack = synthesise({
  partners: [
    partner({
      schedules: [schedule(), folderSchedule()],
      folders: [folder()],
      expectations: [{ name: 'orders', path: '/out/orders.csv', by: '06:00' }],
    }),
  ],
});
/** Expectations are told by messages of their own, whose subjects begin as alarms' names do. */
const told = { name: 'test-acme-expected-orders', firstCommand: undefined, runbook: EXPECTATION_RUNBOOK };
const alarms = Object.values(stack.all(CloudwatchMetricAlarm.tfResourceType)).map((alarm) => ({
  name: String(alarm.alarm_name),
  firstCommand: /^First command: (.+?) --stack-name test --region eu-west-1$/m.exec(
    alarm.alarm_description,
  )?.[1],
  runbook: /docs\/runbooks\/([a-z0-9-]+)\.md$/.exec(alarm.alarm_description)?.[1] ?? '',
}));
alarms.push(told);

/** Where the failure that a page is about is told by another's mail; both link to it. */
const LED_TO: Readonly<Record<string, readonly string[]>> = {
  'abort-failed': ['executions-timed-out', 'undelivered-events'],
  'executions-failed': ['mails-not-sent', 'folder-runs-failed'],
};
const mailed = guidedRunbooks();

test('every mail and every alarm has a runbook, and every runbook a mail, an alarm or pages that lead to it', () => {
  const pages = [...mailed, ...alarms.map(({ runbook }) => runbook), ...Object.keys(LED_TO)];
  expect([...new Set(pages)].sort()).toEqual(runbooks.toSorted());
});

test.each(Object.entries(LED_TO))('%s is led to', (stem, pages) => {
  for (const page of pages) expect(readRunbook(page)).toContain(`(${stem}.md)`);
});

test.each(GUIDED_ERROR_NAMES)('%s: mail, runbook and list say the same', (name) => {
  const { runbook, side, firstCommand } = guideToError(name);
  const [block] = codeBlocks(readRunbook(runbook));
  const [words = ''] = firstCommand.replace('/EXECUTION', '').split(' --');
  expect(block?.text.split('\n')[1]).toMatch(
    new RegExp(`^npx sftp-to-s3 ${words.replace('PARTNER', '\\$PARTNER')}( |$)`),
  );
  const row = new RegExp(`^\\| \\[${runbook}\\]\\(${runbook}\\.md\\) \\| [^|]+ \\| (.+) \\|$`, 'm');
  expect(row.exec(readRunbook('README'))?.[1]).toBe(side);
});

test.each(alarms.filter(({ firstCommand }) => firstCommand !== undefined))(
  '$name: alarm and runbook begin with the same command',
  ({ runbook, firstCommand = '' }) => {
    const [block] = codeBlocks(readRunbook(runbook));
    const [command = ''] = (block?.text.split('\n')[1] ?? '').split(' --stack-name');
    expect(command.replace('$PARTNER', 'acme')).toBe(firstCommand);
  },
);

test('every error class has a guide, and every guide an error class', () => {
  expect(GUIDED_ERROR_NAMES.toSorted()).toEqual(TRANSFER_ERROR_NAMES.toSorted());
});

test.each(TRANSFER_ERROR_NAMES)('%s has a runbook', (name) => {
  expect(runbooks).toContain(kebabCase(name));
});

test('the list of runbooks names every one of them', () => {
  const list = readFileSync(join(FOLDER, 'README.md'), 'utf8');

  expect(runbooks.filter((stem) => !list.includes(`(${stem}.md)`))).toEqual([]);
});

describe.each(runbooks)('%s', (stem) => {
  const text = readRunbook(stem);

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

  test('begins with a command that takes its values from the mail, or from the name of the alarm', () => {
    const [first] = codeBlocks(text);
    expect(first?.text.split('\n').length).toBeGreaterThan(1);
    if (!alarms.some(({ runbook }) => runbook === stem)) {
      expect(first?.text).toMatch(/^export STACK=.* {3}# as the mail names them$/m);
      return;
    }
    const alarmName = /# the alarm's name is (\S+)$/m.exec(first?.text ?? '')?.[1] ?? '';
    const pattern = alarmName
      .replace('STACK', 'test')
      .replace('PARTNER', 'acme')
      .replace('ZONE', '[a-z0-9-]+')
      .replace('EXPECTATION', '[a-z0-9-]+');
    const ofThis = alarms.filter(({ runbook }) => runbook === stem).map(({ name }) => name);

    expect(ofThis).toContainEqual(expect.stringMatching(new RegExp(`^${pattern}$`)));
  });

  test('has a text to send', () => {
    expect(text).toMatch(/^> \S/m);
  });
});
