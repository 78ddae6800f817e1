import { isRemoval, lastExecutionOf } from '../../../ledger/kept-uploads.ts';
import { keptPartsUsdPerDay } from '../../cost/kept-parts.ts';
import { parseWorkflowArn } from '../../deployed/arn.ts';
import type { KeptList, ListedKept } from '../../deployed/kept/list-kept.ts';
import { foldedTable } from '../../format/folded-table.ts';
import { countOf, formatTime } from '../../format/numbers.ts';
import { formatSize } from '../../format/sizes.ts';

const TITLES = ['KEPT UNTIL (UTC)', 'PARTNER', 'PARTS', 'SIZE', 'USD A DAY'] as const;
const MORE_TITLES = ['TARGET', 'EXECUTION', ''] as const;
const USD_DIGITS = 4;

/** Fields of `list --json`. */
export function keptAsJson({ kept, unknown }: KeptList): Record<string, unknown> {
  return {
    kept: kept.map(({ partner, upload }) => ({
      execution: lastExecutionOf(upload),
      partner,
      bucket: upload.bucket,
      key: upload.key,
      path: upload.path,
      upload_id: upload.uploadId,
      parts: upload.finishedParts,
      chunks: upload.chunkCount,
      bytes: upload.finishedBytes,
      keep_until: new Date(upload.keepUntilMs).toISOString(),
      usd_per_day: Number(keptPartsUsdPerDay(upload.finishedBytes).toFixed(USD_DIGITS)),
      claimed_by: upload.claim?.execution ?? null,
    })),
    ...(unknown.length > 0 && { kept_unknown: unknown.map(({ partner }) => partner) }),
  };
}

/** The kept parts as a table with what they cost, and the commands that concern them; undefined where there are none. */
export function keptForPeople(
  kept: readonly ListedKept[],
  nowMs: number,
  columns: number,
): string | undefined {
  if (kept.length === 0) return undefined;
  const bytes = kept.reduce((sum, { upload }) => sum + upload.finishedBytes, 0);
  return [
    `Kept parts of ${countOf(kept.length, 'transfer')}, as S3 had them at the last failure: ${formatSize(bytes)}, about ` +
      `${usd(bytes)} USD a day by the list price of us-east-1.`,
    foldedTable(
      TITLES,
      MORE_TITLES,
      kept.map((one) => ({ cells: cells(one), more: moreCells(one, nowMs) })),
      columns,
    ),
    'To go on: npx sftp-to-s3 resume <execution>. To remove them: npx sftp-to-s3 stop <execution>.',
  ].join('\n');
}

function cells({ partner, upload }: ListedKept): string[] {
  return [
    formatTime(upload.keepUntilMs).replace(' UTC', ''),
    partner,
    `${upload.finishedParts} of ${upload.chunkCount}`,
    formatSize(upload.finishedBytes),
    usd(upload.finishedBytes),
  ];
}

function moreCells({ partner, upload }: ListedKept, nowMs: number): string[] {
  const { bucket, claim, keepUntilMs, key } = upload;
  return [`s3://${bucket}/${key}`, shortName(partner, lastExecutionOf(upload)), note()];

  function note(): string {
    if (claim !== undefined) return isRemoval(claim.execution) ? 'being removed' : 'being resumed';
    return keepUntilMs <= nowMs ? 'its time is over: removed within six hours' : '';
  }
}

function shortName(partner: string, execution: string): string {
  const name = parseWorkflowArn(execution)?.executionName;
  return name === undefined ? execution : `${partner}/${name}`;
}

function usd(bytes: number): string {
  return keptPartsUsdPerDay(bytes).toFixed(USD_DIGITS);
}
