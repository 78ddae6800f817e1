import { notifyOutcome } from '../../../lambdas/notify-outcome/notify-outcome.ts';
import type { Mail, MailSettings } from '../../../lambdas/notify-outcome/outcome.ts';
import { RecordingTelemetry } from '../recording-telemetry.ts';
import { type EndedForTest, MemoryOutcomes } from './memory-outcomes.ts';

const MAIL_SETTINGS: MailSettings = {
  stackName: 'sftp-to-s3',
  partners: { acme: 'SFTP operations of Acme, +49 30 5550100' },
  runbookBaseUrl: 'https://github.com/example/sftp-to-s3/blob/main/docs/runbooks',
};

/** A fault as it is met in the field. */
export interface StagedFault {
  title: string;
  /** Names of the alarms that it raised when each error had one, each with an all-clear; for one occurrence. */
  formerAlarms: readonly string[];
  /** Executions that fail of it, in their order. */
  executions: readonly EndedForTest[];
  /** Which of the mails is shown, from 0. */
  shown?: number;
}

const DAY_MS = Date.UTC(2026, 10, 26);
const HOUR_MS = 3_600_000;
const UPLOAD = { upload_id: 'upload-1' };
const REMOVED = { upload: UPLOAD, abort: { aborted_uploads: 1 } };
const PATH = '/outbound/big.bin';

const thrown = (errorType: string, errorMessage: string) => JSON.stringify({ errorType, errorMessage });

function failed(
  error: string,
  message: string,
  changes: Partial<EndedForTest> & { tookMs?: number; hour?: number } = {},
): EndedForTest {
  const { tookMs = 2_000, hour = 4, ...rest } = changes;
  const startedAtMs = DAY_MS + hour * HOUR_MS;
  return {
    machine: 'sftp-to-s3-acme',
    name: `20261126T${String(hour).padStart(2, '0')}0000-9db82381`,
    status: 'FAILED',
    input: { sftp_file_path: PATH },
    error,
    cause: thrown(error, message),
    startedAtMs,
    endedAtMs: startedAtMs + tookMs,
    ...rest,
  };
}

const REFUSED_LOGIN =
  'sftp.acme.example:22 refused the login of acme-data: tried publickey; the server accepts publickey,password.';

export const TEN_FAULTS: readonly StagedFault[] = [
  {
    title: 'The partner has closed its port to us',
    formerAlarms: ['sftp-connection-error', 'get-file-metadata-errors', 'executions-failed'],
    executions: [
      failed(
        'SftpConnectionError',
        'sftp.acme.example:22: connection refused after 0.00 s while connecting. A server that does not know our address does this: the partner must allow 198.51.100.7 and 198.51.100.8.',
        { tookMs: 372_000, state: {} },
      ),
    ],
  },
  {
    title: 'The partner has a new host key',
    formerAlarms: ['host-key-mismatch-error', 'executions-failed'],
    executions: [
      failed(
        'HostKeyMismatchError',
        'sftp.acme.example:22 offers host key SHA256:/qJwgd9Y5otbyF0L1ZoabNDrSrYyHExE2lDyLF2n11E, which is not pinned (pinned: SHA256:RaVDbb+AcQ4iN5P2iWfEyhYdBiC9iw9AcM1+7IErRqQ). No credential was sent. Confirm the new fingerprint with the partner out of band, then pin it.',
        { state: {} },
      ),
    ],
  },
  {
    title: 'The partner replaces the file while a transfer reads it',
    formerAlarms: ['source-changed-error', 'executions-failed'],
    executions: [
      failed(
        'SourceChangedError',
        `${PATH} changed since the transfer was planned: 12582912 bytes of 2026-11-25T22:00:00.000Z then, 13631488 bytes of 2026-11-26T04:00:03.000Z now`,
        { tookMs: 5_600, state: REMOVED },
      ),
    ],
  },
  {
    title: 'The partner refuses the login, and an hourly schedule goes on for a day',
    formerAlarms: ['sftp-authentication-error', 'executions-failed'],
    executions: Array.from({ length: 24 }, (_, hour) =>
      failed('SftpAuthenticationError', REFUSED_LOGIN, { hour, state: {} }),
    ),
    shown: 2,
  },
  {
    title: 'The file is not there',
    formerAlarms: ['source-not-found-error', 'executions-failed'],
    executions: [
      failed('SourceNotFoundError', `${PATH} is not on sftp.acme.example:22: No such file`, { state: {} }),
    ],
  },
  {
    title: 'The partner goes dark in mid-transfer, and parts are kept',
    formerAlarms: [
      'sftp-connection-error',
      'download-segment-errors',
      'executions-failed',
      'nat-connections-failed (two zones)',
      'nat-connections-failed (two zones)',
    ],
    executions: [
      failed(
        'SftpConnectionError',
        'sftp.acme.example:22: no answer for 20 s while connecting. (212 parts of 2048 kept until 2026-12-03T04:00:00.000Z; resume with `npx sftp-to-s3 resume acme/20261126T040000-9db82381`)',
        { tookMs: 541_000, state: { upload: UPLOAD, error: { keep_until: '2026-12-03T04:00:00.000Z' } } },
      ),
    ],
  },
  {
    title: 'S3 refuses parts for longer than the retries last',
    formerAlarms: ['upload-failed-error', 'download-segment-errors', 'executions-failed'],
    executions: [
      failed(
        'UploadFailedError',
        'part 31 of acme/outbound/big.bin was not accepted: 503 SlowDown after 7 tries',
        { tookMs: 95_000, state: { upload: UPLOAD, abort_error: { Error: 'UploadFailedError' } } },
      ),
    ],
  },
  {
    title: 'Three files of a folder do not land',
    formerAlarms: [
      'source-permission-error',
      'executions-failed',
      'folder-partly-failed-error',
      'folder-runs-failed',
    ],
    executions: [
      ...['0a1b', '2c3d'].map((key) =>
        failed('SourcePermissionError', 'no permission', {
          name: `${key}-generation-1`,
          state: {},
          tookMs: 1_000,
        }),
      ),
      failed(
        'FolderPartlyFailedError',
        '3 of 120 files of the folder daily did not land: "a/1.csv" (SourcePermissionError), "a/2.csv" (SourcePermissionError), "b.csv" (SourceChangedError). Run 20261126T040000-1c2d3e4f.',
        { machine: 'sftp-to-s3-acme-folders', input: { folder: 'daily' }, tookMs: 61_000 },
      ),
    ],
  },
  {
    title: 'A function runs out of memory twice',
    formerAlarms: ['executions-failed'],
    executions: [
      failed('Runtime.ExitError', '', {
        cause: JSON.stringify({
          errorType: 'Runtime.ExitError',
          errorMessage: 'RequestId: 4f0c Error: Runtime exited with error: signal: killed',
        }),
        tookMs: 44_000,
        state: REMOVED,
      }),
    ],
  },
  {
    title: "An execution's history is full, and no Catch runs",
    formerAlarms: ['executions-failed'],
    executions: [
      failed('States.Runtime', '', {
        cause: 'The execution reached the maximum number of history events (25000).',
        tookMs: 3_600_000,
      }),
    ],
  },
];

