import { EventEmitter } from 'node:events';
import type { Client, SFTPWrapper } from 'ssh2';

/** How the fake server behaves; may be changed while it runs. */
export interface FakeServerBehaviour {
  file: Buffer;
  /** What stat says; another value on a later channel is another file. @default 1 */
  modifiedAtSecondsOf?: (channelNumber: number) => number;
  /** No answer is longer. @default none */
  maxReadBytes?: number;
  /** Channels that the connection may have, the lent one included. @default Infinity */
  maxChannels?: number;
  /** Between a read and its answer. @default the next turn of the event loop */
  answerDelayMs?: number;
  /** Whether a read is answered, once this many were answered over all channels. @default true */
  answers?: (answeredReads: number) => boolean;
  /** Once so many reads were answered, the others wait for this. */
  hold?: { afterReads: number; until: Promise<void> };
  /** Order of the pending reads in which one batch is answered. @default as asked */
  order?: <T>(pending: T[]) => T[];
  /** Status of OPEN, of the first channel or of later ones. @default 0 (OK) */
  openStatusOf?: (channelNumber: number) => number;
  /** Status that reads get instead of bytes. @default 0 (OK) */
  readStatus?: number;
  /** Told of every read when it is asked for. */
  onRead?: (channelNumber: number, lengthBytes: number) => void;
}

interface PendingRead {
  channel: FakeSftpChannel;
  run: () => void;
}

/**
 * ssh2's client with SFTP channels that serve one file from memory. Reads that arrive in one turn of the event loop
 * are answered together in a later one. It has none of ssh2's internals, so channels keep ssh2's own window.
 */
export class FakeSftpClient extends EventEmitter {
  readonly channels: FakeSftpChannel[] = [];
  behaviour: FakeServerBehaviour;
  answeredReads = 0;
  refusedChannels = 0;
  #pending: PendingRead[] = [];

  constructor(behaviour: FakeServerBehaviour) {
    super();
    this.behaviour = behaviour;
    this.channels.push(new FakeSftpChannel(this, 1));
  }

  /** What createRangeReadStream takes. */
  get connection(): { client: Client; sftp: SFTPWrapper } {
    return { client: this as unknown as Client, sftp: this.channels[0] as unknown as SFTPWrapper };
  }

  get openHandles(): number {
    return this.channels.reduce((sum, channel) => sum + channel.openHandles, 0);
  }

  sftp(callback: (error: Error | undefined, sftp?: SFTPWrapper) => void): void {
    setImmediate(() => {
      const open = this.channels.filter((channel) => !channel.isClosed).length;
      if (open >= (this.behaviour.maxChannels ?? Number.POSITIVE_INFINITY)) {
        this.refusedChannels += 1;
        callback(new Error('(SSH) Channel open failure: open failed'));
        return;
      }
      const channel = new FakeSftpChannel(this, this.channels.length + 1);
      this.channels.push(channel);
      callback(undefined, channel as unknown as SFTPWrapper);
    });
  }

  /** As ssh2 does when the connection breaks. */
  lose(error?: Error): void {
    if (error) this.emit('error', error);
    for (const channel of this.channels) channel.lose();
    this.emit('close');
  }

  enqueue(read: PendingRead): void {
    this.#pending.push(read);
    if (this.#pending.length > 1) return;
    const { answerDelayMs } = this.behaviour;
    if (answerDelayMs === undefined) setImmediate(() => this.#answer());
    else setTimeout(() => this.#answer(), answerDelayMs);
  }

  #answer(): void {
    const { order = (pending) => pending, answers = () => true, hold } = this.behaviour;
    if (hold !== undefined && this.answeredReads >= hold.afterReads) {
      delete this.behaviour.hold;
      void hold.until.then(() => this.#answer());
      return;
    }
    for (const { channel, run } of order(this.#pending.splice(0))) {
      if (channel.isClosed || !answers(this.answeredReads)) continue;
      this.answeredReads += 1;
      run();
    }
  }
}

/** ssh2 gives the end of the file as an error where the callback asks for that, else as no bytes. */
type ReadCallback = ((
  error: Error | undefined,
  bytesRead: number,
  data: Buffer,
  position: number,
) => void) & {
  _wantEOFError?: boolean;
};

/** One channel. Status codes are SFTP's. */
class FakeSftpChannel extends EventEmitter {
  readonly number: number;
  isClosed = false;
  openHandles = 0;
  readonly #client: FakeSftpClient;
  readonly #waiting = new Set<ReadCallback>();

  constructor(client: FakeSftpClient, number: number) {
    super();
    this.#client = client;
    this.number = number;
  }

  open(_path: string, _flags: string, callback: (error: Error | undefined, handle?: Buffer) => void): void {
    setImmediate(() => {
      const status = this.#client.behaviour.openStatusOf?.(this.number) ?? 0;
      if (status !== 0) {
        callback(Object.assign(new Error('refused'), { code: status }));
        return;
      }
      this.openHandles += 1;
      callback(undefined, Buffer.from(`handle ${this.number}`));
    });
  }

  fstat(_handle: Buffer, callback: (error: Error | undefined, stats: object) => void): void {
    const { file, modifiedAtSecondsOf } = this.#client.behaviour;
    setImmediate(() =>
      callback(undefined, { size: file.length, mtime: modifiedAtSecondsOf?.(this.number) ?? 1 }),
    );
  }

  read(
    _handle: Buffer,
    buffer: Buffer,
    offset: number,
    length: number,
    position: number,
    callback: ReadCallback,
  ): void {
    this.#client.behaviour.onRead?.(this.number, length);
    this.#waiting.add(callback);
    const run = () => {
      this.#waiting.delete(callback);
      const { file, maxReadBytes = length, readStatus = 0 } = this.#client.behaviour;
      if (readStatus !== 0) {
        callback(Object.assign(new Error('failed'), { code: readStatus }), 0, buffer, position);
        return;
      }
      const bytes = file.subarray(position, position + Math.min(length, maxReadBytes));
      if (bytes.length === 0 && callback._wantEOFError) {
        callback(Object.assign(new Error('End of file'), { code: 1 }), 0, buffer, position);
        return;
      }
      bytes.copy(buffer, offset);
      callback(undefined, bytes.length, buffer, position);
    };
    this.#client.enqueue({ channel: this, run });
  }

  close(_handle: Buffer, callback: (error?: Error) => void): void {
    if (this.isClosed) return; // ssh2 sends nothing on a closed channel, and calls nobody back
    this.openHandles -= 1;
    setImmediate(() => callback());
  }

  end(): void {
    setImmediate(() => this.lose());
  }

  /** As ssh2 does when the server closes the channel: every waiting request fails, then `close`. */
  lose(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.openHandles = 0;
    for (const callback of [...this.#waiting]) {
      callback(new Error('No response from server'), 0, Buffer.alloc(0), 0);
    }
    this.#waiting.clear();
    this.emit('close');
  }
}
