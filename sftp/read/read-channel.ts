import { promisify } from 'node:util';
import type { SFTPWrapper, Stats } from 'ssh2';
import { SFTP_OK } from '../sftp-status.ts';
import { widenChannelWindow } from '../ssh2-internals/channel-window.ts';
import { readBytes } from '../ssh2-internals/read-bytes.ts';
import { allowReadsOf } from '../ssh2-internals/read-limit.ts';

const ignore = (): void => {};

/** One SFTP channel with the source open on it. */
export class ReadChannel {
  readonly #sftp: SFTPWrapper;
  readonly #handle: Buffer;
  /** Whether the channel was opened for this read only, so that it is closed with it. */
  readonly #owned: boolean;
  #owedBytes = 0;
  #onIdle: () => void = ignore;
  #onLost: () => void = ignore;

  private constructor(sftp: SFTPWrapper, handle: Buffer, owned: boolean) {
    this.#sftp = sftp;
    this.#handle = handle;
    this.#owned = owned;
  }

  static async open(sftp: SFTPWrapper, path: string, owned: boolean): Promise<ReadChannel> {
    const handle = await promisify<string, 'r', Buffer | undefined>(sftp.open.bind(sftp))(path, 'r');
    // ssh2 gives the content of any packet to whoever waits, a name's too.
    if (!Buffer.isBuffer(handle)) throw Object.assign(new Error('OK, without a handle'), { code: SFTP_OK });
    return new ReadChannel(sftp, handle, owned);
  }

  /**
   * Calls back when the server ends the channel or breaks the protocol: it answers nothing any more. `end` alone comes
   * from a server that says that it has sent everything, and leaves the channel open.
   */
  onceLost(callback: (cause: Error) => void): void {
    this.#onLost = (cause?: unknown) => {
      callback(cause instanceof Error ? cause : new Error('the server closed the SFTP channel'));
    };
    this.#sftp.on('end', this.#onLost).on('close', this.#onLost).on('error', this.#onLost);
  }

  /** Lets reads of `bytes` go out unsplit. */
  allowReadsOf(bytes: number): void {
    allowReadsOf(this.#sftp, bytes);
  }

  /** @returns false when this version of ssh2 cannot do it; see widenChannelWindow */
  widenWindow(windowBytes: number): boolean {
    return widenChannelWindow(this.#sftp, windowBytes);
  }

  /** Bytes asked for and not answered. */
  get owedBytes(): number {
    return this.#owedBytes;
  }

  /** Reads up to `lengthBytes`; the callback gets no bytes at the end of the file. */
  read(
    lengthBytes: number,
    position: number,
    callback: (error: Error | undefined, bytes: Buffer) => void,
  ): void {
    this.#owedBytes += lengthBytes;
    readBytes(this.#sftp, this.#handle, lengthBytes, position, (error, bytes) => {
      this.#owedBytes -= lengthBytes;
      callback(error, bytes);
      if (this.#owedBytes === 0) this.#onIdle();
    });
  }

  /** Whether the channel was opened for this file only, beside the one that was lent. */
  get isFurther(): boolean {
    return this.#owned;
  }

  fstat(done: (error: Error | undefined, stats: Stats) => void): void {
    this.#sftp.fstat(this.#handle, done);
  }

  /** Calls back once when nothing is owed, which may be now. */
  onceIdle(callback: () => void): void {
    this.#onIdle = () => {
      this.#onIdle = ignore;
      callback();
    };
    if (this.#owedBytes === 0) this.#onIdle();
  }

  /** Closes the file, then the channel if it is owned. `done` is called when the server confirms. */
  close(done: () => void): void {
    this.#forget();
    if (!this.#owned) {
      this.#sftp.close(this.#handle, () => done());
      return;
    }
    this.#sftp.once('close', done);
    this.#sftp.close(this.#handle, () => this.#sftp.end());
  }

  /** Leaves a channel that is lost: no file can be closed on it. */
  abandon(): void {
    this.#forget();
    if (this.#owned) this.#sftp.end();
  }

  #forget(): void {
    for (const event of ['end', 'close', 'error']) this.#sftp.removeListener(event, this.#onLost);
    // Nobody else listens to a channel of ours, and an unheard 'error' ends the process.
    if (this.#owned) this.#sftp.on('error', ignore);
  }
}
