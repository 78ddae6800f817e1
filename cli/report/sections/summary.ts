import { runbookOf } from '../../../transfer/runbook.ts';
import type { CostTable } from '../../cost/cost-of.ts';
import { countOf, formatCount, formatDuration, formatRate, formatTime } from '../../format/numbers.ts';
import { formatSize } from '../../format/sizes.ts';
import type { TransferFigures } from '../../timeline/figures.ts';
import type { TransferStatus, TransferTimeline } from '../../timeline/transfer-timeline.ts';
import { type Html, html } from '../html.ts';
import { formatUsd } from './cost.ts';

const DEFAULT_SFTP_PORT = 22;

const STATUS_WORDS: Readonly<Record<TransferStatus, { mark: string; word: string }>> = {
  SUCCEEDED: { mark: '✓', word: 'Succeeded' },
  FAILED: { mark: '✕', word: 'Failed' },
  TIMED_OUT: { mark: '✕', word: 'Timed out' },
  ABORTED: { mark: '■', word: 'Stopped' },
  RUNNING: { mark: '▸', word: 'Running' },
};

/** What happened, in one line, one sentence, and a row of figures. */
export function summary(timeline: TransferTimeline, figures: TransferFigures, cost?: CostTable): Html {
  const { mark, word } = STATUS_WORDS[timeline.status];
  return html`<header>
<p class="status ${timeline.status.toLowerCase()}"><span aria-hidden="true">${mark}</span> ${word}</p>
<h1>${nameOf(timeline)}</h1>
${timeline.file && html`<p class="target">to <code>s3://${timeline.file.bucket}/${timeline.file.key}</code></p>`}
${source(timeline)}
<p class="when">${when(timeline)}, on ${timeline.ranOn}</p>
</header>
${failure(timeline)}
<dl class="tiles">${tiles(timeline, figures, cost).map(({ name, value, note }) => html`<div><dt>${name}</dt><dd>${value}${note && html`<small>${note}</small>`}</dd></div>`)}</dl>`;
}

/** What the partner needs to find it in the server's log: who, where, and when. */
function source({ from }: TransferTimeline): Html | undefined {
  if (from === undefined) return undefined;
  const { partner, serverUrl, user } = from;
  const { hostname, port } = serverUrl === undefined ? { hostname: undefined, port: '' } : new URL(serverUrl);
  return html`<p class="source">from ${[
    partner !== undefined && html`partner <b>${partner}</b> `,
    hostname !== undefined &&
      html`host <code>${hostname}</code> port <code>${port || DEFAULT_SFTP_PORT}</code> `,
    user !== undefined && html`user <code>${user}</code>`,
  ]}</p>`;
}

function when({ startedAtMs, endedAtMs, status }: TransferTimeline): Html {
  const end = status === 'RUNNING' ? 'read' : status === 'ABORTED' ? 'stopped' : 'ended';
  return html`started ${time(startedAtMs)}, ${end} ${time(endedAtMs)}`;
}

function time(ms: number): Html {
  return html`<time datetime="${new Date(ms).toISOString()}">${formatTime(ms)}</time>`;
}

function failure({ failure: ended }: TransferTimeline): Html | undefined {
  if (ended === undefined) return undefined;
  const runbook = runbookOf(ended.name);
  return html`<section class="failure" aria-label="Why it failed"><h2>${ended.name}</h2><p>${ended.cause}</p>${runbook && html`<p class="next">What to do: <code>${runbook}</code></p>`}</section>`;
}

/** The file's path as the server resolved it, or as it was asked for. */
export function nameOf({ file, requestedPath }: TransferTimeline): string {
  return file?.path ?? requestedPath ?? 'Transfer';
}

interface Tile {
  name: string;
  value: string;
  note?: string | undefined;
}

function tiles(timeline: TransferTimeline, figures: TransferFigures, cost?: CostTable): Tile[] {
  return [
    ...fileTiles(timeline),
    { name: 'Time', value: formatDuration(figures.seconds) },
    ...chunkTiles(timeline, figures),
    {
      name: 'Retries',
      value: formatCount(figures.retries),
      note:
        figures.turnedAway > 0 ? `${countOf(figures.turnedAway, 'call')} waited for a session` : undefined,
    },
    ...(cost === undefined
      ? []
      : [{ name: 'Cost on AWS', value: formatUsd(cost.totalUsd), note: 'estimated' }]),
  ];
}

function fileTiles({ file }: TransferTimeline): Tile[] {
  if (file === undefined) return [];
  return [{ name: 'Size', value: formatSize(file.sizeBytes), note: countOf(file.sizeBytes, 'byte') }];
}

function waitTiles({ waits }: TransferFigures): Tile[] {
  if (waits === undefined) return [];
  const { sftpSeconds, s3Seconds } = waits;
  const share = Math.round((100 * sftpSeconds) / Math.max(sftpSeconds + s3Seconds, 0.001));
  return [
    {
      name: 'Waiting for the server',
      value: `${share} %`,
      note: `${formatDuration(sftpSeconds)}; for S3 ${formatDuration(s3Seconds)}`,
    },
  ];
}

/** Those in which parts were copied for nothing, or for a resume. */
const WITHOUT_OBJECT: readonly TransferStatus[] = ['FAILED', 'TIMED_OUT', 'ABORTED'];

function chunkTiles({ plan, status }: TransferTimeline, figures: TransferFigures): Tile[] {
  const { chunks, chunkSeconds, landedChunks } = figures;
  if (chunks.length === 0) return [];
  const planned = plan?.chunkCount ?? chunks.length;
  const landed = landedChunks === planned ? '' : `${formatCount(landedChunks)} of `;
  return [
    WITHOUT_OBJECT.includes(status)
      ? { name: 'Copied', value: formatSize(figures.landedBytes), note: 'in parts; no object was made' }
      : { name: 'Rate', value: formatRate(figures.bytesPerSecond), note: 'mean of the whole transfer' },
    {
      name: 'Chunks',
      value: landed + formatCount(planned),
      note: plan && `of ${formatSize(plan.chunkSizeBytes)}`,
    },
    {
      name: 'A chunk takes',
      value: chunkSeconds === undefined ? 'none landed' : formatDuration(chunkSeconds.p50),
      note: chunkSeconds && `95 % within ${formatDuration(chunkSeconds.p95)}`,
    },
    {
      name: 'Sessions',
      value: figures.meanWidth.toFixed(1),
      note: `at work on average${plan ? `, at most ${plan.maxConcurrency}` : ''}`,
    },
    {
      name: 'Logins',
      value: formatCount(figures.logins.count),
      note: `of the downloads, ${countOf(figures.logins.reconnects, 'reconnect')}`,
    },
    ...waitTiles(figures),
  ];
}
