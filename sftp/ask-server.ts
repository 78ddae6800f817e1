import type { SFTPWrapper } from 'ssh2';

/** Sends one request on a session's first channel, as `sendRequest` does: bounded in time, and with named errors. */
export type AskServer = <T>(
  send: (sftp: SFTPWrapper, done: (error: Error | undefined | null, answer: T | undefined) => void) => void,
) => Promise<T>;

/** Opens `path` for one question, and closes it whatever comes out. The answer to the CLOSE is not waited for. */
export async function withOpenFile<T>(
  ask: AskServer,
  path: string,
  look: (handle: Buffer) => Promise<T>,
): Promise<T> {
  let isOver = false;
  const handle = await ask<Buffer>((sftp, done) =>
    sftp.open(path, 'r', (error, opened) => {
      // An answer that comes after its time still opened a file.
      if (isOver && Buffer.isBuffer(opened)) sftp.close(opened, () => {});
      // ssh2 gives the content of any packet to whoever waits, a name's too.
      done(error, Buffer.isBuffer(opened) ? opened : undefined);
    }),
  ).finally(() => {
    isOver = true;
  });
  try {
    return await look(handle);
  } finally {
    void ask<true>((sftp, done) => sftp.close(handle, (error) => done(error, true))).catch(() => {});
  }
}
