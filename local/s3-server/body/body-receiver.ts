import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { AwsChunkedDecoder } from './aws-chunked-decoder.ts';
import type { BodyPromise } from './body-headers.ts';
import { type Measured, type MeterOptions, PayloadMeter } from './payload-meter.ts';

/** A payload that lies whole and verified in a temporary file. */
export interface ReceivedBody extends Measured {
  path: string;
  sizeBytes: number;
}

/** Large enough that a 64 KiB socket read does not become a file write each. */
const WRITE_BUFFER_BYTES = 1024 ** 2;

/**
 * Streams a request's payload into the new file `path` and holds it against what its headers and trailer promise.
 * Leaves no file behind on failure.
 * @throws S3Error IncompleteBody, or what `AwsChunkedDecoder` and `PayloadMeter.verify` refuse
 */
export async function receiveBody(
  source: Readable,
  promise: BodyPromise,
  path: string,
  options: MeterOptions,
  signal: AbortSignal,
): Promise<ReceivedBody> {
  const decoder = promise.isAwsChunked ? new AwsChunkedDecoder() : undefined;
  const meter = new PayloadMeter(promise, options);
  const file = createWriteStream(path, { flags: 'wx', highWaterMark: WRITE_BUFFER_BYTES });
  try {
    // The iterator keeps the pipeline from destroying the request: its connection must carry the answer, and go on.
    const bytes = source.iterator({ destroyOnReturn: false });
    if (decoder === undefined) await pipeline(bytes, meter, file, { signal });
    else await pipeline(bytes, decoder, meter, file, { signal });
    return { path, sizeBytes: promise.sizeBytes, ...meter.verify(decoder?.trailers) };
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  }
}
