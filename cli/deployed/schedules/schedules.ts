/** One schedule of a partner, as EventBridge Scheduler has it. */
export interface Schedule {
  name: string;
  isEnabled: boolean;
  /** Free text; what `pause` writes there is how `unpause` knows what it may enable again. */
  description: string;
}

/**
 * The schedules of a partner's group. Every method throws AwsCallError when AWS does not answer or refuses, and UsageError
 * when there is no such group.
 */
export interface Schedules {
  list(group: string, signal: AbortSignal): Promise<Schedule[]>;
  /** Changes these two and keeps everything else. */
  update(
    group: string,
    name: string,
    change: { isEnabled: boolean; description: string },
    signal: AbortSignal,
  ): Promise<void>;
}

/** As it is shown. `PAUSED` was disabled by `pause`, `DISABLED` by the configuration or by somebody else. */
export interface ScheduleStatus {
  name: string;
  state: 'ENABLED' | 'PAUSED' | 'DISABLED';
  /** Of a paused one: since when and why, as they were given. */
  pausedAt?: string;
  reason?: string;
}

/** Begins the description of a schedule that was paused: time, reason, and the description before it. */
const MARK = /^paused by sftp-to-s3 at (\S+): ([^|]*)(?: \| (.*))?$/s;
/** https://docs.aws.amazon.com/scheduler/latest/APIReference/API_UpdateSchedule.html */
const MAX_DESCRIPTION_CHARACTERS = 512;
export const MAX_REASON_CHARACTERS = 200;

export function statusOf({ name, isEnabled, description }: Schedule): ScheduleStatus {
  if (isEnabled) return { name, state: 'ENABLED' };
  const [, pausedAt, reason] = MARK.exec(description) ?? [];
  if (pausedAt === undefined || reason === undefined) return { name, state: 'DISABLED' };
  return { name, state: 'PAUSED', pausedAt, reason };
}

/** Disables every schedule that is enabled. @returns all of the group as they are afterwards, and what was changed */
export async function pauseSchedules(
  group: string,
  reason: string,
  { schedules, nowMs }: { schedules: Schedules; nowMs: number },
  signal: AbortSignal,
): Promise<{ changed: string[]; statuses: ScheduleStatus[] }> {
  const at = new Date(nowMs).toISOString();
  const words = reason.replaceAll('|', '/').slice(0, MAX_REASON_CHARACTERS);
  return changeSchedules(group, schedules, signal, ({ isEnabled, description }) => {
    if (!isEnabled) return undefined;
    const kept = description === '' ? '' : ` | ${description}`;
    return {
      isEnabled: false,
      description: `paused by sftp-to-s3 at ${at}: ${words}${kept}`.slice(0, MAX_DESCRIPTION_CHARACTERS),
    };
  });
}

/** Enables what `pauseSchedules` disabled, and nothing else. */
export async function unpauseSchedules(
  group: string,
  schedules: Schedules,
  signal: AbortSignal,
): Promise<{ changed: string[]; statuses: ScheduleStatus[] }> {
  return changeSchedules(group, schedules, signal, (schedule) => {
    if (statusOf(schedule).state !== 'PAUSED') return undefined;
    return { isEnabled: true, description: MARK.exec(schedule.description)?.[3] ?? '' };
  });
}

async function changeSchedules(
  group: string,
  schedules: Schedules,
  signal: AbortSignal,
  changeOf: (schedule: Schedule) => Pick<Schedule, 'isEnabled' | 'description'> | undefined,
): Promise<{ changed: string[]; statuses: ScheduleStatus[] }> {
  const changed: string[] = [];
  for (const schedule of await schedules.list(group, signal)) {
    const change = changeOf(schedule);
    if (change === undefined) continue;
    await schedules.update(group, schedule.name, change, signal);
    changed.push(schedule.name);
  }
  // Asked again: what is said is what the scheduler answers now.
  return { changed, statuses: (await schedules.list(group, signal)).map(statusOf) };
}
