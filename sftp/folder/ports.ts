import type { FileStat } from '../../transfer/source-file.ts';

/** One name as READDIR gave it: bytes, since nothing obliges a server of version 3 to send UTF-8. */
export interface RawEntry {
  name: Buffer;
  /** The bytes are unknown: `name` is what is left, with U+FFFD for what is not UTF-8. */
  isLossy?: true;
  attributes: EntryAttributes;
}

/** SFTP lets a server leave any of them out. A link's are its own, on all servers that we know. */
export interface EntryAttributes {
  /** Type and permissions, as in `stat(2)`. */
  mode?: number;
  sizeBytes?: number;
  /** Seconds since 1970-01-01 UTC. */
  modifiedAtSeconds?: number;
}

/** A server's word that it has not changed a name, so that trying the same again gives the same. */
export interface NameRefusal {
  done: false;
  /** SFTP version 3: 2 no such file, 3 permission denied, 4 failure, 8 unsupported. */
  status: number;
  message: string;
}
export type NameChange = { done: true } | NameRefusal;

/**
 * What a session does with names, besides reading files. Paths are absolute, or relative to the home folder. Every
 * method may throw SftpConnectionError, SftpStalledError and the signal's reason.
 */
export interface FolderOperations {
  /**
   * The names of a folder, page by page as the server gives them, `.` and `..` included, with one READDIR under way
   * at a time: servers answer several in any order, and some not at all. Several folders may be read at a time.
   * @throws SourceNotFoundError | SourcePermissionError when the folder cannot be opened; SftpConnectionError |
   *   SftpStalledError when the listing broke off, which then shows nothing about what is missing from it
   */
  readFolder(path: string, signal: AbortSignal): AsyncIterable<RawEntry[]>;
  /** Of the name itself, a link not followed; undefined when there is none. @throws what other answers mean */
  lookAt(path: string, signal: AbortSignal): Promise<EntryAttributes | undefined>;
  /**
   * All bytes of a small file, with one pass of requests: OPEN, then FSTAT, every READ, one at the expected end that
   * must find nothing, CLOSE.
   * @throws SourceChangedError when it has another size than expected, before or while it was read
   */
  readWhole(
    path: string,
    expectedBytes: number,
    signal: AbortSignal,
  ): Promise<{ bytes: Buffer; stat: FileStat }>;
  /** Fails where the target exists, on every server that keeps to version 3. */
  rename(from: string, to: string, signal: AbortSignal): Promise<NameChange>;
  /** Takes the target's place. Refused with status 8 by a server without posix-rename@openssh.com. */
  renameOver(from: string, to: string, signal: AbortSignal): Promise<NameChange>;
  /** A file's name; a server refuses it for a folder. */
  remove(path: string, signal: AbortSignal): Promise<NameChange>;
  makeFolder(path: string, signal: AbortSignal): Promise<NameChange>;
  /** Makes a file of 0 bytes. Refused where the name is taken. */
  makeEmptyFile(path: string, signal: AbortSignal): Promise<NameChange>;
}
