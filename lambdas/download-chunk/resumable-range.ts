import type { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import type { RangeReadStats, SftpSession } from '../../sftp/ports.ts';
import { isSftpTrouble } from '../../transfer/errors.ts';
import { assertUnchanged } from '../../transfer/source-file.ts';
import { openSession, type SessionPorts, withPlannedSecret } from '../shared/partner-session.ts';
import type { DownloadChunkEvent } from './event.ts';

/** Reconnects without a byte gained in between; then the workflow's Retry takes over, with longer pauses. */
export const MAX_FRUITLESS_RECONNECTS = 3;
/** The n-th fruitless reconnect waits a random time up to n of these. */
export const RECONNECT_DELAY_MS = 1_000;

type ResumablePorts = SessionPorts & { random: () => number };

/** One chunk's byte range, read over as many connections as it takes, one at a time. */
export class ResumableRange {
  readonly #event: Pick<DownloadChunkEvent, 'file' | 'chunk'>;
  readonly #ports: ResumablePorts;
  #sessionEnded: Promise<void> = Promise.resolve();

  constructor(event: Pick<DownloadChunkEvent, 'file' | 'chunk'>, ports: ResumablePorts) {
    this.#event = event;
    this.#ports = { ...withPlannedSecret(ports, event.file), random: ports.random };
  }

  /**
   * Yields exactly the chunk's bytes, in order. When the connection is lost or stalls in mid-read it connects again,
   * checks that the file is still the planned one, and goes on from the byte reached.
   * A first connection that cannot be made is not tried again here: it has had its quick retries.
   *
   * After the last byte it does not wait for the server's goodbye, which takes two round trips: `ended` does.
   * @throws SourceChangedError and the other errors of SftpServer and SftpSession
   */
  async *read(signal: AbortSignal): AsyncGenerator<Buffer, void, undefined> {
    const { chunk, file } = this.#event;
    const { clock, random, telemetry } = this.#ports;
    let position = chunk.start_byte;
    let fruitlessReconnects = 0;
    let hasConnected = false;
    for (;;) {
      let session: SftpSession | undefined;
      let pieces: Readable | undefined;
      try {
        session = await openSession(this.#ports, signal);
        const stat = session.stat(file.path, signal);
        // The first reads go out together with the question whether the file is still the same.
        pieces = this.#piecesFrom(session, position, signal);
        assertUnchanged(file, await stat);
        hasConnected = true;
        for await (const piece of pieces as AsyncIterable<Buffer>) {
          position += piece.length;
          fruitlessReconnects = 0;
          yield piece;
          if (position === chunk.end_byte) return;
        }
        return;
      } catch (error) {
        signal.throwIfAborted();
        if (!isSftpTrouble(error) || !hasConnected || fruitlessReconnects === MAX_FRUITLESS_RECONNECTS)
          throw error;
        fruitlessReconnects += 1;
        telemetry.metric('Retries', 1);
        telemetry.warn('connection lost in mid-chunk, connecting again', {
          error_name: error.name,
          error_message: error.message,
          resume_at_byte: position,
        });
      } finally {
        this.#sessionEnded = endSession(session, pieces);
        if (position < chunk.end_byte) await this.#sessionEnded;
      }
      await clock.sleep(random() * fruitlessReconnects * RECONNECT_DELAY_MS, signal);
    }
  }

  /** Resolves when no connection is held any more; to be called when `read` is over. */
  ended(): Promise<void> {
    return this.#sessionEnded;
  }

  #piecesFrom(session: SftpSession, startByte: number, signal: AbortSignal): Readable {
    const { chunk, file } = this.#event;
    const { telemetry } = this.#ports;
    const range = {
      path: file.path,
      startByte,
      endByte: chunk.end_byte,
      maxReadBytes: file.max_read_bytes,
    };
    const reportRead = (stats: RangeReadStats): void => {
      telemetry.info('range read', { ...stats });
      telemetry.metric('Channels', stats.channels);
      telemetry.metric('RefusedChannels', stats.refusedChannels);
    };
    // It may fail before anybody iterates over it, who will then be told.
    return session.readRange(range, signal, reportRead).on('error', () => {});
  }
}

async function endSession(session: SftpSession | undefined, pieces: Readable | undefined): Promise<void> {
  if (pieces !== undefined) {
    pieces.destroy();
    await finished(pieces).catch(() => {});
  }
  await session?.end();
}
