import { kebabCase } from './runbook.ts';

/** What somebody who is woken by a failure needs first: what happened, whose side it is, what to run. */
export interface FailureGuide {
  /** What has happened, as one sentence without jargon. */
  meaning: string;
  /** Whose side it usually is, as the runbooks' list says it. */
  side: string;
  /** `urgent`: leaving it makes it worse. `low`: nobody waits for anything. */
  severity: 'urgent' | 'normal' | 'low';
  /** Stem of its file in docs/runbooks. */
  runbook: string;
  /** The first command of the runbook, after `npx sftp-to-s3`; PARTNER and EXECUTION stand for their names. */
  firstCommand: string;
  /** Whether other files of the partner meet the same fault, or only this one. */
  concerns: 'partner' | 'file';
}

type Row = Omit<FailureGuide, 'runbook'> & { runbook?: string };

const HISTORY = 'history PARTNER/EXECUTION';
const CHECK = 'check PARTNER';
const FOLDER_RUNS = 'list PARTNER --folders';

function row(
  side: string,
  concerns: FailureGuide['concerns'],
  meaning: string,
  others: Partial<Pick<Row, 'severity' | 'firstCommand' | 'runbook'>> = {},
): Row {
  return { side, concerns, meaning, severity: 'normal', firstCommand: HISTORY, ...others };
}

/** Every class of transfer/errors.ts, and what is none of them. A test holds them and the runbooks together. */
const BY_CLASS: Readonly<Record<string, Row>> = {
  InvalidTransferRequestError: row(
    'ours',
    'file',
    'An execution was started with a wrong input, or the configuration is wrong.',
  ),
  SourceNotFoundError: row('partner', 'file', "The file is not on the partner's server."),
  SourceNotAFileError: row('ours', 'file', 'The path leads to a directory or a device, not to a file.', {
    severity: 'low',
  }),
  SourcePermissionError: row('partner', 'file', 'The partner does not let our login read the file.'),
  SourceChangedError: row('partner', 'file', 'The partner changed the file while it was read.'),
  HostKeyMismatchError: row(
    'partner, or an attack',
    'partner',
    'The server shows a host key that is not pinned. No credential was sent.',
    { severity: 'urgent', firstCommand: CHECK },
  ),
  SftpAuthenticationError: row(
    'ours or partner',
    'partner',
    'The partner refused our login. Each further start is one more refused login, and can get our addresses banned.',
    { severity: 'urgent' },
  ),
  SftpConnectionError: row(
    'partner',
    'partner',
    "The partner's server cannot be reached, or breaks connections.",
    { firstCommand: CHECK },
  ),
  SftpStalledError: row('partner', 'partner', "The partner's server stopped sending.", {
    firstCommand: CHECK,
  }),
  SftpRequestRefusedError: row(
    'partner',
    'file',
    "The partner's server refuses what a transfer needs, and trying again does not help.",
  ),
  SftpRequestFailedError: row('partner', 'partner', "The partner's server answers, and says that it failed."),
  ChunkDeadlineError: row('ours', 'file', 'Not even one chunk could be copied in the time of a function.'),
  TransferTooSlowError: row(
    'partner or ours',
    'file',
    'The line is too slow for the file: more workers are needed than an execution may have.',
  ),
  UploadGoneError: row('ours', 'file', 'S3 no longer knows an upload that was under way.'),
  UploadFailedError: row('AWS', 'partner', 'S3 keeps refusing or breaking off uploads.'),
  IncompleteUploadError: row('ours or AWS', 'file', 'Parts were missing or wrong at the end.'),
  TargetExistsError: row(
    'ours',
    'file',
    'The object exists already, and the execution must not replace it (if_exists: fail).',
    { severity: 'low' },
  ),
  ResumeInProgressError: row(
    'ours',
    'file',
    'A transfer was resumed twice. The first one goes on; this one did nothing.',
    { severity: 'low', firstCommand: 'list PARTNER' },
  ),
  LedgerUnavailableError: row(
    'AWS',
    'partner',
    'The table of the ledger and of sessions in use does not answer: transfers cannot start.',
  ),
  FolderPartlyFailedError: row(
    'by error',
    'file',
    'Some files of a folder did not land. The others did, and stay.',
    { firstCommand: FOLDER_RUNS },
  ),
};

