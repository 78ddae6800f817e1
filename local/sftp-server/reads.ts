import { read as readFile } from 'node:fs';
import ssh2, { type SFTPWrapper } from 'ssh2';
import type { SftpServerHooks } from './hooks.ts';
import type { OpenFile } from './open-handles.ts';
import { statusOf } from './status.ts';

const { STATUS_CODE } = ssh2.utils.sftp;

/** Most bytes in one answer: what OpenSSH serves (256 KiB packets less 1 KiB), and what ssh2 as a client takes. */
export const MAX_READ_BYTES = 261_120;

/**
 * Makes the answer to READ. Reads are positioned, run side by side, and may be answered in another order than asked,
 * as the protocol allows.
 */
export function createReader(
  sftp: SFTPWrapper,
  { connectionNumber, hooks }: { connectionNumber: number; hooks: SftpServerHooks },
): (id: number, opened: OpenFile, offsetBytes: number, requestedBytes: number) => void {
  const send = (id: number, opened: OpenFile, data: Buffer | undefined): void => {
    if (data === undefined) {
      sftp.status(id, STATUS_CODE.EOF);
      return;
    }
    sftp.data(id, data);
    hooks.onEvent?.({ kind: 'bytes-served', connectionNumber, path: opened.path, bytes: data.length });
  };

  return (id, opened, offsetBytes, requestedBytes) => {
    const lengthBytes = Math.min(requestedBytes, MAX_READ_BYTES);
    if (hooks.read === undefined) {
      readAt(opened.file.fd, offsetBytes, lengthBytes, (error, data) => {
        if (error) sftp.status(id, statusOf(error), error.message);
        else send(id, opened, data);
      });
      return;
    }
    const request = {
      connectionNumber,
      path: opened.path,
      systemPath: opened.systemPath,
      offsetBytes,
      lengthBytes,
    };
    hooks
      .read(request, (length) => readAtAsync(opened.file.fd, offsetBytes, Math.min(length, MAX_READ_BYTES)))
      .then(
        (data) => send(id, opened, data),
        (error: Error) => sftp.status(id, statusOf(error), error.message),
      );
  };
}

type ReadCallback = (error: Error | null, data: Buffer | undefined) => void;

/** Undefined data is the end of the file. */
function readAt(descriptor: number, offsetBytes: number, lengthBytes: number, done: ReadCallback): void {
  const buffer = Buffer.allocUnsafe(lengthBytes);
  readFile(descriptor, buffer, 0, lengthBytes, offsetBytes, (error, bytesRead) => {
    if (error) done(error, undefined);
    else done(null, bytesRead === 0 ? undefined : buffer.subarray(0, bytesRead));
  });
}

function readAtAsync(
  descriptor: number,
  offsetBytes: number,
  lengthBytes: number,
): Promise<Buffer | undefined> {
  return new Promise((resolve, reject) => {
    readAt(descriptor, offsetBytes, lengthBytes, (error, data) => (error ? reject(error) : resolve(data)));
  });
}
