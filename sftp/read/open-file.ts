import { Readable } from 'node:stream';
import type { Stats } from 'ssh2';
import { DEFAULT_MAX_CHANNELS } from '../../transfer/defaults.ts';
import { SftpStalledError } from '../../transfer/errors.ts';
import { counted } from '../../transfer/text/counted.ts';
import { MIB } from '../../transfer/text/units.ts';
import { LearnedLimits } from '../learned-limits.ts';
import type { ReadStats } from '../ports.ts';
import { DEFAULT_IDLE_TIMEOUT_MS } from '../settings.ts';
import { toSourceError } from '../source-errors.ts';
import { ChannelPool, type LentConnection } from './channel-pool.ts';
import { IdleWatchdog } from './idle-watchdog.ts';
import type { RangeRead } from './range-queue.ts';
import { ReadPipeline } from './read-pipeline.ts';

/** Bounds memory. Two full pipes of 160 MiB/s at a round trip of 100 ms. */
export const DEFAULT_MAX_BYTES_IN_FLIGHT = 32 * MIB;

/** How long closing waits for the server to confirm that files and channels are closed. */
const CLOSE_TIMEOUT_MS = 5_000;

export interface OpenFileOptions {
  /** Largest read that the server says it serves, in bytes. */
  maxReadBytes: number;
  /** About how much will be read over all ranges, in bytes. @default what is asked for */
  expectedBytes?: number;
  /** Connections that read over the same line at a time, this one included. @default 1 */
  lineSharedBy?: number;
  /** @default DEFAULT_MAX_CHANNELS */
  maxChannels?: number;
  /** Bound on all bytes asked for, out of order, or with the consumers. @default DEFAULT_MAX_BYTES_IN_FLIGHT */
  maxBytesInFlight?: number;
  /** @default DEFAULT_IDLE_TIMEOUT_MS */
  idleTimeoutMs?: number;
  /** What was learned of this server. @default nothing, and what this file learns is forgotten */
  learned?: LearnedLimits;
  /** How long the connection has brought no byte. @default as long as there was no answer */
  silentMs?: () => number;
}

/**
 * One file, open on one SFTP channel of a connection, or on several where one carries too little. Handle, channels
 * and window live as long as the file is open: a range starts at the speed that the one before has reached.
 */
export class OpenFile {
  readonly #connection: LentConnection;
  readonly #path: string;
  readonly #learned: LearnedLimits;
  readonly #signal: AbortSignal;
  readonly #watchdog: IdleWatchdog;
  readonly #pool: ChannelPool;
  readonly #pipeline: ReadPipeline;
  readonly #opened = Promise.withResolvers<void>();
  readonly #streams = new Set<RangeStream>();
  readonly #startedAtMs = performance.now();
  #roundTripMs = 0;
  /** Why nothing more can be read. */
  #failure: Error | undefined;
  #closed: Promise<ReadStats> | undefined;

