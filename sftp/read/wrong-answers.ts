import { SftpConnectionError, SourceChangedError } from '../../transfer/errors.ts';
import type { Piece } from './reorder-buffer.ts';

/** A server may answer with less than a read asks for, never with more. */
export function answeredTooMuch(
  path: string,
  answeredBytes: number,
  askedBytes: number,
): SftpConnectionError {
  return new SftpConnectionError(
    `the server broke the protocol while reading ${path}: ${answeredBytes} bytes for a read of ${askedBytes}`,
  );
}

/** No bytes came for what is missing of a piece: the file ends there, or before. */
export function endedEarly(path: string, { range, startByte, answeredBytes }: Piece): SourceChangedError {
  const end = startByte + answeredBytes;
  return new SourceChangedError(
    `${path} ends at byte ${end} or before, but byte ${range.endByte} was planned`,
  );
}
