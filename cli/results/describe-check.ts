import type { CheckFailure, Recommendation, ServerCheckReport, Stage } from '../../doctor/report.ts';
import { DEFAULT_DOWNLOAD_MEMORY_MB } from '../../infra/config/partner/partner-schema.ts';
import { counted } from '../../transfer/text/counted.ts';
import { wrap } from '../../transfer/text/wrap.ts';
import { estimateCost } from '../cost/estimate-cost.ts';
import { formatDuration } from '../format/numbers.ts';
import { formatSize } from '../format/sizes.ts';

const VERDICTS: Readonly<Record<Stage['verdict'], string>> = {
  ok: 'ok',
  warning: 'WARNING',
  failed: 'FAILED',
  skipped: 'skipped',
};
const MAX_LINE_LENGTH = 100;
/** A mail's: RFC 5322 recommends 78, and it is shown indented. */
const LETTER_LINE_LENGTH = 72;
const LONGEST_STAGE_NAME = 'throughput-many-connections'.length;

/** A stage that is at work, in the columns of those that are over. */
export function describeWaiting(stage: string, seconds: number): string {
  return `${'...'.padEnd(7)}  ${stage.padEnd(LONGEST_STAGE_NAME)}  ${`${seconds} s`.padStart(9)}`;
}

/** One stage as one line: verdict, name, time, what was found. */
export function describeStage({ verdict, stage, milliseconds, summary }: Stage): string {
  const time = verdict === 'skipped' ? '' : `${Math.round(milliseconds)} ms`;
  return `${VERDICTS[verdict].padEnd(7)}  ${stage.padEnd(LONGEST_STAGE_NAME)}  ${time.padStart(9)}  ${summary}`;
}

/**
 * What follows the stages: whose fault it is, or what to set.
 * @param columns of the terminal
 * @param contact whom to write to at the partner
 */
export function describeConclusion(
  { failure, recommendation, stages }: ServerCheckReport,
  columns: number,
  contact?: string,
): string {
  if (failure !== null) return describeFailure(failure, columns, contact);
  const warnings = stages.filter(({ verdict }) => verdict === 'warning').length;
  const healthy = warnings === 0 ? 'Healthy.' : `Works, with ${counted(warnings, 'warning')}.`;
  const listing = stages.find(({ stage }) => stage === 'listing');
  if (listing !== undefined) return `${healthy} ${describeListing(listing)}`;
  if (recommendation !== null) return `${healthy}\n\n${describeRecommendation(recommendation)}`;
  return `${healthy} Give the path of a file to measure the throughput and to get settings recommended.`;
}

/** Of each outcome the first names, as JSON: no name can look like a line of its own. */
function describeListing({ details }: Stage): string {
  const { outcomes } = details as { outcomes: Record<string, { count: number; first: string[] }> };
  const lines = Object.entries(outcomes).map(([outcome, { count, first }]) => {
    const names = first.map((name) => JSON.stringify(name)).join(', ');
    return `  ${outcome.padEnd(17)}  ${String(count).padStart(9)}  ${names}${count > first.length ? ', …' : ''}`;
  });
  return ['A first run would decide, if all files stay as they are:', '', ...lines].join('\n');
}

/** The lines of a mail. A fact that is too long for its line goes on below its own beginning. */
function letterLines(message: string): string {
  return message
    .split('\n')
    .map((line) => {
      const { label = '', fact = '' } = /^(?<label>- [\w ]+: +)(?<fact>.*)$/.exec(line)?.groups ?? {};
      if (label === '') return wrap(line, LETTER_LINE_LENGTH);
      const below = `\n${' '.repeat(label.length)}`;
      return label + wrap(fact, LETTER_LINE_LENGTH - label.length).replaceAll('\n', below);
    })
    .join('\n');
}

function describeFailure(
  { fault, sentence, message_to_partner: message }: CheckFailure,
  columns: number,
  contact: string | undefined,
): string {
  const whose = { ours: 'ours', partner: "the partner's", network: "the network's" }[fault];
  const conclusion = `Whose fault: ${whose}.\n${wrap(sentence, Math.min(MAX_LINE_LENGTH, columns))}`;
  if (message === null) return conclusion;
  const to = contact === undefined ? 'the partner' : `the partner (${contact})`;
  const heading = fault === 'ours' ? `If ours is right, ask ${to}:` : `To send to ${to}:`;
  return `${conclusion}\n\n${heading}\n\n${indent(letterLines(message))}`;
}

function describeRecommendation(recommendation: Recommendation): string {
  const {
    file_size_bytes: sizeBytes,
    chunk_size_bytes: chunkSizeBytes,
    chunk_count: chunkCount,
    max_concurrency: maxConcurrency,
    expected_seconds: { fastest, slowest },
    reasons,
  } = recommendation;
  return [
    `Recommended for ${formatSize(sizeBytes)}:`,
    `  --chunk-size ${chunkSizeBytes / 1024 ** 2}MiB --max-concurrency ${maxConcurrency}   (${counted(chunkCount, 'chunk')})`,
    `  in the configuration: "chunkSizeBytes": ${chunkSizeBytes}, "maxConcurrency": ${maxConcurrency}`,
    `  expected: ${formatDuration(fastest)} if the connections add up, ${formatDuration(slowest)} if they share what was measured`,
    ...describeCost(recommendation),
    ...reasons.map((reason) => `  - ${reason}`),
  ].join('\n');
}

/** At the rate that was measured; of an empty file there is nothing to say. */
function describeCost(recommendation: Recommendation): string[] {
  const { file_size_bytes: fileSizeBytes, expected_seconds: expected } = recommendation;
  if (fileSizeBytes === 0) return [];
  const { usd } = estimateCost({
    fileSizeBytes,
    chunkSizeBytes: recommendation.chunk_size_bytes,
    maxConcurrency: recommendation.max_concurrency,
    bytesPerSecond: fileSizeBytes / Math.max(expected.slowest, 1),
    overheadSeconds: 0,
    memoryMb: DEFAULT_DOWNLOAD_MEMORY_MB,
  });
  const parts = [
    `NAT gateway, data ${usd.natData.toFixed(2)}`,
    `Lambda ${usd.lambda.toFixed(2)}`,
    `S3 requests ${usd.s3Requests.toFixed(2)}`,
    `Step Functions ${usd.stateTransitions.toFixed(2)}`,
  ];
  return [`  on AWS:   about ${usd.total.toFixed(2)} USD by list prices of us-east-1 (${parts.join('; ')})`];
}

function indent(text: string): string {
  return text.replace(/^(?=.)/gm, '  ');
}
