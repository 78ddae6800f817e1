import { DEFAULT_MAX_BYTES_IN_FLIGHT } from '../sftp/read/open-file.ts';
import { MIB } from '../transfer/text/units.ts';

/** What a connection of a local transfer gets at least: 80 MiB/s at a round trip of 50 ms. */
const MIN_BYTES_IN_FLIGHT = 4 * MIB;

/**
 * How many bytes each connection of a local transfer may have in flight. On AWS each has a function's memory for
 * itself; here all of them share one process, and one budget. More would not be faster: a process that cannot keep up lets
 * the server's own buffers grow, and OpenSSH then spends its time on moving them. 512 MiB over 8
 * or 16 connections came more than twice as fast with 4 MiB for each as with 32 MiB.
 */
export function bytesInFlightPerConnection(maxConcurrency: number): number {
  return Math.max(MIN_BYTES_IN_FLIGHT, Math.floor(DEFAULT_MAX_BYTES_IN_FLIGHT / maxConcurrency));
}
