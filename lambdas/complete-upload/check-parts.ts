import type { UploadedPart } from '../../s3/ports.ts';
import { IncompleteUploadError } from '../../transfer/errors.ts';
import { counted } from '../../transfer/text/counted.ts';

/** How many wrong parts an error names. */
const MAX_NAMED = 10;

/**
 * Every planned part is there, once, with its planned size, and nothing else.
 * @param parts in the order of their numbers
 * @throws IncompleteUploadError naming the parts that are missing, unplanned or of the wrong size
 */
export function checkParts(
  parts: readonly UploadedPart[],
  plan: { sizeBytes: number; chunkSizeBytes: number; chunkCount: number },
): void {
  const sizes = new Map(parts.map((part) => [part.partNumber, part.sizeBytes]));
  const problems: string[] = [];
  for (let number = 1; number <= plan.chunkCount; number += 1) {
    const startByte = (number - 1) * plan.chunkSizeBytes;
    const expected = Math.min(plan.chunkSizeBytes, plan.sizeBytes - startByte);
    const found = sizes.get(number);
    if (found === undefined) problems.push(`part ${number} is missing`);
    else if (found !== expected)
      problems.push(`part ${number} has ${counted(found, 'byte')}, not ${expected}`);
  }
  for (const number of sizes.keys()) {
    if (number < 1 || number > plan.chunkCount) problems.push(`part ${number} was not planned`);
  }
  if (problems.length === 0) return;
  const more = problems.length > MAX_NAMED ? `, and ${problems.length - MAX_NAMED} more` : '';
  throw new IncompleteUploadError(
    `${problems.length} of ${plan.chunkCount} parts are wrong: ${problems.slice(0, MAX_NAMED).join(', ')}${more}`,
  );
}
