import {
  isPartnerLost,
  SftpRequestRefusedError,
  SourceNotFoundError,
  SourcePermissionError,
  TransferError,
} from '../errors.ts';
import { assertRegularFile, type FileLooks, type FileStat, proveEnd } from '../source-file.ts';

/** Resolves and stats the file, see `statResolved`. */
export async function locateFile(
  session: Pick<FileLooks, 'realpath' | 'stat'>,
  requestedPath: string,
  signal: AbortSignal,
): Promise<{ path: string; stat: FileStat }> {
  return statResolved(session, await session.realpath(requestedPath, signal), requestedPath, signal);
}

/**
 * Stats the file by its resolved path. Where that leads nowhere, or to a folder instead of the file, the path as it was
 * given is taken: resolving is a help, not a condition.
 * @throws as the session's `stat`, of the resolved path
 */
export async function statResolved(
  session: Pick<FileLooks, 'stat'>,
  path: string,
  requestedPath: string,
  signal: AbortSignal,
): Promise<{ path: string; stat: FileStat }> {
  try {
    const stat = await session.stat(path, signal);
    if (path === requestedPath || stat.kind !== 'directory') return { path, stat };
    // A server that resolves folders only may answer with another one.
    const asked = await session.stat(requestedPath, signal).catch((second: unknown) => {
      if (!(second instanceof TransferError) || isPartnerLost(second)) throw second;
    });
    return asked?.kind === 'file' ? { path: requestedPath, stat: asked } : { path, stat };
  } catch (error) {
    if (path === requestedPath || !isAboutThePath(error)) throw error;
    const stat = await session.stat(requestedPath, signal).catch((second: unknown) => {
      throw second instanceof TransferError ? error : second;
    });
    return { path: requestedPath, stat };
  }
}

/**
 * A folder or a device is refused. What the server does not call a file has to open and to read like one; what it
 * calls empty has to be: a read there finds nothing.
 * @throws SourceNotAFileError | SourceChangedError, and the errors of the session
 */
export async function assertReadable(
  path: string,
  stat: FileStat,
  session: Pick<FileLooks, 'hasByteAt'>,
  signal: AbortSignal,
): Promise<void> {
  assertRegularFile(path, stat);
  if (stat.sizeBytes === 0) await proveEnd(path, 0, session, signal);
  else if (stat.kind === 'unknown') await session.hasByteAt(path, 0, signal);
}

function isAboutThePath(error: unknown): boolean {
  return (
    error instanceof SourceNotFoundError ||
    error instanceof SourcePermissionError ||
    error instanceof SftpRequestRefusedError
  );
}
