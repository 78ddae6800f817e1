import type { ResumedUpload } from '../../../transfer/contracts.ts';
import { countOf } from '../../format/numbers.ts';
import { formatSize } from '../../format/sizes.ts';

/** What a resume found, in one line for people. */
export function describeResumed(resumed: ResumedUpload): string {
  if ('started_anew' in resumed) return `Beginning anew: ${resumed.started_anew}.`;
  const { finished_bytes: bytes, finished_chunks: finished, plan, proved_chunks: proved } = resumed;
  return (
    `Going on: ${finished} of ${countOf(plan.chunk_count, 'chunk')} (${formatSize(bytes)}) are there already; ` +
    `${countOf(proved.length, 'chunk')} read again and found equal.`
  );
}

/** The same as fields of `--json`. */
export function resumedAsJson(resumed: ResumedUpload): Record<string, unknown> {
  if ('started_anew' in resumed) return { started_anew: resumed.started_anew };
  const { finished_bytes, finished_chunks, proved_chunks } = resumed;
  return { resumed: { finished_chunks, finished_bytes, proved_chunks } };
}
