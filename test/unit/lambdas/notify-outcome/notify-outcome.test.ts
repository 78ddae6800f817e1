import { notifyOutcome } from '../../../../lambdas/notify-outcome/notify-outcome.ts';
import type { MailSettings } from '../../../../lambdas/notify-outcome/outcome.ts';
import { type EndedForTest, MemoryOutcomes } from '../../../support/mails/memory-outcomes.ts';
import { RecordingTelemetry } from '../../../support/recording-telemetry.ts';

const SETTINGS: MailSettings = {
  stackName: 'transfers',
  partners: { acme: '', globex: 'Globex, +1 555 0100' },
  runbookBaseUrl: 'docs/runbooks',
};
const { signal } = new AbortController();
const NOON = Date.UTC(2026, 2, 4, 12);
const MINUTE_MS = 60_000;

const ended = (changes: Partial<EndedForTest> = {}): EndedForTest => ({
  machine: 'transfers-acme',
  name: 'run-1',
  status: 'FAILED',
  input: { sftp_file_path: '/a.csv' },
  error: 'SourceNotFoundError',
  cause: JSON.stringify({ errorType: 'SourceNotFoundError', errorMessage: 'no /a.csv' }),
  startedAtMs: NOON,
  endedAtMs: NOON + MINUTE_MS,
  state: {},
  ...changes,
});

/** What a fault makes: mails by subject, after each execution. */
async function told(...executions: EndedForTest[]) {
  const outcomes = new MemoryOutcomes();
  const telemetry = new RecordingTelemetry();
  const ports = { outcomes, mailer: outcomes, telemetry };
  const results = [];
  for (const execution of executions) {
    results.push(await notifyOutcome(outcomes.end(execution), SETTINGS, ports, signal));
  }
  return { results, mails: outcomes.mails, telemetry };
}

const times = (count: number, of: (index: number) => Partial<EndedForTest>) =>
  Array.from({ length: count }, (_, index) =>
    ended({
      name: `run-${index}`,
      startedAtMs: NOON + index * MINUTE_MS,
      endedAtMs: NOON + index * MINUTE_MS + 5,
      ...of(index),
    }),
  );

describe('no mail', () => {
  test.each<[string, Partial<EndedForTest>, string]>([
    ['about a stack whose name begins like ours', { machine: 'transfers-old-acme' }, 'another stack'],
    ['about a file that a folder run tells of', { name: '9f-generation-2' }, 'its folder run reports it'],
    ['where our own stop ended it', { status: 'ABORTED', error: 'Stopped' }, 'stopped by an operator'],
  ])('%s', async (_what, changes, reason) => {
    const { results, mails, telemetry } = await told(ended(changes));
    expect(results).toEqual([{ mailed: false, reason }]);
    expect(mails).toEqual([]);
    expect(telemetry.lines).toContainEqual(expect.objectContaining({ message: 'no mail' }));
  });
});

test('a failed transfer makes one mail, with file, error, text and what became of the upload', async () => {
  const { mails } = await told(ended());
  expect(mails.map(({ subject }) => subject)).toEqual(['acme: SourceNotFoundError, /a.csv']);
  expect(mails[0]?.body).toContain('File:     /a.csv');
  expect(mails[0]?.body).toContain('SourceNotFoundError:\n  no /a.csv');
  expect(mails[0]?.body).toContain('Nothing landed. No upload had been started.');
});

test('a contact is named where the configuration has one, and no empty line where it has none', async () => {
  const { mails } = await told(ended(), ended({ machine: 'transfers-globex' }));
  expect(mails[0]?.body).not.toContain('Contact:');
  expect(mails[1]?.body).toContain('Contact:  Globex, +1 555 0100');
});

test('a stop that was not ours is told, at low severity, and leads to who it was', async () => {
  const { mails } = await told(ended({ status: 'ABORTED', error: 'ByHand', cause: 'why' }));
  expect(mails[0]?.subject).toBe('[low] acme: ByHand, /a.csv');
  expect(mails[0]?.body).toContain('docs/runbooks/executions-aborted.md');
});

test('an execution that timed out is told by how it ended', async () => {
  const { mails } = await told({ ...ended({ status: 'TIMED_OUT', cause: '' }), error: 'States.Timeout' });
  expect(mails[0]?.body).toContain('docs/runbooks/executions-timed-out.md');
});

