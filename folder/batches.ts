/** A worker that is lost loses at most so much of what it has under way. */
const MAX_BATCH_FILES = 200;
const MAX_BATCH_BYTES = 1024 ** 3;

/**
 * Divides files among workers, in their order: each batch is one session's work. A file alone above the bound has a
 * batch of its own.
 */
export function planBatches<File extends { sizeBytes: number }>(
  files: readonly File[],
  { maxFiles = MAX_BATCH_FILES, maxBytes = MAX_BATCH_BYTES } = {},
): File[][] {
  const batches: File[][] = [];
  let batch: File[] = [];
  let batchBytes = 0;
  for (const file of files) {
    const isFull = batch.length >= maxFiles || batchBytes + file.sizeBytes > maxBytes;
    if (isFull && batch.length > 0) {
      batches.push(batch);
      batch = [];
      batchBytes = 0;
    }
    batch.push(file);
    batchBytes += file.sizeBytes;
  }
  if (batch.length > 0) batches.push(batch);
  return batches;
}

/**
 * Sessions that a folder run may hold at once. Its phases follow each other: one session lists, then batches have one
 * each, then large files their workers', and one settles.
 */
export function sessionsOf(run: {
  maxFilesAtOnce: number;
  maxConcurrency: number;
  batchesAtOnce: number;
}): number {
  return Math.max(1, run.batchesAtOnce, run.maxFilesAtOnce * run.maxConcurrency);
}
