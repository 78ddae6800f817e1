import type { ScheduleStatus } from '../deployed/schedules/schedules.ts';
import { countOf } from '../format/numbers.ts';
import { textTable } from '../format/text-table.ts';

/** Every schedule with its state. */
export function schedulesForPeople(statuses: readonly ScheduleStatus[]): string {
  return textTable(
    ['SCHEDULE', 'STATE', 'SINCE', 'WHY'],
    statuses.map(({ name, state, pausedAt = '', reason = '' }) => [name, state, pausedAt, reason]),
  );
}

export function schedulesAsJson(statuses: readonly ScheduleStatus[]): Record<string, unknown>[] {
  return statuses.map(({ name, state, pausedAt, reason }) => ({
    schedule: name,
    state,
    paused_at: pausedAt ?? null,
    reason: reason ?? null,
  }));
}

/** The same for `list --json`; undefined where nothing of the partner is paused. */
export function pauseAsJson(
  partner: string,
  statuses: readonly ScheduleStatus[],
): Record<string, unknown> | undefined {
  const paused = statuses.filter(({ state }) => state === 'PAUSED');
  if (paused.length === 0) return undefined;
  return { partner, schedules: schedulesAsJson(paused) };
}

/** One line below a list of transfers; undefined where nothing of the partner is paused. */
export function pauseNotice(partner: string, statuses: readonly ScheduleStatus[]): string | undefined {
  const paused = statuses.filter(({ state }) => state === 'PAUSED');
  const [first] = paused;
  if (first === undefined) return undefined;
  return (
    `${partner} is paused since ${first.pausedAt} (${first.reason}): ${countOf(paused.length, 'schedule')} of ` +
    `${statuses.length} will not start. npx sftp-to-s3 unpause ${partner}`
  );
}
