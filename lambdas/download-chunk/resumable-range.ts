import type { DownloadChunkEvent } from '../shared/contracts.ts';
import { SftpConnectionError, SftpStalledError } from '../shared/errors.ts';
import type { RangeReadStats, SftpSession } from '../shared/ports.ts';
import { openSession, type SessionPorts, withPlannedSecret } from '../shared/sftp-session.ts';
import { assertUnchanged } from '../shared/source-file.ts';

/** Reconnects without a byte gained in between; then the workflow's Retry takes over, with longer pauses. */
export const MAX_FRUITLESS_RECONNECTS = 3;
/** The n-th fruitless reconnect waits a random time up to n of these. */
export const RECONNECT_DELAY_MS = 1_000;

/**
 * Yields exactly the chunk's bytes, in order. When the connection is lost or stalls in mid-read it connects again,
 * checks that the file is still the planned one, and goes on from the byte reached.
 * A first connection that cannot be made is not tried again here: it has had its quick retries.
 * @throws SourceChangedError and the other errors of SftpSource and SftpSession
 */
export async function* readResumably(
  { file, chunk }: Pick<DownloadChunkEvent, 'file' | 'chunk'>,
  ports: SessionPorts & { random: () => number },
  signal: AbortSignal,
): AsyncGenerator<Buffer, void, undefined> {
  const reportRead = (stats: RangeReadStats): void => {
    ports.telemetry.info('range read', { ...stats });
    ports.telemetry.metric('Channels', stats.channels);
    ports.telemetry.metric('RefusedChannels', stats.refusedChannels);
  };
  const sessionPorts = withPlannedSecret(ports, file);
  let position = chunk.start_byte;
  let fruitlessReconnects = 0;
  let hasConnected = false;
  for (;;) {
    let session: SftpSession | undefined;
    try {
      session = await openSession(sessionPorts, signal);
      assertUnchanged(file, await session.stat(file.path));
      hasConnected = true;
      const range = {
        path: file.path,
        startByte: position,
        endByte: chunk.end_byte,
        maxReadBytes: file.max_read_bytes,
      };
      for await (const piece of session.readRange(range, signal, reportRead) as AsyncIterable<Buffer>) {
        position += piece.length;
        fruitlessReconnects = 0;
        yield piece;
      }
      return;
    } catch (error) {
      signal.throwIfAborted();
      const lost = error instanceof SftpConnectionError || error instanceof SftpStalledError;
      if (!lost || !hasConnected || fruitlessReconnects === MAX_FRUITLESS_RECONNECTS) throw error;
      fruitlessReconnects += 1;
      ports.telemetry.metric('Retries', 1);
      ports.telemetry.warn('connection lost in mid-chunk, connecting again', {
        error_name: error.name,
        error_message: error.message,
        resume_at_byte: position,
      });
    } finally {
      await session?.end();
    }
    await ports.clock.sleep(ports.random() * fruitlessReconnects * RECONNECT_DELAY_MS, signal);
  }
}
