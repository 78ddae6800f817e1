/** A longer word may differ by this many characters and still be meant. */
const MAX_CHANGES = 3;

/** The candidate with the fewest characters to change; undefined where none is near. */
function nearestOf(name: string, candidates: readonly string[]): string | undefined {
  const [nearest] = candidates
    .map((candidate) => ({ candidate, changes: editDistance(name, candidate) }))
    .sort((one, other) => one.changes - other.changes);
  if (nearest === undefined) return undefined;
  // Short words are all near to each other.
  const allowed = Math.min(MAX_CHANGES, Math.ceil(nearest.candidate.length / 3));
  return nearest.changes <= allowed ? nearest.candidate : undefined;
}

/** The same as the end of a sentence: "; did you mean eu-central-1?"; empty where none is near. */
export function didYouMean(name: string, candidates: readonly string[]): string {
  const nearest = nearestOf(name, candidates);
  return nearest === undefined ? '' : `; did you mean ${nearest}?`;
}

/** How many characters must be added, removed or replaced: Levenshtein's distance, row by row. */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (const [index, letter] of [...from].entries()) {
    const next = [index + 1];
    for (let column = 1; column <= to.length; column += 1) {
      const replaced = (row[column - 1] ?? 0) + (letter === to[column - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[column] ?? 0) + 1, (next[column - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[to.length] ?? 0;
}
