import type { PartnerConfiguration } from '../../config/partner/partner-schema.ts';
import { executionMetric, transferMetric } from '../../metrics.ts';
import { type AlarmDefinition, HOUR_SECONDS, onCount } from './alarm-definition.ts';
import { countedErrorAlarms, type ErrorRule } from './error-alarms.ts';
import { silenceAlarm } from './execution-alarms.ts';

/** Classes of transfer/errors.ts that only runs over folders throw. */
const FOLDER_ERROR_RULES: Readonly<Record<string, ErrorRule>> = {
  FolderPartlyFailedError: {
    meaning: 'Some files of a folder did not land. The others did; the message names the first ten.',
  },
};

const DAY_SECONDS = 24 * HOUR_SECONDS;

/** How runs over a partner's folders end, and what they leave. */
export function folderAlarms(partner: PartnerConfiguration, stateMachineArn: string): AlarmDefinition[] {
  const metric = (name: string) => executionMetric(stateMachineArn, name);
  const { folders, schedules, expectSuccessWithinHours } = partner;
  const isScheduled = schedules.some(({ enabled, folder }) => enabled && folder !== undefined);
  const givesUp = folders.some(({ ready }) => ready.giveUpAfterHours !== undefined);
  const settles = folders.some(({ afterProof }) => afterProof.action !== 'none');
  return [
    onCount({
      name: 'folder-runs-failed',
      meaning: 'A run over a folder failed. What had landed stays; the next run takes the rest.',
      signal: metric('ExecutionsFailed'),
    }),
    onCount({
      name: 'folder-runs-timed-out',
      runbook: 'folder-runs-failed',
      meaning: 'A run over a folder went on for seven days and was ended.',
      signal: metric('ExecutionsTimedOut'),
    }),
    onCount({
      name: 'folder-runs-aborted',
      runbook: 'folder-runs-failed',
      meaning: 'Somebody stopped a run over a folder. What had landed stays.',
      signal: metric('ExecutionsAborted'),
    }),
    ...countedErrorAlarms(partner.name, FOLDER_ERROR_RULES),
    ...(isScheduled && expectSuccessWithinHours !== false
      ? [
          silenceAlarm({
            name: 'no-successful-folder-run',
            meaning: `No run over a folder succeeded in the last ${expectSuccessWithinHours} hours.`,
            stateMachineArn,
            withinHours: expectSuccessWithinHours,
          }),
        ]
      : []),
    ...(givesUp
      ? [
          onCount({
            name: 'file-never-ready',
            meaning: 'A file of a folder has not been ready for longer than giveUpAfterHours.',
            signal: transferMetric(partner.name, 'FilesOverdue', 'Maximum'),
            periodSeconds: HOUR_SECONDS,
          }),
        ]
      : []),
    ...(settles
      ? [
          onCount({
            name: 'sources-left',
            meaning:
              'Files that landed could not be moved or removed on the server. They are not copied again.',
            signal: transferMetric(partner.name, 'SourcesLeft', 'Maximum'),
            // One call a day, however many files and runs.
            periodSeconds: DAY_SECONDS,
          }),
        ]
      : []),
  ];
}
