import { RUNBOOK_FOLDER, runbookOf } from '../transfer/runbook.ts';
import { causeSide, causeTitle, describeCause, wallTime } from './describe-cause.ts';
import type { Cause } from './judge.ts';
import type { Expectation, ExpectingPartner } from './settings.ts';
import type { NoticeKind, StatusRow } from './status-row.ts';

/** Where the reader finds the stack and its runbooks. */
export interface NoticePlace {
  stackName: string;
  region: string;
  /** Where runbooks can be read in a browser. @default their path in the repository */
  runbookBaseUrl?: string | undefined;
}

/** A message of the alert topic. SNS takes subjects of at most 100 ASCII characters. */
export interface Notice {
  subject: string;
  text: string;
}

const MAX_SUBJECT_CHARACTERS = 100;
export const EXPECTATION_RUNBOOK = 'expected-file-late';

const HEADS: Readonly<Record<NoticeKind, string>> = {
  warning: 'not here yet',
  page: 'NOT HERE',
  closing: 'has arrived',
};

/** What the on-call engineer reads, first things first. */
export function makeNotice(
  kind: NoticeKind,
  { partner, contact }: Pick<ExpectingPartner, 'partner' | 'contact'>,
  expectation: Expectation,
  row: StatusRow,
  place: NoticePlace,
): Notice {
  const { name, timeZone } = expectation;
  const cause = kind === 'closing' ? undefined : row.cause;
  const head = `${place.stackName}-${partner}-expected-${name} ${row.date}: ${HEADS[kind]}`;
  const due = `${wallTime(row.dueMs, timeZone)} ${timeZone}`;
  const lines = [
    kind === 'closing' ? closingLine(name, partner, row, due) : openLine(kind, name, partner, due),
    ...(cause === undefined ? [] : causeLines(cause)),
    ...(contact === undefined || kind === 'closing' ? [] : [`Contact of the partner: ${contact}`]),
    `Runbook: ${place.runbookBaseUrl ?? RUNBOOK_FOLDER}/${EXPECTATION_RUNBOOK}.md`,
  ];
  return {
    subject: ascii(cause === undefined ? head : `${head}, ${causeTitle(cause)}`).slice(
      0,
      MAX_SUBJECT_CHARACTERS,
    ),
    text: lines.join('\n'),
  };

  function causeLines(why: Cause): string[] {
    const letter = letterTo(why, due);
    const ofError = why.kind === 'failed' ? runbookOf(why.errorName) : undefined;
    return [
      `Cause: ${causeTitle(why)}. ${describeCause(why, timeZone)}`,
      `Whose side: ${causeSide(why)}.`,
      `First command: npx sftp-to-s3 expected ${partner} --date ${row.date} --stack-name ${place.stackName} --region ${place.region}`,
      ...(ofError === undefined ? [] : [`The error has its own runbook: ${ofError}`]),
      ...(letter === undefined ? [] : ['To send to the partner:', `> ${letter}`]),
      ...(kind === 'page' ? [`It closes itself when ${name} has landed.`] : []),
    ];
  }
}

function openLine(kind: NoticeKind, name: string, partner: string, due: string): string {
  const verb = kind === 'page' ? 'was' : 'is';
  return `${name} of ${partner} ${verb} due at ${due}, and has not landed.`;
}

function closingLine(name: string, partner: string, row: StatusRow, due: string): string {
  const minutes = Math.round(((row.arrivedAtMs ?? row.dueMs) - row.dueMs) / 60_000);
  const when = row.status === 'LATE' ? `${minutes} min late` : 'in time';
  return `${name} of ${partner}, due at ${due}, has landed ${when}. Nothing is left to do.`;
}

/** One sentence that the partner can act on; undefined where it has nothing to do. */
function letterTo(cause: Cause, due: string): string | undefined {
  if (cause.kind === 'not-on-server') {
    return `We expect your file by ${due}, and do not find it on your server. When will it be there?`;
  }
  if (cause.kind === 'not-ready') {
    return `We expect your file by ${due}. ${JSON.stringify(cause.path)} is on your server, but does not look complete. Is it, and if not, when will it be?`;
  }
  return undefined;
}

function ascii(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, '?');
}
