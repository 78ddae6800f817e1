import type { FileIdentity } from '../ledger/entry.ts';

export const ORDER_KEYS = ['name', 'mtime', 'size', '-name', '-mtime', '-size'] as const;
/** What files are sorted by; a minus sorts downwards. */
export type OrderKey = (typeof ORDER_KEYS)[number];

/** Oldest first, so that deliveries of one source land in the order in which they were made. */
export const DEFAULT_ORDER: readonly OrderKey[] = ['mtime', 'name'];

interface Sortable extends FileIdentity {
  path: string;
}

/** Compares by the first key in which two files differ, in the end by the path: the order never depends on the server's. */
export function compareFiles(keys: readonly OrderKey[]): (one: Sortable, other: Sortable) => number {
  return (one, other) => {
    for (const key of keys) {
      const difference = key.startsWith('-')
        ? compareBy(key.slice(1), other, one)
        : compareBy(key, one, other);
      if (difference !== 0) return difference;
    }
    return compareBy('name', one, other);
  };
}

function compareBy(key: string, one: Sortable, other: Sortable): number {
  if (key === 'mtime') return one.modifiedAtSeconds - other.modifiedAtSeconds;
  if (key === 'size') return one.sizeBytes - other.sizeBytes;
  return one.path < other.path ? -1 : one.path > other.path ? 1 : 0;
}
