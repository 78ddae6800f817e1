/** `unknown`: the server's answer had no type, and a stat of its own has not helped. */
export type EntryKind = 'file' | 'folder' | 'link' | 'other' | 'unknown';

/** Why a name that a server listed is never used as a path. */
export type NameProblem = 'empty' | 'slash-in-name' | 'nul-in-name' | 'not-utf-8' | 'path-too-long';

/** One name of one listing, as the server gave it. */
export interface ListedEntry {
  /**
   * Relative to the listed folder, exactly as the server spells it. Where `nameProblem` is set it is for people only:
   * bytes that are not UTF-8 are written as `\xE9`.
   */
  path: string;
  kind: EntryKind;
  /** Both are absent where the server gave no attributes, not even to a stat. */
  sizeBytes?: number;
  /** Seconds since 1970-01-01 UTC by the server; 0 where it gave no time. */
  modifiedAtSeconds?: number;
  nameProblem?: NameProblem;
}

/** Whether it may be used as a file: a server that does not run on Unix may not say what it is. */
export function mayBeFile({ kind, nameProblem }: ListedEntry): boolean {
  return nameProblem === undefined && (kind === 'file' || kind === 'unknown');
}
