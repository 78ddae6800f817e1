import { formatCount, formatDuration, formatRate } from '../../format/numbers.ts';
import { formatSize } from '../../format/sizes.ts';
import type { ChunkFigures, TransferFigures } from '../../timeline/figures.ts';
import type { TransferTimeline } from '../../timeline/transfer-timeline.ts';
import { type Html, html } from '../html.ts';
import { speedOf } from '../picture/attempt-look.ts';
import { barIds } from '../picture/chunk-bars.ts';
import { type Column, table } from './table.ts';

const SLOWEST_SHOWN = 10;
/** A larger page does not fit into a mail, and a browser is slow with it. */
const MOST_ROWS = 2_000;

/** The chunks that held the transfer up most. */
export function slowestChunks(timeline: TransferTimeline, figures: TransferFigures): Html | undefined {
  const slowest = slowestOf(figures, SLOWEST_SHOWN);
  if (slowest.length < 2) return undefined;
  const longestMs = (slowest[0]?.endedAtMs ?? 0) - (slowest[0]?.startedAtMs ?? 0);
  const bar: Column<ChunkFigures> = {
    title: '',
    cell: (chunk) =>
      html`<span class="bar" aria-hidden="true"><svg viewBox="0 0 100 8" preserveAspectRatio="none"><rect class="${speedOf(chunk, figures)}" width="${Math.round((100 * (chunk.endedAtMs - chunk.startedAtMs)) / Math.max(longestMs, 1))}" height="8"/></svg></span>`,
  };
  const [number, took, ...rest] = columns(timeline, figures);
  return html`<section><h2>Slowest chunks</h2>${table(
    'From the first read to the answer of S3',
    [number, took, bar, ...rest].filter((column) => column !== undefined),
    slowest,
  )}</section>`;
}

/** Every chunk, or the slowest ones, for search and for those who cannot see the picture. */
export function allChunks(timeline: TransferTimeline, figures: TransferFigures): Html | undefined {
  if (figures.chunks.length === 0) return undefined;
  const all = formatCount(figures.chunks.length);
  const isCut = figures.chunks.length > MOST_ROWS;
  const rows = isCut
    ? slowestOf(figures, MOST_ROWS).sort((a, b) => a.chunk.number - b.chunk.number)
    : figures.chunks;
  const title = isCut ? `The slowest ${formatCount(MOST_ROWS)} of ${all} chunks` : `All ${all} chunks`;
  return html`<details><summary>${title}</summary>${table(
    'Chunks by number',
    columns(timeline, figures),
    rows,
  )}</details>`;
}

function slowestOf({ chunks }: TransferFigures, most: number): ChunkFigures[] {
  return chunks
    .toSorted((a, b) => b.endedAtMs - b.startedAtMs - (a.endedAtMs - a.startedAtMs))
    .slice(0, most);
}

function columns({ startedAtMs }: TransferTimeline, figures: TransferFigures): Column<ChunkFigures>[] {
  const median = figures.medianBytesPerSecond;
  const barOf = barIds(figures.chunks);
  return [
    {
      title: 'Chunk',
      kind: 'number',
      cell: ({ chunk }) => html`<a href="#${barOf.get(chunk.number)}">${chunk.number}</a>`,
    },
    {
      title: 'Took',
      kind: 'number',
      cell: (row) => formatDuration((row.endedAtMs - row.startedAtMs) / 1_000),
    },
    {
      title: 'Began after',
      kind: 'number',
      cell: (row) => formatDuration((row.startedAtMs - startedAtMs) / 1_000),
    },
    { title: 'Size', kind: 'number', cell: ({ chunk }) => formatSize(chunk.sizeBytes) },
    {
      title: 'Rate',
      kind: 'number',
      cell: ({ bytesPerSecond }) => formatRate(bytesPerSecond),
    },
    {
      title: '× median',
      kind: 'number',
      cell: ({ bytesPerSecond }) => (median ? (bytesPerSecond / median).toFixed(2) : '–'),
    },
    { title: 'Waited for server', kind: 'number', cell: ({ chunk }) => waited(chunk.waits?.sftpMs) },
    { title: 'Waited for S3', kind: 'number', cell: ({ chunk }) => waited(chunk.waits?.s3Ms) },
    { title: 'Segment', kind: 'number', cell: ({ chunk }) => formatCount(chunk.segmentNumber) },
  ];
}

function waited(ms: number | undefined): string {
  return ms === undefined ? '–' : formatDuration(ms / 1_000);
}
