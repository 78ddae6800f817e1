import { MIB } from '../../transfer/text/units.ts';
import { OUR_READER, OUR_UPLOAD, OUR_UPLOAD_TLS } from '../contenders/node/node-contenders.ts';
import type { Bundle } from '../measures/bundles.ts';
import type { DistanceCell } from '../measures/distances.ts';
import type { FolderRow } from '../measures/folder.ts';
import type { Memory } from '../measures/memory.ts';
import type { Throughput } from '../measures/throughput.ts';
import type { WholeFile } from '../measures/whole-file.ts';
import type { DistancePlan, FolderPlan } from '../plan.ts';
import { formatDistances } from './distances.ts';
import { formatFolder } from './folder.ts';
import type { Machine } from './machine.ts';
import { table } from './table.ts';

/** All that a run measured; also what `--json` writes. */
export interface BenchReport {
  startedAt: string;
  quick: boolean;
  seconds: number;
  machine: Machine;
  /** Programs of peers. */
  missing: readonly string[];
  /** Absent when only distances were measured. */
  relay?: RelayReport;
  distances?: { plan: DistancePlan; cells: DistanceCell[] } | { missing: string };
  folder?: { plan: FolderPlan; rows: FolderRow[] } | { missing: string };
}

/** What was measured without a line, and over relaying ones. */
export interface RelayReport {
  server: string;
  lines: { roundTripMs: number; ceilingMibPerSecond: number }[];
  throughput: Throughput[];
  memory: Memory[];
  wholeFile: WholeFile[];
  bundles: Bundle[];
}

export function formatReport({ machine, missing, relay, distances, folder, seconds }: BenchReport): string {
  const programs = Object.entries(machine.programs).map(([name, version]) => `${name}: ${version}`);
  return [
    `${machine.cores} cores (${machine.processor}), ${machine.memoryGib} GiB, Node ${machine.node}, OpenSSL ${machine.openssl}; client, server and line share them`,
    ...programs,
    `Every hash was compared.${missing.length === 0 ? '' : ` Not on PATH: ${missing.join(', ')}.`}`,
    '',
    ...(distances === undefined ? [] : [formatDistances(distances), '']),
    ...(folder === undefined ? [] : [formatFolder(folder), '']),
    ...(relay === undefined ? [] : [formatRelay(relay), '']),
    `${seconds.toFixed(0)} seconds in all.`,
    '',
  ].join('\n');
}

function formatRelay(report: RelayReport): string {
  return [
    `Server: ${report.server}, over relaying lines: TCP meets no distance there.`,
    '',
    'One file, from connecting to the last byte. MiB/s, median (ratio to our reader).',
    throughputTable(report),
    '',
    'Processor time of our client, seconds per GiB.',
    processorTable(report),
    '',
    `DownloadSegment's memory at its peak.`,
    table(
      ['chunk', 'MiB resident'],
      report.memory.map(({ chunkBytes, peakRssMib }) => [`${chunkBytes / MIB} MiB`, peakRssMib.toFixed(0)]),
    ),
    '',
    `A whole file from SFTP into S3, ${report.wholeFile[0]?.roundTripMs} ms.`,
    table(
      [`${(report.wholeFile[0]?.sizeBytes ?? 0) / MIB} MiB`, 'seconds', 'MiB/s'],
      report.wholeFile.map(({ how, seconds, mibPerSecond }) => [
        how,
        seconds.toFixed(1),
        mibPerSecond.toFixed(0),
      ]),
    ),
    '',
    'Functions as they are deployed.',
    table(
      ['function', 'KiB', 'KiB gzipped', 'ms to import'],
      report.bundles.map(({ step, bytes, gzippedBytes, importMs }) => [
        step,
        (bytes / 1_024).toFixed(0),
        (gzippedBytes / 1_024).toFixed(0),
        importMs.toFixed(0),
      ]),
    ),
  ].join('\n');
}

function throughputTable({ lines, throughput }: RelayReport): string {
  const rateOf = (contender: string, roundTripMs: number): number =>
    throughput.find((cell) => cell.contender === contender && cell.roundTripMs === roundTripMs)
      ?.mibPerSecond ?? 0;
  const contenders = [...new Map(throughput.map((cell) => [cell.contender, cell.connections]))];
  return table(
    ['', 'connections', ...lines.map(({ roundTripMs }) => `${roundTripMs} ms`)],
    [
      ...contenders.map(([contender, connections]) => [
        contender,
        String(connections),
        ...lines.map(({ roundTripMs }) => {
          const rate = rateOf(contender, roundTripMs);
          const ratio = rate / rateOf(OUR_READER.name, roundTripMs);
          return `${rate.toFixed(rate < 10 ? 1 : 0)} (${ratio.toFixed(2)})`;
        }),
      ]),
      [
        `${OUR_READER.name}, once connected`,
        '1',
        ...lines.map(
          ({ roundTripMs }) =>
            throughput
              .find((cell) => cell.roundTripMs === roundTripMs && cell.connectedMibPerSecond !== undefined)
              ?.connectedMibPerSecond?.toFixed(0) ?? '',
        ),
      ],
      ['what the line carries', '', ...lines.map((line) => line.ceilingMibPerSecond.toFixed(0))],
    ],
  );
}

function processorTable({ lines, throughput }: RelayReport): string {
  return table(
    ['', ...lines.map(({ roundTripMs }) => `${roundTripMs} ms`)],
    [OUR_READER, OUR_UPLOAD, OUR_UPLOAD_TLS].map(({ name }) => [
      name,
      ...lines.map(
        (line) =>
          throughput
            .find((cell) => cell.contender === name && cell.roundTripMs === line.roundTripMs)
            ?.cpuSecondsPerGib?.toFixed(1) ?? '',
      ),
    ]),
  );
}
