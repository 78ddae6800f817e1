/** Two names of one folder that a person, or another system, may take for one. */
export interface LookalikeNames {
  paths: readonly string[];
  /** `unicode`: equal in NFC. `case`: equal but for upper and lower case. */
  because: 'unicode' | 'case';
}

/** Paths that would become one object. Neither may be copied: whichever came last would win. */
export function findKeyCollisions(
  files: readonly { path: string; key: string }[],
): ReadonlyMap<string, readonly string[]> {
  const firstPaths = new Map<string, string>();
  const pathsByKey = new Map<string, string[]>();
  for (const { path, key } of files) {
    const first = firstPaths.get(key);
    const colliding = pathsByKey.get(key);
    if (first === undefined) firstPaths.set(key, path);
    else if (colliding === undefined) pathsByKey.set(key, [first, path]);
    else colliding.push(path);
  }
  return new Map([...pathsByKey.values()].flatMap((paths) => paths.map((path) => [path, paths])));
}

/** Names that differ in their bytes alone, or in case alone: two objects in S3, and a surprise elsewhere. */
export function findLookalikes(paths: readonly string[]): LookalikeNames[] {
  const alike = groupBy(paths, (path) => path.normalize('NFC').toLowerCase());
  return [...alike.values()]
    .filter((group) => group.length > 1)
    .map((group) => {
      const isUnicode = new Set(group.map((path) => path.normalize('NFC'))).size < group.length;
      return { paths: group, because: isUnicode ? 'unicode' : 'case' };
    });
}

function groupBy<Item>(items: readonly Item[], keyOf: (item: Item) => string): Map<string, Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group === undefined) groups.set(keyOf(item), [item]);
    else group.push(item);
  }
  return groups;
}
