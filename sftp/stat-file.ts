import type { Stats } from 'ssh2';
import { SourceNotFoundError } from '../transfer/errors.ts';
import type { FileStat } from '../transfer/source-file.ts';
import { type AskServer, withOpenFile } from './ask-server.ts';
import { toFileStat } from './file-stat.ts';
import { wasAnswered } from './source-errors.ts';

/**
 * What the server says of a file, links followed. Where it has no STAT, or no size in it, LSTAT is asked, which is the
 * same for what is not a link; then FSTAT on the opened file.
 * @throws SourceNotFoundError from any of them, or what STAT's own answer comes to, when none of them helps
 */
export async function statFile(ask: AskServer, url: string, path: string): Promise<FileStat> {
  try {
    return toFileStat(url, path, await ask<Stats>((sftp, done) => sftp.stat(path, done)));
  } catch (error) {
    if (error instanceof SourceNotFoundError || !wasAnswered(error)) throw error;
    return (
      (await orUndefined(() => lstatNoLink(ask, url, path))) ??
      (await orUndefined(() => fstat(ask, url, path))) ??
      Promise.reject(error)
    );
  }
}

/** Undefined for a link, of which LSTAT shows the wrong size. */
async function lstatNoLink(ask: AskServer, url: string, path: string): Promise<FileStat | undefined> {
  const stat = toFileStat(url, path, await ask<Stats>((sftp, done) => sftp.lstat(path, done)));
  return stat.kind === 'file' || stat.kind === 'directory' ? stat : undefined;
}

function fstat(ask: AskServer, url: string, path: string): Promise<FileStat> {
  return withOpenFile(ask, path, async (handle) =>
    toFileStat(url, path, await ask<Stats>((sftp, done) => sftp.fstat(handle, done))),
  );
}

async function orUndefined<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof SourceNotFoundError || !wasAnswered(error)) throw error;
    return undefined;
  }
}
