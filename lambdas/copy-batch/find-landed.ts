import type { LandedObject } from '../../ledger/entry.ts';
import type { ObjectHead, ObjectStore } from '../../s3/ports.ts';
import { isOfGeneration } from '../../transfer/generation-execution.ts';
import { EXECUTION_METADATA_KEY, TRANSFER_ID_METADATA_KEY } from '../../transfer/object-metadata.ts';
import type { FileToCopy } from './batch.ts';

/** What differs between two tries of one generation. */
const OF_ONE_TRY: ReadonlySet<string> = new Set([EXECUTION_METADATA_KEY, TRANSFER_ID_METADATA_KEY]);

/**
 * The object of exactly this generation of this file, if a run that was cut off has made it: nothing is read again
 * then. Undefined for any other object of that key.
 */
export async function findLandedObject(
  store: Pick<ObjectStore, 'headObject'>,
  target: { bucket: string; key: string },
  file: FileToCopy & { metadata: Readonly<Record<string, string>> },
  generation: number,
  signal: AbortSignal,
): Promise<LandedObject | undefined> {
  const head = await store.headObject(target, signal);
  if (head === undefined || head.sizeBytes !== file.sizeBytes) return undefined;
  const isSameSource = Object.entries(file.metadata).every(
    ([name, value]) => OF_ONE_TRY.has(name) || head.metadata[name] === value,
  );
  if (!isSameSource || !isOfGeneration(head.metadata[EXECUTION_METADATA_KEY], generation)) return undefined;
  return toLandedObject(target, head);
}

export function toLandedObject(
  { bucket, key }: { bucket: string; key: string },
  { etag, versionId, checksumCrc64Nvme }: Pick<ObjectHead, 'etag' | 'versionId' | 'checksumCrc64Nvme'>,
): LandedObject {
  return {
    bucket,
    key,
    etag,
    ...(versionId !== undefined && { versionId }),
    ...(checksumCrc64Nvme !== undefined && { crc64Nvme: checksumCrc64Nvme }),
  };
}
