import { Command } from 'commander';
import { systemClock } from '../../../transfer/clock.ts';
import { wrap } from '../../../transfer/text/wrap.ts';
import { locationOf, parsePipelineTarget } from '../../deployed/find-target.ts';
import {
  MAX_REASON_CHARACTERS,
  pauseSchedules,
  type ScheduleStatus,
  type Schedules,
  unpauseSchedules,
} from '../../deployed/schedules/schedules.ts';
import { withSchedules } from '../../deployed/schedules/with-schedules.ts';
import { type AwsFlags, addAwsOptions } from '../../options/aws-options.ts';
import { printLine } from '../../print.ts';
import { schedulesAsJson, schedulesForPeople } from '../../results/describe-schedules.ts';
import { columnsOf } from '../../terminal/terminal-kind.ts';
import { UsageError } from '../../usage-error.ts';

const UNTIL_WHEN =
  'Transfers that run go on. The next deployment sets every schedule to what the configuration says.';

interface PauseFlags extends AwsFlags {
  reason: string;
  json?: true;
}

export function pauseCommand(): Command {
  const command = new Command('pause')
    .description("disable a partner's schedules until unpause; transfers that run go on")
    .argument('<partner>', "a partner of the configuration, or its state machine's ARN")
    .option('--reason <text>', 'why; kept with the schedules, and shown by list', 'by an operator')
    .option('--json', 'print one JSON object');
  return addAwsOptions(command).action((partner: string, flags: PauseFlags) => {
    if (flags.reason.length > MAX_REASON_CHARACTERS)
      throw new UsageError(
        `--reason has ${flags.reason.length} characters, but it must be at most ${MAX_REASON_CHARACTERS}`,
      );
    return change(partner, flags, (group, schedules, signal) =>
      pauseSchedules(group, flags.reason, { schedules, nowMs: systemClock.nowMs() }, signal),
    );
  });
}

export function unpauseCommand(): Command {
  const command = new Command('unpause')
    .description(
      'enable the schedules that pause has disabled; those that the configuration disables stay so',
    )
    .argument('<partner>', "a partner of the configuration, or its state machine's ARN")
    .option('--json', 'print one JSON object');
  return addAwsOptions(command).action((partner: string, flags: AwsFlags & { json?: true }) =>
    change(partner, flags, unpauseSchedules),
  );
}

async function change(
  partner: string,
  flags: AwsFlags & { json?: true },
  work: (
    group: string,
    schedules: Schedules,
    signal: AbortSignal,
  ) => Promise<{ changed: string[]; statuses: ScheduleStatus[] }>,
): Promise<void> {
  const target = parsePipelineTarget(partner, flags);
  const { changed, statuses } = await withSchedules(locationOf(target, flags), (schedules, signal) =>
    work(target.name, schedules, signal),
  );
  if (flags.json) {
    printLine(JSON.stringify({ partner: target.label, changed, schedules: schedulesAsJson(statuses) }));
    return;
  }
  printLine(statuses.length === 0 ? `${target.label} has no schedules.` : schedulesForPeople(statuses));
  if (changed.length === 0) printLine('Nothing was changed.');
  if (statuses.some(({ state }) => state === 'PAUSED'))
    printLine(wrap(UNTIL_WHEN, columnsOf(process.stdout)));
}
