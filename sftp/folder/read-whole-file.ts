import type { SFTPWrapper, Stats } from 'ssh2';
import { SourceChangedError } from '../../transfer/errors.ts';
import type { FileStat } from '../../transfer/source-file.ts';
import { counted } from '../../transfer/text/counted.ts';
import { type AskServer, withOpenFile } from '../ask-server.ts';
import { toFileStat } from '../file-stat.ts';
import { wasAnswered } from '../source-errors.ts';
import { readBytes } from '../ssh2-internals/read-bytes.ts';
import { allowReadsOf } from '../ssh2-internals/read-limit.ts';
import { statFile } from '../stat-file.ts';

/** Reads of one file under way at a time. */
const MAX_READS_IN_FLIGHT = 16;

interface SmallFile {
  /** Of the server, for messages. */
  url: string;
  path: string;
  expectedBytes: number;
  /** Largest read that the server serves. */
  maxReadBytes: number;
}

/** See FolderOperations.readWhole: two round trips for a file of one read. */
export function readWholeFile(ask: AskServer, file: SmallFile): Promise<{ bytes: Buffer; stat: FileStat }> {
  const { path, expectedBytes, maxReadBytes } = file;
  return withOpenFile(ask, path, async (handle) => {
    const bytes = Buffer.allocUnsafe(expectedBytes);
    const readAt: ReadAt = (lengthBytes, position) =>
      ask<Buffer>((sftp, done) => {
        allowReadsOf(sftp, maxReadBytes);
        readBytes(sftp as SFTPWrapper, handle, lengthBytes, position, done);
      });
    const [stat] = await Promise.all([
      statOpen(ask, file, handle),
      readPieces(readAt, file, bytes),
      assertEnd(readAt, file),
    ]);
    if (stat.sizeBytes !== expectedBytes) throw changed(file, counted(stat.sizeBytes, 'byte'));
    return { bytes, stat };
  });
}

/** Of the open file; of its path where the server has no FSTAT, or says less there than in its listing. */
async function statOpen(ask: AskServer, { url, path }: SmallFile, handle: Buffer): Promise<FileStat> {
  try {
    const stats = await ask<Stats>((sftp, done) => sftp.fstat(handle, done));
    if (stats.mtime !== undefined) return toFileStat(url, path, stats);
  } catch (error) {
    if (!wasAnswered(error)) throw error;
  }
  return statFile(ask, url, path);
}

type ReadAt = (lengthBytes: number, position: number) => Promise<Buffer>;

/** Fills `bytes` from the file's beginning. */
async function readPieces(readAt: ReadAt, file: SmallFile, bytes: Buffer): Promise<void> {
  let nextByte = 0;
  const readOn = async (): Promise<void> => {
    while (nextByte < bytes.length) {
      const startByte = nextByte;
      nextByte = Math.min(bytes.length, startByte + file.maxReadBytes);
      await readPiece(readAt, file, bytes.subarray(startByte, nextByte), startByte);
    }
  };
  await Promise.all(Array.from({ length: MAX_READS_IN_FLIGHT }, readOn));
}

/** A server may give less than it was asked for. */
async function readPiece(readAt: ReadAt, file: SmallFile, piece: Buffer, startByte: number): Promise<void> {
  for (let filled = 0; filled < piece.length; ) {
    const got = await readAt(piece.length - filled, startByte + filled);
    if (got.length === 0) throw changed(file, counted(startByte + filled, 'byte'));
    got.copy(piece, filled);
    filled += got.length;
  }
}

async function assertEnd(readAt: ReadAt, file: SmallFile): Promise<void> {
  if ((await readAt(1, file.expectedBytes)).length > 0) throw changed(file, 'more');
}

function changed({ path, expectedBytes }: SmallFile, found: string): SourceChangedError {
  return new SourceChangedError(
    `${path} changed since it was listed: ${counted(expectedBytes, 'byte')} then, ${found} now`,
  );
}