  private constructor(
    connection: LentConnection,
    path: string,
    options: OpenFileOptions,
    signal: AbortSignal,
  ) {
    this.#connection = connection;
    this.#path = path;
    this.#signal = signal;
    const { idleTimeoutMs = DEFAULT_IDLE_TIMEOUT_MS, learned = new LearnedLimits(), silentMs } = options;
    this.#learned = learned;
    this.#watchdog = new IdleWatchdog(idleTimeoutMs, () => this.#onIdle(idleTimeoutMs), silentMs);
    this.#pool = new ChannelPool(connection, path, {
      onJoined: (channel) => {
        if (this.#roundTripMs === 0) {
          // OPEN is answered. From the first read on the pipeline watches: a further channel must not end that.
          this.#roundTripMs = performance.now() - this.#startedAtMs;
          this.#watchdog.disarm();
        }
        this.#pipeline.onJoined(channel, this.#roundTripMs);
        this.#opened.resolve();
      },
      onLost: (channel, cause) => {
        if (this.#pool.size === 0) this.#onConnectionLost(cause);
        else this.#pipeline.onLost(channel);
      },
      onError: (error) => this.#fail(error),
    });
    this.#pipeline = new ReadPipeline(path, this.#pool, this.#watchdog, {
      maxReadBytes: Math.min(options.maxReadBytes, learned.maxReadBytes),
      maxChannels: Math.min(options.maxChannels ?? DEFAULT_MAX_CHANNELS, learned.maxChannels),
      maxBytesInFlight: options.maxBytesInFlight ?? DEFAULT_MAX_BYTES_IN_FLIGHT,
      expectedBytes: options.expectedBytes ?? 0,
      lineSharedBy: options.lineSharedBy ?? 1,
      learned,
      onError: (error) => this.#fail(error),
    });
  }

  /** Sends OPEN; reads may be asked for at once, and `opened` settles with the answer. */
  static begin(
    connection: LentConnection,
    path: string,
    options: OpenFileOptions,
    signal: AbortSignal,
  ): OpenFile {
    const file = new OpenFile(connection, path, options, signal);
    file.#begin();
    return file;
  }

  /** @throws what OPEN's answer means, SftpConnectionError, SftpStalledError, or the signal's reason */
  get opened(): Promise<void> {
    return this.#opened.promise;
  }

  /** See OpenSftpFile. @param afterwards runs before the stream's `close`, however it ended */
  read(
    { startByte, endByte }: { startByte: number; endByte: number },
    afterwards: () => Promise<void> = async () => {},
  ): Readable {
    const stream = new RangeStream(this.#pipeline, startByte, endByte, () => {
      this.#streams.delete(stream);
      return afterwards();
    });
    if (this.#failure !== undefined) {
      stream.destroy(this.#failure);
      return stream;
    }
    this.#streams.add(stream);
    stream.begin();
    return stream;
  }

  /** Asks for the attributes of this very file. ssh2 calls `done` with the answer, or when the channel ends. */
  fstat(done: (error: Error | undefined, stats: Stats) => void): void {
    const { first } = this.#pool;
    if (first === undefined) done(new Error(`${this.#path} is not open`), {} as Stats);
    else first.fstat(done);
  }

  /** See OpenSftpFile; after a failure, closing is asked for but not waited for. */
  close(): Promise<ReadStats> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  #begin(): void {
    // Whoever does not ask for it learns of it by the streams.
    this.#opened.promise.catch(() => {});
    const { client } = this.#connection;
    client.on('error', this.#onConnectionLost).on('close', this.#onConnectionLost);
    this.#signal.addEventListener('abort', this.#onAbort);
    if (this.#signal.aborted) {
      this.#onAbort();
      return;
    }
    this.#watchdog.feed();
    this.#pool.openFirst();
  }

  async #close(): Promise<ReadStats> {
    const failed = this.#failure !== undefined;
    this.#end(new Error(`${this.#path} was closed`));
    const stats: ReadStats = {
      ...this.#pipeline.stats(),
      durationMs: performance.now() - this.#startedAtMs,
      roundTripMs: this.#roundTripMs,
      channels: this.#pool.mostCount,
      refusedChannels: this.#pool.refusedCount,
    };
    await this.#pool.close(failed ? 0 : CLOSE_TIMEOUT_MS);
    return stats;
  }

  #fail(error: Error): void {
    if (this.#failure === undefined) this.#end(error);
  }

  /** Nothing is read any more, and nobody is listened to. */
  #end(reason: Error): void {
    this.#failure ??= reason;
    this.#signal.removeEventListener('abort', this.#onAbort);
    const { client } = this.#connection;
    client.removeListener('error', this.#onConnectionLost).removeListener('close', this.#onConnectionLost);
    this.#watchdog.disarm();
    this.#pipeline.stop();
    this.#opened.reject(this.#failure);
    for (const stream of this.#streams) stream.destroy(this.#failure);
  }

  readonly #onAbort = (): void => {
    this.#fail(this.#signal.reason);
  };

  readonly #onConnectionLost = (cause?: unknown): void => {
    const error = cause instanceof Error ? cause : new Error('the server closed it');
    // Some servers end the whole connection where they should refuse a channel.
    if (this.#pool.hasJustOpenedFurther) this.#learned.maxChannels = 1;
    this.#fail(toSourceError(this.#path, error));
  };

  #onIdle(idleTimeoutMs: number): void {
    const { arrivedBytes } = this.#pipeline;
    const message = `no answer for ${idleTimeoutMs} ms while reading ${this.#path}, after ${counted(arrivedBytes, 'byte')}`;
    this.#fail(new SftpStalledError(message));
  }
}

/** The bytes of one range. The pipeline holds what is ahead; the stream holds no more than what was just pushed. */
class RangeStream extends Readable {
  readonly #pipeline: ReadPipeline;
  readonly #range: RangeRead;
  readonly #onOver: () => Promise<void>;

  constructor(pipeline: ReadPipeline, startByte: number, endByte: number, onOver: () => Promise<void>) {
    super({ highWaterMark: 1 });
    this.#pipeline = pipeline;
    this.#onOver = onOver;
    const sink = {
      push: (bytes: Buffer) => this.push(bytes),
      waitingBytes: () => this.readableLength,
      end: () => this.push(null),
    };
    this.#range = { endByte, sink, nextByte: startByte, sinkWants: false, isCancelled: false };
    // It may fail before anybody listens; whoever awaits it later gets the error.
    this.on('error', () => {});
  }

  begin(): void {
    if (this.#range.nextByte === this.#range.endByte) this.push(null);
    else this.#pipeline.add(this.#range);
  }

  override _read(): void {
    this.#pipeline.resume(this.#range);
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    this.#pipeline.remove(this.#range);
    void this.#onOver().then(() => callback(error));
  }
}
