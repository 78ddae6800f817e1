import { S3Error } from '../s3-error.ts';

/** `startByte` inclusive, `endByte` exclusive. */
export interface ByteRange {
  startByte: number;
  endByte: number;
}

/**
 * Parses a Range header against an object's size. Undefined means the whole object: no header, or one that is not a
 * single range of bytes, which S3 ignores.
 * @throws S3Error InvalidRange when no byte of the object lies in the range
 */
export function parseRange(header: string | undefined, sizeBytes: number): ByteRange | undefined {
  const match = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header?.trim() ?? '');
  if (match === null) return undefined;
  const [, first = '', last = ''] = match;
  if (first === '' && last === '') return undefined;
  if (first !== '' && last !== '' && Number(last) < Number(first)) return undefined;
  const startByte = first === '' ? Math.max(0, sizeBytes - Number(last)) : Number(first);
  const endByte = first === '' || last === '' ? sizeBytes : Math.min(sizeBytes, Number(last) + 1);
  if (startByte >= endByte) {
    throw new S3Error('InvalidRange', 'The requested range is not satisfiable', {
      ActualObjectSize: sizeBytes,
    });
  }
  return { startByte, endByte };
}
