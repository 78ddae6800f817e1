import { SftpConnectionError, SftpStalledError } from '../transfer/errors.ts';
import type { SftpConnection } from './connect/attempt-connection.ts';
import { toSourceError } from './source-errors.ts';

/**
 * Sends one SFTP request and waits for its answer.
 * @param send starts it; ssh2 calls `done` with the answer, or when the connection ends while it waits
 * @throws SourceNotFoundError | SourcePermissionError | SftpConnectionError; SftpStalledError without an answer in
 *   time (ssh2 never answers what is sent on a closed channel)
 */
export function sendRequest<T>(
  { socket }: SftpConnection,
  { url, path, idleTimeoutMs }: { url: string; path: string; idleTimeoutMs: number },
  send: (done: (error: Error | undefined | null, answer: T) => void) => void,
): Promise<T> {
  return new Promise((resolve, reject) => {
    if (socket.destroyed) {
      reject(closedConnection(url));
      return;
    }
    const timer = setTimeout(() => {
      reject(new SftpStalledError(`${url} did not answer about ${path} within ${idleTimeoutMs} ms`));
    }, idleTimeoutMs);
    send((error, answer) => {
      clearTimeout(timer);
      if (error) reject(toSourceError(path, error));
      else resolve(answer);
    });
  });
}

export function closedConnection(url: string): SftpConnectionError {
  return new SftpConnectionError(`the connection to ${url} is closed`);
}
