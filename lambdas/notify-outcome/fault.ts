import { type FailureGuide, guideToEnd, guideToError } from '../../transfer/failure-guide.ts';
import { readableCause } from '../../transfer/text/lambda-error.ts';
import type { NotifyOutcomeEvent } from './event.ts';
import type { EndedExecution } from './outcome.ts';

/** What went wrong, and with what. */
export interface Fault {
  /** Path of the file, or name of the folder; undefined where the input does not say. */
  subject: string | undefined;
  /** Name of the error; the status of an execution that has none. */
  errorName: string;
  /** What the error says, not yet made harmless; empty where nothing is said. */
  errorText: string;
  guide: FailureGuide;
}

export function faultOf(
  ended: EndedExecution,
  status: NotifyOutcomeEvent['detail']['status'],
  isFolderRun: boolean,
): Fault {
  const errorText = readableCause(ended.cause ?? '');
  const guide = guideToEnd(status, ended.error, isFolderRun);
  return {
    subject: subjectOf(ended.input, isFolderRun ? 'folder' : 'sftp_file_path'),
    errorName: ended.error ?? status,
    errorText,
    guide: guide.side === 'by error' ? { ...guide, side: sideOfMost(errorText) ?? guide.side } : guide,
  };
}

/** Whether two executions failed of the same thing: of the same file where the fault concerns only one. */
export function isSameFault(one: Fault, other: Fault): boolean {
  return (
    one.errorName === other.errorName && (one.guide.concerns === 'partner' || one.subject === other.subject)
  );
}

function subjectOf(input: unknown, key: 'folder' | 'sftp_file_path'): string | undefined {
  if (typeof input !== 'object' || input === null || !(key in input)) return undefined;
  const value = (input as Record<string, unknown>)[key];
  return typeof value === 'string' ? value : undefined;
}

/** The side of the error that a folder run names most often; undefined where it names none. */
function sideOfMost(errorText: string): string | undefined {
  const names = [...errorText.matchAll(/\(([A-Z][A-Za-z]+Error)\)/g)].map(([, name = '']) => name);
  const [most] = [...Map.groupBy(names, (name) => name)].sort(([, a], [, b]) => b.length - a.length);
  return most && `${guideToError(most[0]).side} (most often ${most[0]})`;
}
