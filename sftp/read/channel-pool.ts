import { promisify } from 'node:util';
import type { SFTPWrapper } from 'ssh2';
import { SourceChangedError } from '../../transfer/errors.ts';
import type { SftpConnection } from '../connect/attempt-connection.ts';
import { toSourceError } from '../source-errors.ts';
import { ReadChannel } from './read-channel.ts';

const ignore = (): void => {};

/** A connection that is lost so soon after a further channel was asked for was ended for that reason. */
const FURTHER_CHANNEL_BLAME_MS = 2_000;

/** `sftp` is lent: it stays open, only the source is opened and closed on it. */
export type LentConnection = Pick<SftpConnection, 'client' | 'sftp'>;

export interface ChannelPoolEvents {
  onJoined(channel: ReadChannel): void;
  /** The pool has dropped the channel because of `cause`; what it owes must be asked for elsewhere. */
  onLost(channel: ReadChannel, cause: Error): void;
  onError(error: Error): void;
}

/** The source opened on one or more SFTP channels of one connection. */
export class ChannelPool {
  readonly #connection: LentConnection;
  readonly #path: string;
  readonly #events: ChannelPoolEvents;
  /** The lent channel comes first, unless it was lost. */
  #channels: ReadChannel[] = [];
  /** Asked nothing any more, but they may still owe something. */
  #retired: ReadChannel[] = [];
  #openingCount = 0;
  #refusedCount = 0;
  #mostCount = 0;
  #furtherAskedAtMs = Number.NEGATIVE_INFINITY;
  #closed = false;

  constructor(connection: LentConnection, path: string, events: ChannelPoolEvents) {
    this.#connection = connection;
    this.#path = path;
    this.#events = events;
  }

  /** Channels that answer now. */
  get size(): number {
    return this.#channels.length;
  }

  /** Most channels that answered at a time. */
  get mostCount(): number {
    return this.#mostCount;
  }

  get refusedCount(): number {
    return this.#refusedCount;
  }

  /** A channel on which the file is open, the lent one if it can be. */
  get first(): ReadChannel | undefined {
    return this.#channels[0];
  }

  /** Whether a connection that is lost now was probably ended because of a further channel. */
  get hasJustOpenedFurther(): boolean {
    return performance.now() - this.#furtherAskedAtMs < FURTHER_CHANNEL_BLAME_MS;
  }

  /** Opens the source on the lent channel; ends in `onJoined` or `onError`. */
  openFirst(): void {
    ReadChannel.open(this.#connection.sftp, this.#path, false).then(
      (channel) => this.#join(channel),
      (error: Error) => this.#fail(toSourceError(this.#path, error)),
    );
  }

  /** Opens or retires channels until there are `count`. After a refusal the pool does not grow any further. */
  resize(count: number): void {
    while (!this.#closed && this.#refusedCount === 0 && this.size + this.#openingCount < count) {
      this.#openingCount += 1;
      this.#furtherAskedAtMs = performance.now();
      this.#openFurther()
        .then(
          (channel) => this.#join(channel),
          (error: Error) => {
            if (error instanceof SourceChangedError) this.#fail(error);
            else this.#refusedCount += 1;
          },
        )
        .finally(() => {
          this.#openingCount -= 1;
        });
    }
    while (this.size > Math.max(1, count)) this.#retire(this.#channels.pop() as ReadChannel);
  }

  /** The channel that owes least. */
  leastBusy(): ReadChannel | undefined {
    let least = this.#channels[0];
    for (const channel of this.#channels) {
      if (least === undefined || channel.owedBytes < least.owedBytes) least = channel;
    }
    return least;
  }

  /** Drops a channel that answers nothing any more. A server that closes a further one is asked for no other. */
  lose(channel: ReadChannel, cause: Error): void {
    if (!remove(this.#channels, channel) && !remove(this.#retired, channel)) return;
    if (channel.isFurther) this.#refusedCount += 1;
    channel.abandon();
    this.#events.onLost(channel, cause);
  }

  /**
   * Closes every file, and every channel but the lent one. The requests are sent at once; the promise waits up to
   * `timeoutMs` for the server to confirm them, and never rejects.
   */
  async close(timeoutMs: number): Promise<void> {
    this.#closed = true;
    const channels = [...this.#channels.splice(0), ...this.#retired.splice(0)];
    const closing = channels.map((channel) => new Promise<void>((resolve) => channel.close(resolve)));
    if (timeoutMs === 0 || channels.length === 0) return;
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, timeoutMs);
    });
    await Promise.race([Promise.all(closing), timeout]);
    clearTimeout(timer);
  }

  /** A server may answer requests in any order, so the file is closed only when nothing is owed any more. */
  #retire(channel: ReadChannel): void {
    this.#retired.push(channel);
    channel.onceIdle(() => {
      if (remove(this.#retired, channel)) channel.close(ignore);
    });
  }

  #join(channel: ReadChannel): void {
    if (this.#closed) {
      channel.close(ignore);
      return;
    }
    this.#channels.push(channel);
    this.#mostCount = Math.max(this.#mostCount, this.size);
    channel.onceLost((cause) => this.lose(channel, cause));
    this.#events.onJoined(channel);
  }

  #fail(error: Error): void {
    if (!this.#closed) this.#events.onError(error);
  }

  async #openFurther(): Promise<ReadChannel> {
    const { client } = this.#connection;
    const sftp = await promisify<SFTPWrapper>((callback) => client.sftp(callback))();
    sftp.on('error', ignore);
    try {
      const channel = await ReadChannel.open(sftp, this.#path, true);
      await this.#assertSameFile(channel);
      return channel;
    } catch (error) {
      sftp.end();
      throw error;
    }
  }

  /** The path may lead to another file by now; bytes of two files must not be mixed. */
  async #assertSameFile(channel: ReadChannel): Promise<void> {
    const [first] = this.#channels;
    if (first === undefined) return;
    const stat = (of: ReadChannel) => promisify(of.fstat.bind(of))();
    const [then, now] = await Promise.all([stat(first), stat(channel)]);
    if (then.size === now.size && then.mtime === now.mtime) return;
    throw new SourceChangedError(`${this.#path} was replaced while it was read`);
  }
}

function remove<T>(list: T[], item: T): boolean {
  const at = list.indexOf(item);
  if (at < 0) return false;
  list.splice(at, 1);
  return true;
}
