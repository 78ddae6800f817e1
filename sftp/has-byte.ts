import { SftpRequestFailedError, SftpRequestRefusedError } from '../transfer/errors.ts';
import { type AskServer, withOpenFile } from './ask-server.ts';
import { readIntoBuffer } from './ssh2-internals/read-bytes.ts';

/**
 * Reads whether the file has a byte at `position`; what STAT says of its size is not asked. One OPEN, one READ.
 *
 * Some servers answer FAILURE, or OK and no bytes, where they mean the end of the file. Then the byte before is read
 * together with the one in question: a single byte is the proof.
 * @throws SourceNotFoundError | SourcePermissionError and what other statuses come to
 */
export function hasByteAt(ask: AskServer, path: string, position: number): Promise<boolean> {
  return withOpenFile(ask, path, async (handle) => {
    const read = (at: number, lengthBytes: number): Promise<number> =>
      ask<number>((sftp, done) => readIntoBuffer(sftp, handle, Buffer.alloc(lengthBytes), at, done));
    try {
      return (await read(position, 1)) > 0;
    } catch (error) {
      const isUnclear = error instanceof SftpRequestFailedError || error instanceof SftpRequestRefusedError;
      if (!isUnclear || position === 0) throw error;
      const found = await read(position - 1, 2).catch(() => 0);
      if (found === 0) throw error;
      return found === 2;
    }
  });
}
