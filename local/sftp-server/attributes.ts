import type { Stats } from 'node:fs';
import type { Attributes, FileEntry } from 'ssh2';

/** SFTP version 3 attributes: times in whole seconds. */
export function toAttributes(stats: Stats): Attributes {
  return {
    mode: stats.mode,
    uid: stats.uid,
    gid: stats.gid,
    size: stats.size,
    atime: Math.floor(stats.atimeMs / 1000),
    mtime: Math.floor(stats.mtimeMs / 1000),
  };
}

/** A directory entry with the `ls -l` line that clients of version 3 show, and some of them parse. */
export function toFileEntry(name: string, stats: Stats): FileEntry {
  const modified = stats.mtime.toUTCString().slice(5, 16);
  const longname = `${permissions(stats)} ${stats.nlink} ${stats.uid} ${stats.gid} ${stats.size} ${modified} ${name}`;
  return { filename: name, longname, attrs: toAttributes(stats) };
}

function permissions(stats: Stats): string {
  const kind = stats.isDirectory() ? 'd' : stats.isSymbolicLink() ? 'l' : '-';
  const bits = [...'rwxrwxrwx'].map((letter, index) => (stats.mode & (0o400 >> index) ? letter : '-'));
  return kind + bits.join('');
}
