import type { FileHandle } from 'node:fs/promises';
import type { Socket } from 'node:net';
import ssh2, { type SFTPWrapper } from 'ssh2';
import { SFTP_MAX_READ_BYTES } from '../../transfer/limits.ts';
import type { SftpServerHooks } from './hooks.ts';
import type { OpenFile } from './open-handles.ts';
import { statusOf } from './status.ts';

const { STATUS_CODE } = ssh2.utils.sftp;

/**
 * Makes the answer to READ. Reads are positioned, run side by side, and may be answered in another order than asked,
 * as the protocol allows.
 */
export function createReader(
  sftp: SFTPWrapper,
  { connectionNumber, socket, hooks }: { connectionNumber: number; socket: Socket; hooks: SftpServerHooks },
): (id: number, opened: OpenFile, offsetBytes: number, requestedBytes: number) => void {
  const send = (id: number, opened: OpenFile, data: Buffer | undefined): void => {
    if (data === undefined) {
      sftp.status(id, STATUS_CODE.EOF);
      return;
    }
    corkUntilImmediate(socket);
    sftp.data(id, data);
    hooks.onEvent?.({ kind: 'bytes-served', connectionNumber, path: opened.path, bytes: data.length });
  };

  return (id, opened, offsetBytes, requestedBytes) => {
    const lengthBytes = Math.min(requestedBytes, SFTP_MAX_READ_BYTES);
    const { path, systemPath } = opened;
    const read = (length: number) => readAt(opened.file, offsetBytes, Math.min(length, SFTP_MAX_READ_BYTES));
    const data = hooks.read
      ? hooks.read({ connectionNumber, path, systemPath, offsetBytes, lengthBytes }, read)
      : read(lengthBytes);
    data.then(
      (bytes) => send(id, opened, bytes),
      (error: Error) => sftp.status(id, statusOf(error), error.message),
    );
  };
}

/** ssh2 writes each packet in three pieces; together they go out in one system call, several answers at a time. */
function corkUntilImmediate(socket: Socket): void {
  if (socket.writableCorked > 0) return;
  socket.cork();
  setImmediate(() => socket.uncork());
}

/** Undefined is the end of the file. The handle stays open until its reads are done, even if the client closes it. */
async function readAt(
  file: FileHandle,
  offsetBytes: number,
  lengthBytes: number,
): Promise<Buffer | undefined> {
  const { buffer, bytesRead } = await file.read(Buffer.allocUnsafe(lengthBytes), 0, lengthBytes, offsetBytes);
  return bytesRead === 0 ? undefined : buffer.subarray(0, bytesRead);
}
