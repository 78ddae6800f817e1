import { type Command, InvalidArgumentError } from 'commander';
import { DEFAULT_CHUNK_SIZE_BYTES, DEFAULT_MAX_CONCURRENCY } from '../../transfer/defaults.ts';
import {
  S3_MAX_PART_SIZE_BYTES,
  S3_MIN_PART_SIZE_BYTES,
  STEP_FUNCTIONS_MAX_INLINE_MAP_CONCURRENCY,
} from '../../transfer/limits.ts';
import { formatSize, parseSize } from '../format/sizes.ts';

export interface TransferTuning {
  chunkSize: number;
  maxConcurrency: number;
  report?: string;
}

/** The options that every command that transfers has. */
export function addTuningOptions(
  command: Command,
  report = 'write an HTML page about the transfer: timeline, slowest chunks, errors',
): Command {
  return command
    .option(
      '--chunk-size <size>',
      'bytes that one connection reads and one S3 part holds, such as 64MiB',
      sizeBetween(S3_MIN_PART_SIZE_BYTES, S3_MAX_PART_SIZE_BYTES),
      DEFAULT_CHUNK_SIZE_BYTES,
    )
    .option(
      '--max-concurrency <count>',
      'chunks, and so connections, at a time',
      countBetween(1, STEP_FUNCTIONS_MAX_INLINE_MAP_CONCURRENCY),
      DEFAULT_MAX_CONCURRENCY,
    )
    .option('--report <file>', report);
}

/** Whether nobody has said how large the chunks are to be. */
export function evensChunks(command: Command): boolean {
  return command.getOptionValueSource('chunkSize') === 'default';
}

/** A commander argument parser for sizes within bounds, both included. */
export function sizeBetween(low: number, high: number): (text: string) => number {
  return (text) => {
    const bytes = parseSize(text);
    if (bytes === undefined || bytes < low || bytes > high)
      throw new InvalidArgumentError(`It must be a size from ${formatSize(low)} to ${formatSize(high)}.`);
    if (!Number.isInteger(bytes)) throw new InvalidArgumentError('It is not a whole number of bytes.');
    return bytes;
  };
}

/** A commander argument parser for whole numbers within bounds, both included. */
export function countBetween(low: number, high: number): (text: string) => number {
  return (text) => {
    const count = /^\d+$/.test(text) ? Number(text) : Number.NaN;
    if (count >= low && count <= high) return count;
    throw new InvalidArgumentError(`It must be a whole number from ${low} to ${high}.`);
  };
}
