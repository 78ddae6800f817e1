import { counted } from '../../../transfer/text/counted.ts';
import type { PartnerConfiguration } from '../../config/partner/partner-schema.ts';
import { transferMetric } from '../../metrics.ts';
import { type AlarmDefinition, HOUR_SECONDS, onCount } from './alarm-definition.ts';
import { silenceAlarm } from './execution-alarms.ts';

const DAY_SECONDS = 24 * HOUR_SECONDS;

/** What no failed run over a partner's folders shows: that none succeeds, and what runs that succeed leave. */
export function folderAlarms(partner: PartnerConfiguration, stateMachineArn: string): AlarmDefinition[] {
  const { folders, schedules, expectSuccessWithinHours } = partner;
  const isScheduled = schedules.some(({ enabled, folder }) => enabled && folder !== undefined);
  const givesUp = folders.some(({ ready }) => ready.giveUpAfterHours !== undefined);
  const settles = folders.some(({ afterProof }) => afterProof.action !== 'none');
  return [
    ...(isScheduled && expectSuccessWithinHours !== false
      ? [
          silenceAlarm({
            name: 'no-successful-folder-run',
            firstCommand: 'list PARTNER --folders --limit 10',
            meaning: `No run over a folder succeeded in the last ${counted(expectSuccessWithinHours, 'hour')}.`,
            stateMachineArn,
            withinHours: expectSuccessWithinHours,
          }),
        ]
      : []),
    ...(givesUp
      ? [
          onCount({
            name: 'file-never-ready',
            firstCommand: 'list PARTNER --folders --limit 1',
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
            firstCommand: 'ledger PARTNER FOLDER --state LANDED',
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
