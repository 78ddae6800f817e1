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
  const pathsByKey = groupBy(files, ({ key }) => key);
  const colliding = new Map<string, readonly string[]>();
  for (const group of pathsByKey.values()) {
    if (group.length < 2) continue;
    const paths = group.map(({ path }) => path);
    for (const path of paths) colliding.set(path, paths);
  }
  return colliding;
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
