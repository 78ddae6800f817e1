import { forEachPartner } from '../partner/partner-rules.ts';
import type { Rule } from '../rule.ts';
import { longestGapHours } from './cron-times.ts';
import { clockTime, skippedStart } from './skipped-times.ts';

const startsExistOnEveryDay = forEachPartner(['schedules'], ({ schedules }, path) =>
  schedules.flatMap(({ cron, timeZone }, index) => {
    const skipped = skippedStart(cron, timeZone);
    if (skipped === undefined) return [];
    const { date, minute, before, after } = skipped;
    const bound =
      `it must not start at ${clockTime(minute)}, which does not exist in ${timeZone} on ${date}, when clocks are put ` +
      `forward: that day's transfer would be skipped. Start at ${clockTime(before)} or at ${clockTime(after)}`;
    return [{ path: `${path}.schedules[${index}].cron`, value: cron, bound }];
  }),
);

/** Else the alarm for a missing success is on between two starts. */
const successIsExpectedWithinTheSchedules = forEachPartner(
  ['schedules', 'expectSuccessWithinHours'],
  ({ schedules, expectSuccessWithinHours }, path) => {
    if (expectSuccessWithinHours === false) return [];
    // Transfers of files and runs over folders have an alarm each.
    const gapOf = (isWanted: (schedule: { folder?: string | undefined }) => boolean): number =>
      longestGapHours(schedules.filter((one) => one.enabled && isWanted(one)).map(({ cron }) => cron)) ?? 0;
    const gapHours = Math.max(
      gapOf(({ folder }) => folder === undefined),
      gapOf(({ folder }) => folder !== undefined),
    );
    if (gapHours < expectSuccessWithinHours) return [];
    const bound =
      `it must be more than ${Math.ceil(gapHours)}, the longest time in hours between two scheduled starts, or false: ` +
      'the alarm for a missing success would be on although nothing is missing';
    return [{ path: `${path}.expectSuccessWithinHours`, value: expectSuccessWithinHours, bound }];
  },
);

export const scheduleRules: readonly Rule[] = [startsExistOnEveryDay, successIsExpectedWithinTheSchedules];
