import { Readable } from 'node:stream';
import { SftpStalledError } from '../../transfer/errors.ts';
import { LearnedLimits } from '../learned-limits.ts';
import type { ByteRange, RangeReadStats } from '../ports.ts';
import { toSourceError } from '../source-errors.ts';
import { ChannelPool, type LentConnection } from './channel-pool.ts';
import { IdleWatchdog } from './idle-watchdog.ts';
import { ReadPipeline } from './read-pipeline.ts';

/** Bounds memory. Two full pipes of 160 MiB/s at a round trip of 100 ms. */
export const DEFAULT_MAX_BYTES_IN_FLIGHT = 32 * 1024 ** 2;
/** OpenSSH allows 10 a connection (`MaxSessions`). */
export const DEFAULT_MAX_CHANNELS = 8;
export const DEFAULT_IDLE_TIMEOUT_MS = 30_000;

/** A connection that ends so soon after it was given a further channel ended because of it. */
const CHANNELS_BLAMED_MS = 2_000;

/** How long a finished read waits for the server to confirm that files and channels are closed. */
const CLOSE_TIMEOUT_MS = 5_000;

export interface RangeReadOptions {
  /** Largest read that the server says it serves, in bytes. */
  maxReadBytes: number;
  /** @default DEFAULT_MAX_CHANNELS */
  maxChannels?: number;
  /** Bound on all bytes asked for, out of order, or with the consumer. @default DEFAULT_MAX_BYTES_IN_FLIGHT */
  maxBytesInFlight?: number;
  /** @default DEFAULT_IDLE_TIMEOUT_MS */
  idleTimeoutMs?: number;
  /** What was learned of this server. @default nothing, and what this read learns is forgotten */
  learned?: LearnedLimits;
  /** How long the connection has brought no byte. @default as long as there was no answer */
  silentMs?: () => number;
  /** Called once, when the stream has ended, failed or was destroyed. */
  onSettled?: (stats: RangeReadStats) => void;
}

/**
 * Streams exactly the bytes of `range`, in order and with back pressure. Reads are pipelined on one SFTP channel,
 * or on several of the same connection where one carries too little.
 *
 * The stream fails with SourceNotFoundError, SourcePermissionError, SourceChangedError (the file ended before
 * `range.endByte`, or was replaced), SftpStalledError (no answer for `idleTimeoutMs`), SftpConnectionError, or the
 * signal's reason. `close` follows when every file, and every channel of its own, is closed; after a failure those
 * requests are sent but not waited for.
 */
export function createRangeReadStream(
  connection: LentConnection,
  range: ByteRange,
  options: RangeReadOptions,
  signal: AbortSignal,
): Readable {
  return new RangeReadStream(connection, range, options, signal);
}

class RangeReadStream extends Readable {
  readonly #connection: LentConnection;
  readonly #path: string;
  readonly #signal: AbortSignal;
  readonly #onSettled: ((stats: RangeReadStats) => void) | undefined;
  readonly #watchdog: IdleWatchdog;
  readonly #pool: ChannelPool;
  readonly #pipeline: ReadPipeline;
  readonly #startedAtMs = performance.now();
  readonly #learned: LearnedLimits;
  #roundTripMs = 0;

  constructor(connection: LentConnection, range: ByteRange, options: RangeReadOptions, signal: AbortSignal) {
    const {
      maxReadBytes,
      maxChannels = DEFAULT_MAX_CHANNELS,
      maxBytesInFlight = DEFAULT_MAX_BYTES_IN_FLIGHT,
      idleTimeoutMs = DEFAULT_IDLE_TIMEOUT_MS,
      onSettled,
      silentMs,
      learned = new LearnedLimits(),
    } = options;
    // The pipeline holds what is ahead; the stream itself needs to hold no more than what was just pushed.
    super({ highWaterMark: 1 });
    this.#connection = connection;
    this.#path = range.path;
    this.#signal = signal;
    this.#onSettled = onSettled;
    this.#watchdog = new IdleWatchdog(idleTimeoutMs, () => this.#onIdle(idleTimeoutMs), silentMs);
    this.#pool = new ChannelPool(connection, range.path, {
      onJoined: (channel) => {
        this.#roundTripMs ||= performance.now() - this.#startedAtMs;
        this.#pipeline.onJoined(channel, this.#roundTripMs);
      },
      onLost: (channel, cause) => {
        if (this.#pool.size === 0) this.#onConnectionLost(cause);
        else this.#pipeline.onLost(channel);
      },
      onError: (error) => this.destroy(error),
    });
    const sink = {
      push: (bytes: Buffer) => this.push(bytes),
      waitingBytes: () => this.readableLength,
      end: () => this.push(null),
      fail: (error: Error) => this.destroy(error),
    };
    this.#pipeline = new ReadPipeline(range, this.#pool, sink, this.#watchdog, {
      maxReadBytes: Math.min(maxReadBytes, learned.maxReadBytes),
      maxChannels: Math.min(maxChannels, learned.maxChannels),
      maxBytesInFlight,
      learned,
    });
    this.#learned = learned;
    connection.client.on('error', this.#onConnectionLost).on('close', this.#onConnectionLost);
    signal.addEventListener('abort', this.#onAbort);
    if (signal.aborted) {
      this.#onAbort();
    } else if (range.startByte === range.endByte) {
      this.push(null);
    } else {
      this.#watchdog.feed();
      this.#pool.openFirst();
    }
  }

  override _read(): void {
    this.#pipeline.resume();
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    this.#signal.removeEventListener('abort', this.#onAbort);
    const { client } = this.#connection;
    client.removeListener('error', this.#onConnectionLost).removeListener('close', this.#onConnectionLost);
    this.#watchdog.disarm();
    const stats = this.#stats();
    this.#pipeline.stop();
    void this.#pool.close(error === null ? CLOSE_TIMEOUT_MS : 0).then(() => {
      this.#onSettled?.(stats);
      callback(error);
    });
  }

  #stats(): RangeReadStats {
    return {
      ...this.#pipeline.stats(),
      durationMs: performance.now() - this.#startedAtMs,
      roundTripMs: this.#roundTripMs,
      channels: this.#pool.mostCount,
      refusedChannels: this.#pool.refusedCount,
    };
  }

  readonly #onAbort = (): void => {
    this.destroy(this.#signal.reason);
  };

  readonly #onConnectionLost = (cause?: unknown): void => {
    const error = cause instanceof Error ? cause : new Error('the server closed it');
    // Some servers end the whole connection where they should refuse a channel.
    if (performance.now() - this.#pool.grownAtMs < CHANNELS_BLAMED_MS) this.#learned.maxChannels = 1;
    this.destroy(toSourceError(this.#path, error));
  };

  #onIdle(idleTimeoutMs: number): void {
    const { arrivedBytes } = this.#pipeline;
    const message = `no answer for ${idleTimeoutMs} ms while reading ${this.#path}, after ${arrivedBytes} bytes`;
    this.destroy(new SftpStalledError(message));
  }
}