describe('a run over a folder', () => {
  const run = (changes: Partial<EndedForTest> = {}) =>
    ended({
      machine: 'transfers-acme-folders',
      input: { folder: 'daily' },
      error: 'FolderPartlyFailedError',
      cause: '3 did not land: "a" (SftpStalledError), "b" (UploadFailedError), "c" (SftpStalledError).',
      ...changes,
    });

  test('is told by one mail, on the side of the error that it names most often', async () => {
    const { mails } = await told(ended({ name: 'a-generation-1' }), run());
    expect(mails).toHaveLength(1);
    expect(mails[0]?.body).toContain('Side:     partner (most often SftpStalledError)');
    expect(mails[0]?.body).toContain('What had landed stays.');
  });

  test('that fails before it has files is told by its own error', async () => {
    const { mails } = await told(run({ error: 'SftpAuthenticationError', cause: 'refused' }));
    expect(mails[0]?.subject).toBe('[urgent] acme: SftpAuthenticationError, folder daily');
    expect(mails[0]?.body).toContain('npx sftp-to-s3 history acme/run-1 --folders \\\n');
  });

  test('that timed out leads to the page of such runs', async () => {
    const { mails } = await told(run({ status: 'TIMED_OUT' }));
    expect(mails[0]?.body).toContain('docs/runbooks/folder-runs-failed.md');
  });
});

describe('the same fault again', () => {
  test('is mailed at failures 1, 2, 4 and 8 of a day, each with its number', async () => {
    const { mails } = await told(...times(10, () => ({})));
    expect(mails.map(({ subject }) => subject)).toEqual([
      'acme: SourceNotFoundError, /a.csv',
      'acme: SourceNotFoundError (failure 2 today), /a.csv',
      'acme: SourceNotFoundError (failure 4 today), /a.csv',
      'acme: SourceNotFoundError (failure 8 today), /a.csv',
    ]);
    expect(mails[1]?.body.replaceAll('\n', ' ')).toContain(
      'failure 2 of this file with this error today (UTC); the first was at 2026-03-04 12:00:00 UTC.',
    );
  });

  test('begins anew with the next day (UTC)', async () => {
    const midnight = Date.UTC(2026, 2, 5);
    const { mails } = await told(
      ...times(3, () => ({})),
      ended({ name: 'next', startedAtMs: midnight, endedAtMs: midnight + 1 }),
    );
    expect(mails.at(-1)?.subject).toBe('acme: SourceNotFoundError, /a.csv');
  });

  test('is another one with another file, where the error concerns files', async () => {
    const { mails } = await told(...times(3, (index) => ({ input: { sftp_file_path: `/${index}.csv` } })));
    expect(mails).toHaveLength(3);
  });

  test('is the same one with another file, where the error concerns the partner; the others are named', async () => {
    const { mails } = await told(
      ...times(4, (index) => ({
        error: 'SftpConnectionError',
        input: { sftp_file_path: `/${index}.csv` },
      })),
    );
    expect(mails).toHaveLength(3);
    expect(mails[2]?.body).toContain('Also: /2.csv, /1.csv, /0.csv.');
  });

  test('is another one with another error', async () => {
    const { mails } = await told(ended(), ended({ name: 'run-2', error: 'SourcePermissionError' }));
    expect(mails).toHaveLength(2);
  });

  test('does not count what a folder run tells', async () => {
    const { mails } = await told(
      ...times(3, (index) => ({ name: `${index}-generation-1` })),
      ended({ name: 'by-hand', startedAtMs: NOON + 9 * MINUTE_MS, endedAtMs: NOON + 10 * MINUTE_MS }),
    );
    expect(mails.map(({ subject }) => subject)).toEqual(['acme: SourceNotFoundError, /a.csv']);
  });

  test('of two that end together, exactly one is the first', async () => {
    const outcomes = new MemoryOutcomes();
    const ports = { outcomes, mailer: outcomes, telemetry: new RecordingTelemetry() };
    const events = [ended({ name: 'x' }), ended({ name: 'y' })].map((execution) => outcomes.end(execution));
    for (const event of events) await notifyOutcome(event, SETTINGS, ports, signal);
    expect(outcomes.mails.map(({ subject }) => subject)).toEqual([
      'acme: SourceNotFoundError, /a.csv',
      'acme: SourceNotFoundError (failure 2 today), /a.csv',
    ]);
  });
});

test('a topic that refuses lets the failure out: Lambda tries again, and keeps the event', async () => {
  const outcomes = new MemoryOutcomes();
  const mailer = { send: () => Promise.reject(new Error('KMSAccessDenied')) };
  const event = outcomes.end(ended());
  await expect(
    notifyOutcome(event, SETTINGS, { outcomes, mailer, telemetry: new RecordingTelemetry() }, signal),
  ).rejects.toThrow('KMSAccessDenied');
});