/** Errors of AWS and of the interpreter, by name or its beginning; the first that fits. */
const BY_FOREIGN_NAME: readonly [beginning: string, row: Row & { runbook: string }][] = [
  [
    'S3.NoSuchBucketException',
    {
      ...row(
        'ours',
        'partner',
        'There is no such bucket: the input names another one, or somebody removed it.',
      ),
      runbook: 'invalid-transfer-request-error',
    },
  ],
  ['S3.', { ...row('AWS', 'partner', 'S3 refused a call.'), runbook: 'upload-failed-error' }],
  [
    'Lambda.TooManyRequestsException',
    {
      ...row('ours', 'partner', 'A step was turned away again and again: no concurrency was left.'),
      runbook: 'function-throttles',
    },
  ],
  [
    'States.Timeout',
    { ...row('ours', 'file', 'A step did not end in its time.'), runbook: 'chunk-deadline-error' },
  ],
  [
    'Runtime.',
    {
      ...row(
        'ours',
        'partner',
        'A function crashed, and once more when it was tried again: out of memory, or a bug.',
      ),
      runbook: 'unexpected-error',
    },
  ],
  [
    'Sandbox.Timedout',
    { ...row('ours', 'file', 'A step did not end in its time.'), runbook: 'chunk-deadline-error' },
  ],
];

const UNEXPECTED: FailureGuide = {
  ...row('ours', 'partner', 'A failure that the program has no name for: a bug, or a missing permission.'),
  runbook: 'unexpected-error',
};

/** How an execution ended, where that says more than an error's name. */
const BY_END = {
  TIMED_OUT: {
    ...row('ours', 'file', 'A transfer ran for seven days and was ended.'),
    runbook: 'executions-timed-out',
  },
  ABORTED: {
    ...row('ours', 'file', 'Somebody stopped a transfer, and not by our stop command.', { severity: 'low' }),
    runbook: 'executions-aborted',
    firstCommand: 'list PARTNER --status ABORTED',
  },
} satisfies Record<string, FailureGuide>;

const FOLDER_RUN_BY_END = {
  TIMED_OUT: {
    ...row('by error', 'file', 'A run over a folder went on for seven days and was ended.'),
    runbook: 'folder-runs-failed',
    firstCommand: FOLDER_RUNS,
  },
  ABORTED: {
    ...row('ours', 'file', 'Somebody stopped a run over a folder, and not by our stop command.', {
      severity: 'low',
    }),
    runbook: 'folder-runs-failed',
    firstCommand: FOLDER_RUNS,
  },
} satisfies Record<string, FailureGuide>;

/** Every class that has a row of its own. */
export const GUIDED_ERROR_NAMES: readonly string[] = Object.keys(BY_CLASS);

/** The guide to an error by its name; one that nobody knows is a bug until shown otherwise. */
export function guideToError(errorName: string): FailureGuide {
  const ours = Object.hasOwn(BY_CLASS, errorName) ? BY_CLASS[errorName] : undefined;
  if (ours !== undefined) return { runbook: kebabCase(errorName), ...ours };
  return BY_FOREIGN_NAME.find(([beginning]) => errorName.startsWith(beginning))?.[1] ?? UNEXPECTED;
}

/** The guide to an execution that did not succeed. */
export function guideToEnd(
  status: 'FAILED' | 'TIMED_OUT' | 'ABORTED',
  errorName: string | undefined,
  isFolderRun: boolean,
): FailureGuide {
  if (status === 'FAILED') return guideToError(errorName ?? '');
  return (isFolderRun ? FOLDER_RUN_BY_END : BY_END)[status];
}

/** Stems of every runbook that a guide leads to. */
export function guidedRunbooks(): string[] {
  const guides = [
    ...GUIDED_ERROR_NAMES.map(guideToError),
    ...BY_FOREIGN_NAME.map(([, foreign]) => foreign),
    UNEXPECTED,
    ...Object.values(BY_END),
    ...Object.values(FOLDER_RUN_BY_END),
  ];
  return [...new Set(guides.map(({ runbook }) => runbook))];
}
