import type { Readable } from 'node:stream';
import type { OpenSftpFile, SftpSession } from '../../sftp/ports.ts';
import type { Chunk, PlannedTransfer } from '../../transfer/contracts.ts';
import { isSftpTrouble } from '../../transfer/errors.ts';
import { assertUnchanged } from '../../transfer/source-file.ts';
import type { Telemetry } from '../../transfer/telemetry.ts';
import { MIB } from '../../transfer/text/units.ts';
import type { SessionKeeper } from '../shared/session-keeper.ts';

/** The ranges of so many bytes are asked for ahead of the chunk in hand: as much as a reader has in flight. */
const READ_AHEAD_BYTES = 32 * MIB;

/** The source file, open on the present session. */
interface OpenSource {
  session: SftpSession;
  file: OpenSftpFile;
  /** Rejects when it is not the planned file. */
  proved: Promise<void>;
  /** Whether a chunk has been begun on it: the next one asks again whether the file is still the same. */
  isUsed: boolean;
}

/** Gives the bytes of one chunk. */
export interface ChunkReading {
  /** The next bytes, undefined after the last. @throws SourceChangedError, and the errors of SftpServer and SftpSession */
  next(): Promise<Buffer | undefined>;
  /** Stops reading it; the chunks after it are read on. */
  stop(): void;
}

/**
 * Reads one chunk after the other out of one open file, over as many sessions as it takes, one at a time. The reads of
 * a chunk go out while the one before still comes in. When a connection is lost or stalls it opens the file again on
 * the next session, proves that it is still the planned one, and goes on from the byte reached.
 */
export class SegmentReader {
  readonly #planned: PlannedTransfer;
  readonly #keeper: SessionKeeper;
  readonly #telemetry: Telemetry;
  readonly #signal: AbortSignal;
  readonly #expectedBytes: number;
  #source: OpenSource | undefined;
  /** What was asked for and is not in hand yet, in order. */
  #ahead: { chunk: Chunk; stream: Readable }[] = [];
  #closing: Promise<unknown> = Promise.resolve();

  constructor(
    planned: PlannedTransfer,
    expectedBytes: number,
    ports: { keeper: SessionKeeper; telemetry: Telemetry },
    signal: AbortSignal,
  ) {
    this.#planned = planned;
    this.#expectedBytes = expectedBytes;
    this.#keeper = ports.keeper;
    this.#telemetry = ports.telemetry;
    this.#signal = signal;
  }

  /** How many chunks were asked for ahead; they must be read next. */
  get aheadCount(): number {
    return this.#ahead.length;
  }

  /**
   * Begins a chunk.
   * @param upcoming the chunks that will be read after it, in order
   */
  read(chunk: Chunk, upcoming: readonly Chunk[]): ChunkReading {
    let position = chunk.start_byte;
    let bytes: AsyncIterator<Buffer, undefined> | undefined;
    let stream: Readable | undefined;
    let isStopped = false;
    let stillTheSame: Promise<void> = Promise.resolve();
    const attempt = async (session: SftpSession): Promise<Buffer | undefined> => {
      const source = await this.#openOn(session);
      if (bytes === undefined) {
        stream = this.#take(source, chunk, position);
        bytes = stream[Symbol.asyncIterator]() as AsyncIterator<Buffer, undefined>;
        this.#readAhead(source, upcoming);
        if (source.isUsed) stillTheSame = this.#lookAgain(session);
        source.isUsed = true;
        await source.proved;
        this.#keeper.proved();
      }
      const { value } = await bytes.next();
      position += value?.length ?? 0;
      // Asked when the chunk began, so answered by now: nothing waits for it.
      if (position === chunk.end_byte) await stillTheSame;
      return value;
    };
    return {
      next: async () => {
        for (;;) {
          this.#signal.throwIfAborted();
          if (isStopped || (position === chunk.end_byte && bytes !== undefined)) {
            stream?.destroy();
            return undefined;
          }
          const session = await this.#keeper.session();
          try {
            const value = await attempt(session);
            if (value !== undefined) this.#keeper.gained();
            return value;
          } catch (error) {
            this.#signal.throwIfAborted();
            // Its own end, and no failure of the file: the chunks after it are read on.
            if (isStopped && !isSftpTrouble(error)) return undefined;
            bytes = undefined;
            this.#drop();
            if (!isSftpTrouble(error)) throw error;
            await this.#keeper.replace(session, error);
          }
        }
      },
      stop: () => {
        isStopped = true;
        stream?.destroy();
      },
    };
  }

  /** Lets go of the file. */
  close(): void {
    this.#drop();
  }

  /** Resolves when every file that was open is closed. Never throws. */
  async closed(): Promise<void> {
    await this.#closing;
  }

  async #openOn(session: SftpSession): Promise<OpenSource> {
    if (this.#source?.session === session) return this.#source;
    const { max_concurrency: lineSharedBy, max_read_bytes: maxReadBytes, path } = this.#planned;
    const request = { maxReadBytes, expectedBytes: this.#expectedBytes, lineSharedBy };
    const file = await session.open(path, request, this.#signal);
    // The first reads go out together with the question whether the file is still the same.
    const proved = file.stat().then((stat) => assertUnchanged(this.#planned, stat));
    proved.catch(() => {});
    this.#source = { session, file, proved, isUsed: false };
    return this.#source;
  }

  /**
   * The open file stays what it was when another takes its name, so the name is asked for. A line that is lost meanwhile
   * says nothing of the file: the next session proves it.
   * @throws SourceChangedError | SourceNotFoundError and what else the server answers
   */
  #lookAgain(session: SftpSession): Promise<void> {
    const looked = session.stat(this.#planned.path, this.#signal).then(
      (stat) => assertUnchanged(this.#planned, stat),
      (error: unknown) => {
        if (!isSftpTrouble(error)) throw error;
      },
    );
    looked.catch(() => {});
    return looked;
  }

  #take({ file }: OpenSource, chunk: Chunk, position: number): Readable {
    const next = this.#ahead.shift();
    if (next?.chunk === chunk && position === chunk.start_byte) return next.stream;
    // Whatever was asked for ahead would come before it.
    next?.stream.destroy();
    this.#forgetAhead();
    return file.read({ startByte: position, endByte: chunk.end_byte });
  }

  #readAhead({ file }: OpenSource, upcoming: readonly Chunk[]): void {
    let aheadBytes = this.#ahead.reduce((sum, { chunk }) => sum + sizeOf(chunk), 0);
    for (const chunk of upcoming.slice(this.#ahead.length)) {
      if (aheadBytes >= READ_AHEAD_BYTES) return;
      aheadBytes += sizeOf(chunk);
      const stream = file.read({ startByte: chunk.start_byte, endByte: chunk.end_byte });
      this.#ahead.push({ chunk, stream });
    }
  }

  #drop(): void {
    this.#forgetAhead();
    const closed = this.#source?.file.close().then((stats) => {
      this.#telemetry.info('file read', { ...stats });
      this.#telemetry.metric('Channels', stats.channels);
      this.#telemetry.metric('RefusedChannels', stats.refusedChannels);
    });
    this.#source = undefined;
    this.#closing = Promise.all([this.#closing, closed]);
  }

  #forgetAhead(): void {
    for (const { stream } of this.#ahead.splice(0)) stream.destroy();
  }
}

const sizeOf = (chunk: Chunk): number => chunk.end_byte - chunk.start_byte;
