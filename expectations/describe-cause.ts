import { calendarTime } from '../folder/target/date-format.ts';
import type { Cause } from './judge.ts';

/** A moment by the clock of a zone, as 2027-03-28 06:00. */
export function wallTime(epochMs: number, timeZone: string): string {
  const { year, month, day, hour, minute } = calendarTime(epochMs, timeZone);
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${year}-${two(month)}-${two(day)} ${two(hour)}:${two(minute)}`;
}

const TITLES: Readonly<Record<Cause['kind'], string>> = {
  'not-on-server': 'not on the server',
  'not-ready': 'there, but not ready',
  copying: 'being copied',
  failed: 'failed',
  'not-looked': 'we have not looked',
};

const SIDES: Readonly<Record<Cause['kind'], string>> = {
  'not-on-server': "the partner's",
  'not-ready': "the partner's, mostly",
  copying: 'nobody has to act yet',
  failed: 'see the runbook of the error',
  'not-looked': 'ours',
};

/** Why a file that is there is not copied, by the words of the folder's decisions. */
const REASONS: Readonly<Record<string, string>> = {
  'first-look': 'it was seen for the first time',
  'quiet-period': 'it has not been quiet for long enough',
  changing: 'it is still growing or changing',
  changed: 'it changed while it was copied',
  'too-small': 'it is smaller than it should be',
  'no-trigger': 'its trigger file is missing',
  'stale-trigger': 'its trigger file is older than the file',
  'not-in-manifest': 'the manifest does not name it',
  'manifest-incomplete': 'other files of its manifest are missing',
  'ignored-temporary': 'it still has a temporary name',
  held: 'an operator holds it',
  'key-collision': 'another file would get the same key',
  excluded: "the folder's settings exclude it",
  'no-attributes': 'the server does not say its size',
  link: 'it is a link, and links are skipped',
};

/** In a few words: for a subject, and a column of the board. */
export function causeTitle(cause: Cause): string {
  return cause.kind === 'failed' ? `failed: ${cause.errorName}` : TITLES[cause.kind];
}

export function causeSide({ kind }: Cause): string {
  return SIDES[kind];
}

/** One sentence with times by the expectation's own clock. */
export function describeCause(cause: Cause, timeZone: string): string {
  const at = (epochMs: number): string => wallTime(epochMs, timeZone);
  switch (cause.kind) {
    case 'not-on-server':
      return cause.isOldFileThere
        ? `At ${at(cause.lookedAtMs)} there was only the file that has arrived before.`
        : `We looked at ${at(cause.lookedAtMs)}, and there was no such file.`;
    case 'not-ready':
      return `${JSON.stringify(cause.path)} was there at ${at(cause.lookedAtMs)}, but ${reasonOf(cause.reason)}.`;
    case 'copying': {
      const end =
        cause.readyAtMs === undefined
          ? 'how long it takes is not known yet'
          : `done at about ${at(cause.readyAtMs)}`;
      return `${JSON.stringify(cause.path)} has been copied since ${at(cause.sinceMs)}: ${end}.`;
    }
    case 'failed':
      return `${cause.path === undefined ? 'The last try' : JSON.stringify(cause.path)} failed with ${cause.errorName}${cause.message === '' ? '' : `: ${cause.message.replace(/\.$/, '')}`}.`;
    case 'not-looked':
      return cause.lastLookMs === undefined
        ? 'We have not looked at the server at all.'
        : `We have not seen the whole of the folder since ${at(cause.lastLookMs)}.`;
  }
}

function reasonOf(reason: string): string {
  return REASONS[reason] ?? reason;
}
