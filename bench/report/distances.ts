import { MIB } from '../../transfer/text/units.ts';
import { RAW_TCP } from '../contenders/node/node-contenders.ts';
import type { DistanceCell } from '../measures/distances.ts';
import type { DistancePlan } from '../plan.ts';
import { table } from './table.ts';

/** Ratios are to the raw TCP stream of the same distance, which is one connection. */
export function formatDistances(
  measured: { plan: DistancePlan; cells: readonly DistanceCell[] } | { missing: string },
): string {
  if ('missing' in measured) {
    return `Distances were not measured: ${measured.missing}. A relaying line would hide TCP's own part.`;
  }
  const { plan, cells } = measured;
  const distances = [...new Set(cells.map(({ distance }) => distance))];
  const contenders = [...new Set(cells.map(({ contender }) => contender))];
  const cellOf = (contender: string, distance: string): DistanceCell | undefined =>
    cells.find((cell) => cell.contender === contender && cell.distance === distance);
  const limitOf = (distance: string): number => cellOf(RAW_TCP.name, distance)?.mibPerSecond ?? Number.NaN;
  return [
    `Over a packet-level line of ${plan.bytesPerSecond / MIB} MiB/s with a queue of ${plan.queueBytes / MIB} MiB; CUBIC at the server.`,
    `MiB/s, median of ${plan.rounds} (ratio to raw TCP). One connection: ${plan.oneConnectionBytes / MIB} MiB; several: ${plan.manyConnectionsBytes / MIB} MiB.`,
    table(
      ['', 'connections', 'logins', ...distances],
      contenders.map((contender) => {
        const row = distances.map((distance) => cellOf(contender, distance));
        return [
          contender,
          String(row[0]?.connections ?? ''),
          String(Math.max(...row.map((cell) => cell?.logins ?? 0))),
          ...row.map((cell) =>
            cell === undefined
              ? ''
              : `${cell.mibPerSecond.toFixed(1)} (${(cell.mibPerSecond / limitOf(cell.distance)).toFixed(2)})`,
          ),
        ];
      }),
    ),
    ...formatClients(cells, distances, contenders),
  ].join('\n');
}

/** What the clients' processes took, where they are ours; nothing where none is. */
function formatClients(
  cells: readonly DistanceCell[],
  distances: readonly string[],
  contenders: readonly string[],
): string[] {
  const measured = cells.filter(({ cpuSeconds }) => cpuSeconds !== undefined);
  if (measured.length === 0) return [];
  const rows = contenders.flatMap((contender) => {
    const row = distances.map((distance) =>
      measured.find((cell) => cell.contender === contender && cell.distance === distance),
    );
    return row.every((cell) => cell === undefined) ? [] : [[contender, ...row.map(describeClient)]];
  });
  return ['', "The client's process: processor seconds, peak MiB resident.", table(['', ...distances], rows)];
}

function describeClient(cell: DistanceCell | undefined): string {
  if (cell?.cpuSeconds === undefined) return '';
  return `${cell.cpuSeconds.toFixed(1)} s, ${((cell.peakRssBytes ?? Number.NaN) / MIB).toFixed(0)} MiB`;
}