export const STOPPED: StagedFault = {
  title: 'An operator stops a transfer by `stop`',
  formerAlarms: ['executions-aborted'],
  executions: [failed('Stopped', '', { status: 'ABORTED', cause: 'stopped by an operator', tookMs: 61_000 })],
};

/** The mails that a fault makes, by the code that is deployed. */
export async function mailsOf({ executions }: StagedFault): Promise<Mail[]> {
  const outcomes = new MemoryOutcomes();
  const ports = { outcomes, mailer: outcomes, telemetry: new RecordingTelemetry() };
  for (const execution of executions) {
    const event = outcomes.end(execution);
    await notifyOutcome(event, MAIL_SETTINGS, ports, new AbortController().signal);
  }
  return outcomes.mails;
}

/** `docs/mails.md`. */
export async function mailsPage(): Promise<string> {
  const faults = await Promise.all(
    [...TEN_FAULTS, STOPPED].map(async (fault) => ({ ...fault, mails: await mailsOf(fault) })),
  );
  const rows = faults.map(({ title, formerAlarms, executions, mails }) => {
    const occurrences = executions.filter(({ machine }) => machine === executions.at(-1)?.machine).length;
    const before = 2 * formerAlarms.length * occurrences;
    return `| ${title} | ${before} | ${mails.length} |`;
  });
  const shown = faults
    .filter(({ mails }) => mails.length > 0)
    .flatMap(({ title, mails, shown: index = 0 }, number) => {
      const mail = mails[index];
      if (mail === undefined) throw new Error(`no mail ${index} about: ${title}`);
      return [
        `## ${number + 1}. ${title}`,
        '',
        '```text',
        `Subject: ${mail.subject}`,
        '',
        mail.body.trimEnd(),
        '```',
        '',
      ];
    });
  return [
    '# The mails about ten faults',
    '',
    'What whoever is on call reads when something fails. The texts are made by the function that is deployed,',
    '`npm run mails` writes this page, and a test holds it. How it is decided which faults make a mail:',
    '[ADR 0044](adr/0044-one-fault-one-mail.md). Each mail links to its runbook and to the execution in the console.',
    '',
    '"Before" counts alarms and their all-clears by the rules of the version in which each error had an alarm of its own',
    '([ADR 0012](adr/0012-one-alarm-per-error-class.md)). Those mails named no file, no error text and no link, and the',
    'all-clear came five minutes after a failure that nobody had repaired.',
    '',
    '| fault | mails before | mails now |',
    '|--|--|--|',
    ...rows,
    '',
    ...shown,
  ].join('\n');
}
