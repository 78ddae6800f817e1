import { kebabCase } from '../../../transfer/runbook.ts';
import { transferMetric } from '../../metrics.ts';
import { type AlarmDefinition, FIFTEEN_MINUTES_SECONDS, onCount } from './alarm-definition.ts';

export interface ErrorRule {
  meaning: string;
  /** Occurrences that are worth a call; 1 in five minutes unless said otherwise. */
  sustained?: { count: number; periodSeconds: number };
}

/** The workflow retries these by itself; only an outage is worth a call. */
const OUTAGE = { count: 5, periodSeconds: FIFTEEN_MINUTES_SECONDS };

/** Every class of transfer/errors.ts that any partner may meet, and what is none of them. A test holds them together. */
export const ERROR_RULES: Readonly<Record<string, ErrorRule>> = {
  InvalidTransferRequestError: {
    meaning: 'An execution was started with a wrong input, or the configuration is wrong.',
  },
  SourceNotFoundError: { meaning: "The file is not on the partner's server." },
  SourceNotAFileError: { meaning: 'The path leads to a directory or a device, not to a file.' },
  SourcePermissionError: { meaning: 'The partner does not let our login read the file.' },
  SourceChangedError: {
    meaning: 'The partner changed the file while it was read. Nothing landed.',
  },
  HostKeyMismatchError: {
    meaning: 'The server shows a host key that is not pinned. No credential was sent.',
  },
  SftpAuthenticationError: {
    meaning: 'The partner refused our login. It was tried once; repeats can get our addresses banned.',
  },
  SftpConnectionError: {
    meaning: "The partner's server cannot be reached, or breaks connections.",
    sustained: OUTAGE,
  },
  SftpStalledError: { meaning: "The partner's server stopped sending.", sustained: OUTAGE },
  SftpRequestRefusedError: {
    meaning: "The partner's server refuses what a transfer needs, and trying again does not help.",
  },
  SftpRequestFailedError: {
    meaning: "The partner's server answers, and says that it failed.",
    sustained: OUTAGE,
  },
  ChunkDeadlineError: { meaning: 'Not even one chunk could be copied in the time of a function.' },
  TransferTooSlowError: {
    meaning: 'The line is too slow for the file: more workers are needed than an execution may have.',
  },
  UploadGoneError: { meaning: 'S3 no longer knows an upload that was under way.' },
  UploadFailedError: { meaning: 'S3 keeps refusing or breaking off uploads.', sustained: OUTAGE },
  IncompleteUploadError: { meaning: 'Parts were missing or wrong at the end. Nothing landed.' },
  TargetExistsError: {
    meaning: 'The object exists already, and the execution must not replace it (if_exists: fail).',
  },
  ResumeInProgressError: {
    meaning: 'A transfer was resumed twice. The first one goes on; this one did nothing.',
  },
  LedgerUnavailableError: {
    meaning: 'The table of the ledger and of sessions in use does not answer: transfers cannot start.',
    sustained: OUTAGE,
  },
  UnexpectedError: { meaning: 'A failure that the program has no name for: a bug, or a missing permission.' },
};

/** One alarm for each error class, on the count that the functions publish under its name; its runbook's too. */
export function errorAlarms(partner: string): AlarmDefinition[] {
  return countedErrorAlarms(partner, ERROR_RULES);
}

export function countedErrorAlarms(
  partner: string,
  rules: Readonly<Record<string, ErrorRule>>,
): AlarmDefinition[] {
  return Object.entries(rules).map(([errorName, { meaning, sustained }]) =>
    onCount({
      name: kebabCase(errorName),
      meaning,
      signal: transferMetric(partner, errorName, 'Sum'),
      ...(sustained && { threshold: sustained.count, periodSeconds: sustained.periodSeconds }),
    }),
  );
}
