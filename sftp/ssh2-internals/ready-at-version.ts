import type { SFTPWrapper } from 'ssh2';

interface WaitingRequest {
  extended?: string;
  cb?: (...answer: unknown[]) => void;
}

/** Fields of ssh2 1.17 that it does not document (lib/protocol/SFTP.js). */
type Ssh2SftpChannel = SFTPWrapper & {
  push?: (data: Buffer | null) => unknown;
  /** -1 before the server has said its own. */
  _version?: number;
  _requests?: Record<number, WaitingRequest>;
};

/** What waits for the limits of a channel that has asked for them. */
const waitingForLimits = new WeakMap<SFTPWrapper, (() => void)[]>();

/**
 * Lets a new channel be ready once the server has said its SFTP version. ssh2 then asks a server that announces
 * `limits@openssh.com` for its limits, and is ready a round trip later; requests do not have to wait for that. Other
 * versions of ssh2 are left as they are.
 */
export function readyAtVersion(channel: SFTPWrapper): void {
  const sftp = channel as Ssh2SftpChannel;
  const push = sftp.push;
  if (typeof push !== 'function' || sftp._version !== -1) return;
  sftp.push = (data) => {
    const wantsMore = push.call(sftp, data);
    if (sftp._version !== -1) {
      delete sftp.push; // the method of the class is back
      const limits = Object.values(sftp._requests ?? {}).find(({ extended }) =>
        extended?.startsWith('limits@'),
      );
      if (limits !== undefined) {
        watchAnswer(sftp, limits);
        sftp.emit('ready');
      }
    }
    return wantsMore;
  };
}

/**
 * Calls back, synchronously, when ssh2 has noted the limits that the server answers with, or when the channel is gone.
 * @returns false when no answer is awaited; then it never calls back
 */
export function onceLimitsAnswered(sftp: SFTPWrapper, callback: () => void): boolean {
  const waiting = waitingForLimits.get(sftp);
  waiting?.push(callback);
  return waiting !== undefined;
}

function watchAnswer(sftp: SFTPWrapper, request: WaitingRequest): void {
  const waiting: (() => void)[] = [];
  waitingForLimits.set(sftp, waiting);
  const { cb } = request;
  request.cb = (...answer) => {
    cb?.(...answer);
    waitingForLimits.delete(sftp);
    for (const callback of waiting) callback();
  };
}
