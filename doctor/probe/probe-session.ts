import { performance } from 'node:perf_hooks';
import { promisify } from 'node:util';
import type { SFTPWrapper } from 'ssh2';
import { listFolder } from '../../sftp/folder/list-folder.ts';
import type { ByteRange, ReadStats } from '../../sftp/ports.ts';
import { createRangeReadStream } from '../../sftp/read/range-reader.ts';
import { closedConnection } from '../../sftp/send-request.ts';
import type { Ssh2SftpSession } from '../../sftp/sftp-session.ts';
import type { ListedEntry } from '../../transfer/source/listed-entry.ts';
import type { FileStat } from '../../transfer/source-file.ts';
import type {
  FolderListing,
  FolderListingRequest,
  ProbeSession,
  ReadLimits,
  ReadMeasurement,
} from '../ports.ts';

/** Measures one connection. Everything else is left to the session that transfers use. */
export class Ssh2ProbeSession implements ProbeSession {
  readonly #session: Ssh2SftpSession;
  readonly #url: string;
  readonly #idleTimeoutMs: number;

  constructor(session: Ssh2SftpSession, url: string, idleTimeoutMs: number) {
    this.#session = session;
    this.#url = url;
    this.#idleTimeoutMs = idleTimeoutMs;
  }

  maxReadBytes(signal: AbortSignal): Promise<number> {
    return this.#session.maxReadBytes(signal);
  }

  realpath(path: string, signal: AbortSignal): Promise<string> {
    return this.#session.realpath(path, signal);
  }

  stat(path: string, signal: AbortSignal): Promise<FileStat> {
    return this.#session.stat(path, signal);
  }

  hasByteAt(path: string, position: number, signal: AbortSignal): Promise<boolean> {
    return this.#session.hasByteAt(path, position, signal);
  }

  async measureRead(range: ByteRange, limits: ReadLimits, signal: AbortSignal): Promise<ReadMeasurement> {
    const { client, monitor, sftp, socket } = this.#session.connection;
    if (socket.destroyed) throw closedConnection(this.#url);
    // Time in which the process waited for a processor counts as work, as it should: then, too, the line is not the limit.
    const before = performance.eventLoopUtilization();
    const budget = AbortSignal.timeout(limits.timeBudgetMs);
    const settled = Promise.withResolvers<ReadStats>();
    const stream = createRangeReadStream(
      { client, sftp },
      range,
      {
        maxReadBytes: limits.maxReadBytes,
        maxChannels: limits.maxChannels,
        idleTimeoutMs: this.#idleTimeoutMs,
        silentMs: () => monitor.silentMs(),
        onSettled: settled.resolve,
      },
      AbortSignal.any([signal, budget]),
    );
    try {
      for await (const _bytes of stream);
    } catch (error) {
      if (error !== budget.reason) throw error;
    }
    const { utilization: busyShare } = performance.eventLoopUtilization(before);
    return { ...(await settled.promise), busyShare };
  }

  async countChannels(most: number, signal: AbortSignal): Promise<{ opened: number }> {
    const further: SFTPWrapper[] = [];
    try {
      while (further.length + 1 < most) {
        const sftp = await this.#openChannel(signal);
        if (sftp === undefined) break;
        further.push(sftp);
      }
    } finally {
      for (const sftp of further) sftp.end();
    }
    if (this.#session.connection.socket.destroyed) throw closedConnection(this.#url);
    return { opened: further.length + 1 };
  }

  get names(): ProbeSession['names'] {
    return this.#session.folders;
  }

  async listFolder({ path, ...request }: FolderListingRequest, signal: AbortSignal): Promise<FolderListing> {
    const entries: ListedEntry[] = [];
    const unread: { path: string; message: string }[] = [];
    for await (const page of listFolder(this.#session, { root: path, ...request }, signal)) {
      if ('entries' in page) entries.push(...page.entries);
      else unread.push(page.unread);
    }
    return { entries, unread };
  }

  end(): Promise<void> {
    return this.#session.end();
  }

  /** Undefined when the server refuses, or does not answer within the idle time. @throws the signal's reason */
  async #openChannel(signal: AbortSignal): Promise<SFTPWrapper | undefined> {
    const { client } = this.#session.connection;
    const gaveUp = AbortSignal.any([signal, AbortSignal.timeout(this.#idleTimeoutMs)]);
    const opened = promisify<SFTPWrapper>((done) => client.sftp(done))();
    const given = new Promise<never>((_resolve, reject) => {
      gaveUp.addEventListener('abort', () => reject(gaveUp.reason), { once: true });
    });
    try {
      const sftp = await Promise.race([opened, given]);
      sftp.on('error', () => {});
      return sftp;
    } catch {
      signal.throwIfAborted();
      opened.then(
        (late) => late.end(),
        () => {},
      );
      return undefined;
    }
  }
}
