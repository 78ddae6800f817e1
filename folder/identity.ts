import type { FileIdentity } from '../ledger/entry.ts';
import type { ListedEntry } from '../transfer/source/listed-entry.ts';

/** What makes a path in two listings the same delivery; undefined where the server gave no size. */
export function identityOf({ sizeBytes, modifiedAtSeconds = 0 }: ListedEntry): FileIdentity | undefined {
  return sizeBytes === undefined ? undefined : { sizeBytes, modifiedAtSeconds };
}
