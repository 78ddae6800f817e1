import { DEFAULT_DOWNLOAD_MEMORY_MB } from '../../infra/config/partner/partner-schema.ts';
import { countOf, formatCount } from '../format/numbers.ts';
import { formatSize } from '../format/sizes.ts';
import { secondsOf, type TransferFigures } from '../timeline/figures.ts';
import type { TransferTimeline } from '../timeline/transfer-timeline.ts';
import { estimateCost } from './estimate-cost.ts';

/** What a transfer costs on AWS, as a table. */
export interface CostTable {
  lines: readonly { item: string; quantity: string; usd: number }[];
  totalUsd: number;
  /** Each one a sentence: prices, what was assumed, what is left out. */
  notes: readonly string[];
}

/**
 * Estimates a transfer from the time that its workers really took, failed ones included. Only of one that
 * succeeded: what another one would have cost is not known.
 */
export function costOf(timeline: TransferTimeline, figures: TransferFigures): CostTable | undefined {
  const { file, plan, status } = timeline;
  if (status !== 'SUCCEEDED' || file === undefined || plan === undefined) return undefined;
  const workers = timeline.segments.flatMap((segment) => segment.workers);
  const workerSeconds = workers.reduce((sum, worker) => sum + secondsOf(worker), 0);
  const { usd, lambdaSeconds } = estimateCost({
    fileSizeBytes: file.sizeBytes,
    chunkSizeBytes: plan.chunkSizeBytes,
    maxConcurrency: plan.maxConcurrency,
    bytesPerSecond: Math.max(file.sizeBytes, 1) / Math.max(workerSeconds, 0.001),
    overheadSeconds: 0,
    memoryMb: DEFAULT_DOWNLOAD_MEMORY_MB,
  });
  return {
    lines: [
      { item: 'NAT gateway, data', quantity: formatSize(file.sizeBytes), usd: usd.natData },
      { item: 'Lambda', quantity: `${formatCount(Math.ceil(lambdaSeconds))} s`, usd: usd.lambda },
      {
        item: 'Step Functions',
        quantity: countOf(workers.length, 'worker'),
        usd: usd.stateTransitions,
      },
      { item: 'S3 requests', quantity: countOf(figures.chunks.length, 'part'), usd: usd.s3Requests },
    ],
    totalUsd: usd.total,
    notes: [
      `List prices of us-east-1, and functions of ${formatCount(DEFAULT_DOWNLOAD_MEMORY_MB)} MB, which is the default.`,
      'Not in it: the hours of NAT gateways and Elastic IPs, storage, logs and alarms.',
    ],
  };
}
