import { KIB, MIB } from '../../transfer/text/units.ts';
import type { FolderRow } from '../measures/folder.ts';
import type { FolderPlan } from '../plan.ts';
import { table } from './table.ts';

export function formatFolder(
  measured: { plan: FolderPlan; rows: readonly FolderRow[] } | { missing: string },
): string {
  if ('missing' in measured) return `No folder was measured: ${measured.missing}.`;
  const { plan, rows } = measured;
  return [
    `A folder of ${plan.files} files of ${plan.fileBytes / KIB} KiB into S3, ${plan.distance.roundTripMs} ms, ${plan.bytesPerSecond / MIB} MiB/s; median of ${plan.rounds}. Again: the folder as it is, with everything landed.`,
    table(
      ['', 'connections', 'logins', 'seconds', 'files/s', 'again: logins', 'again: seconds'],
      rows.map(({ contender, connections, first, again }) => [
        contender,
        String(connections),
        String(first.logins),
        first.seconds.toFixed(1),
        (plan.files / first.seconds).toFixed(0),
        String(again.logins),
        again.seconds.toFixed(1),
      ]),
    ),
  ].join('\n');
}
