import type { EntryKind } from '../../transfer/source/listed-entry.ts';

/** The type in a mode: POSIX `st_mode`, as every SFTP server of version 3 sends it. */
const TYPE_MASK = 0o170000;
const REGULAR = 0o100000;
const FOLDER = 0o040000;
const LINK = 0o120000;

/** `unknown` where there is no mode, or one of permissions only. */
export function kindOf(mode: number | undefined): EntryKind {
  const type = (mode ?? 0) & TYPE_MASK;
  if (type === 0) return 'unknown';
  if (type === REGULAR) return 'file';
  if (type === FOLDER) return 'folder';
  return type === LINK ? 'link' : 'other';
}
