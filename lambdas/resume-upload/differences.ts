import type { KeptUploadPlan, PlannedTransfer } from '../../transfer/contracts.ts';
import { counted } from '../../transfer/text/counted.ts';

/** What the object's metadata says of the server and the path. */
const SOURCE_KEYS = ['source-url', 'source-path-sha256'];

/**
 * Why the kept parts are not of this transfer: the first difference between what was planned then and what is there
 * now, as a clause; undefined where there is none.
 */
export function differenceFrom(kept: KeptUploadPlan, file: PlannedTransfer): string | undefined {
  if (kept.path !== file.path) return `the path was ${kept.path} then, and is ${file.path} now`;
  for (const key of SOURCE_KEYS) {
    const [then, now] = [kept.object_metadata[key], file.object_metadata[key]];
    if (then !== now) return `the source was ${then ?? 'another'} then, and is ${now ?? 'another'} now`;
  }
  if (kept.size_bytes !== file.size_bytes)
    return `${file.path} had ${counted(kept.size_bytes, 'byte')} then, and has ${file.size_bytes} now`;
  if (kept.modified_at !== file.modified_at)
    return `${file.path} was of ${kept.modified_at} then, and is of ${file.modified_at} now`;
  if (kept.bucket !== file.bucket || kept.key !== file.key)
    return `the target was s3://${kept.bucket}/${kept.key} then, and is s3://${file.bucket}/${file.key} now`;
  return undefined;
}
