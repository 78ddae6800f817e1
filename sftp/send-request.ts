import { SftpConnectionError, SftpStalledError } from '../transfer/errors.ts';
import type { SftpConnection } from './connect/attempt-connection.ts';
import { IdleWatchdog } from './read/idle-watchdog.ts';
import { answeredWithout, toSourceError } from './source-errors.ts';
import { hasChannelEnded } from './ssh2-internals/channel-end.ts';

export interface RequestScene {
  url: string;
  /** What the request is about, for messages. */
  path: string;
  idleTimeoutMs: number;
  signal: AbortSignal;
}

/**
 * Sends one SFTP request and waits for its answer.
 * @param send starts it; ssh2 calls `done` with the answer, or when the connection ends while it waits
 * @throws the signal's reason; what `toSourceError` makes of a status; SftpRequestRefusedError for an OK without an
 *   answer; SftpConnectionError, also where the server has ended the channel; SftpStalledError without an answer in time
 */
export function sendRequest<T>(
  { sftp, socket, monitor }: Pick<SftpConnection, 'sftp' | 'socket' | 'monitor'>,
  { url, path, idleTimeoutMs, signal }: RequestScene,
  send: (done: (error: Error | undefined | null, answer: T | undefined) => void) => void,
): Promise<T> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      reject(signal.reason);
      return;
    }
    if (socket.destroyed) {
      reject(closedConnection(url));
      return;
    }
    if (hasChannelEnded(sftp)) {
      reject(new SftpConnectionError(`${url} has closed the SFTP channel`));
      return;
    }
    const onAbort = () => end(() => reject(signal.reason));
    const watchdog = new IdleWatchdog(
      idleTimeoutMs,
      () => {
        const waited = `${url} did not answer about ${path} within ${idleTimeoutMs} ms`;
        end(() => reject(new SftpStalledError(waited)));
      },
      () => monitor.silentMs(),
    );
    watchdog.feed();
    const end = (settle: () => void): void => {
      watchdog.disarm();
      signal.removeEventListener('abort', onAbort);
      settle();
    };
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      send((error, answer) =>
        end(() => {
          if (error) reject(toSourceError(path, error));
          else if (answer === undefined) reject(answeredWithout('what was asked for', path));
          else resolve(answer);
        }),
      );
    } catch (error) {
      // ssh2 throws what it does not send: nothing is waited for.
      end(() => reject(error));
    }
  });
}

export function closedConnection(url: string): SftpConnectionError {
  return new SftpConnectionError(`the connection to ${url} is closed`);
}
