import { counted } from '../../transfer/text/counted.ts';
import { countOf, formatDuration, formatRate } from '../format/numbers.ts';

/** A transfer that ended well. */
export interface LandedTransfer {
  bucket: string;
  key: string;
  sizeBytes: number;
  chunkCount: number;
  seconds: number;
  bytesPerSecond: number;
  /** Unknown where nobody counted. */
  retries?: number;
  /** Connections that broke in the middle of a chunk, and were made again. */
  reconnects?: number;
  /** Base64; null or absent when the store shows none. */
  checksumCrc64Nvme?: string | null | undefined;
}

/** Where the object is, how long it took, and its checksum, in three lines. */
export function describeLanded(landed: LandedTransfer): string {
  const { bucket, key, sizeBytes, chunkCount, seconds, bytesPerSecond, retries, reconnects = 0 } = landed;
  const figures = [
    `${counted(sizeBytes, 'byte')} in ${countOf(chunkCount, 'chunk')}`,
    formatDuration(seconds),
    formatRate(bytesPerSecond),
    ...(retries === undefined ? [] : [countOf(retries, 'retry', 'retries')]),
    ...(reconnects === 0 ? [] : [countOf(reconnects, 'reconnect')]),
  ];
  return [
    `Landed: s3://${bucket}/${key}`,
    `  ${figures.join(', ')}`,
    `  CRC64NVME ${landed.checksumCrc64Nvme ?? 'not shown by the store'}`,
  ].join('\n');
}
