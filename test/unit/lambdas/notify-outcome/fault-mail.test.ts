import { faultOf } from '../../../../lambdas/notify-outcome/fault.ts';
import { faultMail } from '../../../../lambdas/notify-outcome/fault-mail.ts';
import type { EndedExecution } from '../../../../lambdas/notify-outcome/outcome.ts';
import { mailsOf, TEN_FAULTS } from '../../../support/mails/ten-faults.ts';

const COLUMNS = 72;
const SETTINGS = { stackName: 'transfers', partners: { acme: '' }, runbookBaseUrl: 'docs/runbooks' };
const ARN = 'arn:aws:states:eu-west-1:123456789012:execution:transfers-acme:run-1';

function mailAbout(changes: Partial<EndedExecution>) {
  const ended: EndedExecution = {
    arn: ARN,
    name: 'run-1',
    input: { sftp_file_path: '/a.csv' },
    error: 'SftpRequestRefusedError',
    cause: 'locked',
    startedAtMs: 0,
    endedAtMs: 1_000,
    ...changes,
  };
  const fault = faultOf(ended, 'FAILED', false);
  const repeats = { count: 1, firstAtMs: 1_000, otherSubjects: [] };
  const told = { partner: 'acme', isFolderRun: false, ended, fault, repeats, remains: 'Nothing landed.' };
  return faultMail(told, SETTINGS);
}

/** Lines that a reader's mail program would have to break. */
const tooLong = (body: string) =>
  body.split('\n').filter((line) => line.length > COLUMNS && line.trim().includes(' '));

test.each(TEN_FAULTS)('$title: 72 columns, but for links', async (fault) => {
  for (const { subject, body } of await mailsOf(fault)) {
    expect(tooLong(body)).toEqual([]);
    expect(subject).toMatch(/^[ -~]{1,100}$/);
  }
});

test.each([
  ['as long as the subject has room', 'x'.repeat(70)],
  ['a character longer', 'x'.repeat(71)],
  ['of 4,096 characters', `/${'deep/'.repeat(818)}last.bin`],
  ['with a line end, which SNS refuses in a subject', '/a\r\nBcc: x@example.com'],
  ['not in ASCII', '/Umsätze/März.csv'],
])('a path %s makes a subject that SNS takes', (_what, path) => {
  const { subject } = mailAbout({ input: { sftp_file_path: path } });
  expect(subject).toMatch(/^[!-~][ -~]{0,99}$/);
  expect(subject).toMatch(/^acme: SftpRequestRefusedError, /);
});

test('of a long path the end is kept', () => {
  const { subject } = mailAbout({ input: { sftp_file_path: `/${'deep/'.repeat(50)}last.bin` } });
  expect(subject).toHaveLength(100);
  expect(subject).toMatch(/, \.\.\..*\/last\.bin$/);
});

test('what a server says cannot forge a line of the mail, nor colour a terminal', () => {
  const cause = JSON.stringify({ errorMessage: 'locked\nSide:     ours\u001b[31m\u202e' });
  const { body } = mailAbout({ cause, input: { sftp_file_path: '/a\nPartner:  globex' } });
  expect(body.match(/^Side:/gm)).toHaveLength(1);
  expect(body.match(/^Partner:/gm)).toHaveLength(1);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  expect(body).not.toMatch(/[\u001b\u202e]/);
});

test('a cause of 32,768 characters, the longest, is cut', () => {
  expect(mailAbout({ cause: 'x'.repeat(32_768) }).body.length).toBeLessThan(4_000);
});

test('an input that names nothing is said to, and an error without a name is told by its status', () => {
  const { subject, body } = faultMailWithoutError();
  expect(subject).toBe('acme: FAILED');
  expect(body).toContain('File:     not named by its input');
  expect(body).toContain('FAILED:\n  no text');
});

function faultMailWithoutError() {
  const ended: EndedExecution = { arn: ARN, name: 'run-1', input: undefined, startedAtMs: 0, endedAtMs: 1 };
  const fault = faultOf(ended, 'FAILED', false);
  const repeats = { count: 1, firstAtMs: 1, otherSubjects: [] };
  return faultMail(
    { partner: 'acme', isFolderRun: false, ended, fault, repeats, remains: 'Nothing landed.' },
    SETTINGS,
  );
}

test('the command is one when it is pasted, and the link leads to the execution', () => {
  const { body } = mailAbout({});
  expect(body).toContain(
    'npx sftp-to-s3 history acme/run-1 \\\n    --stack-name transfers --region eu-west-1\n',
  );
  expect(body).toContain(
    `https://eu-west-1.console.aws.amazon.com/states/home?region=eu-west-1#/v2/executions/details/${ARN}`,
  );
});
