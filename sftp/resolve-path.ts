import type { AskServer } from './ask-server.ts';
import { wasAnswered } from './source-errors.ts';

/** What a decoder puts where bytes are not UTF-8: the name is lost, and sent back it is another one. */
const LOST_BYTES = '\ufffd';

/**
 * The path as the server resolves it, or as it was given where REALPATH is of no use: some servers do not have it, or
 * have it for folders only, or answer nothing, something relative, or a name in which bytes were lost. Whether there is
 * such a file is for STAT to say.
 * @throws SftpConnectionError | SftpStalledError | the signal's reason
 */
export async function resolvePath(ask: AskServer, path: string): Promise<string> {
  try {
    const answer = await ask<string>((sftp, done) => sftp.realpath(path, done));
    return answer.startsWith('/') && !answer.includes(LOST_BYTES) ? withoutTrailingSlash(answer) : path;
  } catch (error) {
    if (wasAnswered(error)) return path;
    throw error;
  }
}

function withoutTrailingSlash(path: string): string {
  return path === '/' ? path : path.replace(/\/+$/, '') || '/';
}
