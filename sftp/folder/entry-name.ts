import { isUtf8 } from 'node:buffer';
import { SFTP_MAX_PATH_BYTES } from '../../transfer/limits.ts';
import type { NameProblem } from '../../transfer/source/listed-entry.ts';
import type { RawEntry } from './ports.ts';

const REPLACEMENT = '\ufffd';

/** A name that can be put behind its folder's path, or what is wrong with it and how to show it. */
export type EntryName = { name: string } | { shown: string; problem: NameProblem };

/**
 * What a name may be used for. A server chooses names: one with a slash would lead out of its folder, one that is not
 * UTF-8 would come back to the server as another.
 * @param folderBytes length of the path before it, with its slash
 */
export function judgeName(
  { name, isLossy }: Pick<RawEntry, 'name' | 'isLossy'>,
  folderBytes: number,
): EntryName {
  const problem = problemOf(name, isLossy === true, folderBytes);
  return problem === undefined ? { name: name.toString('utf8') } : { shown: showBytes(name), problem };
}

/** The two entries that every folder lists, and that do not name anything in the folder. */
export function isSelfOrParent({ name }: Pick<RawEntry, 'name'>): boolean {
  return name.equals(SELF) || name.equals(PARENT);
}

const SELF = Buffer.from('.');
const PARENT = Buffer.from('..');

function problemOf(name: Buffer, isLossy: boolean, folderBytes: number): NameProblem | undefined {
  if (name.length === 0) return 'empty';
  if (name.includes(0x2f)) return 'slash-in-name';
  if (name.includes(0)) return 'nul-in-name';
  if (!isUtf8(name) || (isLossy && name.includes(REPLACEMENT))) return 'not-utf-8';
  if (folderBytes + name.length >= SFTP_MAX_PATH_BYTES) return 'path-too-long';
  return undefined;
}

/** Readable, and one to one: bytes that are not visible ASCII, and backslashes, as `\xE9`. */
function showBytes(bytes: Buffer): string {
  let shown = '';
  for (const byte of bytes) {
    const isPlain = byte >= 0x20 && byte < 0x7f && byte !== 0x5c;
    shown += isPlain ? String.fromCharCode(byte) : `\\x${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }
  return shown;
}
