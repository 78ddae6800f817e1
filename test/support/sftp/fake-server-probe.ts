import type {
  ConnectionEvent,
  FolderListing,
  PreparedProbe,
  ProbeSession,
  ReadLimits,
  ReadMeasurement,
  ServerProbe,
} from '../../../doctor/ports.ts';
import type { Negotiation } from '../../../sftp/connect/negotiation.ts';
import type { NameChange } from '../../../sftp/folder/ports.ts';
import type { FileStat } from '../../../transfer/source-file.ts';

export const PIN = `SHA256:${'p'.repeat(43)}`;

const NEGOTIATION: Negotiation = {
  offered: { kex: ['kex-a'], serverHostKey: ['ssh-ed25519'], cipher: ['aes-gcm'], hmac: ['mac-a'] },
  chosen: { kex: 'kex-a', serverHostKey: 'ssh-ed25519', cipher: 'aes-gcm', hmac: undefined },
  missing: [],
  legacy: [],
  wouldHelp: [],
  unsupported: [],
};

/** What a connection to a healthy server passes. */
export const HEALTHY_CONNECTION: readonly ConnectionEvent[] = [
  { at: 'attempt' },
  { at: 'tcp', address: '203.0.113.7' },
  { at: 'banner', identification: 'SSH-2.0-Fake' },
  { at: 'algorithms', negotiation: NEGOTIATION },
  { at: 'host-key', fingerprint: PIN, keyType: 'ssh-ed25519', isPinned: true },
  { at: 'login', methods: ['publickey'] },
];

/** The events up to, and without, the one at `stage`. */
export function eventsBefore(stage: ConnectionEvent['at']): ConnectionEvent[] {
  return HEALTHY_CONNECTION.slice(
    0,
    HEALTHY_CONNECTION.findIndex(({ at }) => at === stage),
  );
}

export function algorithmsEvent(changes: Partial<Negotiation>): ConnectionEvent {
  return { at: 'algorithms', negotiation: { ...NEGOTIATION, ...changes } };
}

/** A server in memory, healthy until its fields say otherwise. It holds one file. */
export class FakeServerProbe implements ServerProbe {
  readonly host = 'sftp.partner.test';
  readonly port = 2222;
  prepared: PreparedProbe | Error = { pinned: [PIN], credentials: ['private key'] };
  resolved: Awaited<ReturnType<ServerProbe['resolveHost']>> = { addresses: ['203.0.113.7'] };
  /** What the n-th connection (from 1) passes, and the error that it ends with. */
  connection: (n: number) => { events: readonly ConnectionEvent[]; error?: Error } = () => ({
    events: HEALTHY_CONNECTION,
  });
  sizeBytes = 100 * 1024 ** 2;
  /** What reading finds, where it is more than `sizeBytes`. */
  trueSizeBytes = 0;
  endError: Error | undefined;
  kind: FileStat['kind'] = 'file';
  realpathError: Error | undefined;
  statError: Error | undefined;
  modifiedAtSeconds = 1_700_000_000;
  /** May throw; the number counts the reads from 1. */
  onRead: (readNumber: number) => void = () => {};
  bytesPerMs = 10_000;
  /** Of all connections that read at once; undefined where each has `bytesPerMs`. */
  lineBytesPerMs: number | undefined;
  busyShare = 0.2;
  listing: FolderListing | Error = { entries: [], unread: [] };
  rename: NameChange = { done: true };
  remove: NameChange = { done: true };
  channelsGiven = 8;
  channelsError: Error | undefined;
  connects = 0;
  openSessions = 0;
  mostOpenSessions = 0;
  readonly reads: { startByte: number; bytes: number; maxChannels: number }[] = [];

  async prepare(): Promise<PreparedProbe> {
    if (this.prepared instanceof Error) throw this.prepared;
    return this.prepared;
  }

  async resolveHost() {
    return this.resolved;
  }

  async connect(
    signal: AbortSignal,
    onEvent: (event: ConnectionEvent) => void = () => {},
  ): Promise<ProbeSession> {
    signal.throwIfAborted();
    this.connects += 1;
    const { events, error } = this.connection(this.connects);
    for (const event of events) onEvent(event);
    if (error !== undefined) throw error;
    this.openSessions += 1;
    this.mostOpenSessions = Math.max(this.mostOpenSessions, this.openSessions);
    let ended = false;
    return {
      maxReadBytes: async () => 261_120,
      realpath: async (path) => {
        if (this.realpathError !== undefined) throw this.realpathError;
        return path === '.' ? '/home/us' : path;
      },
      stat: async () => {
        if (this.statError !== undefined) throw this.statError;
        return { kind: this.kind, sizeBytes: this.sizeBytes, modifiedAtSeconds: this.modifiedAtSeconds };
      },
      hasByteAt: async (_path, position) => {
        if (this.endError !== undefined) throw this.endError;
        return position < this.trueSizeBytes;
      },
      measureRead: async (range, limits) => this.#read(range, limits),
      listFolder: async () => {
        if (this.listing instanceof Error) throw this.listing;
        return this.listing;
      },
      names: {
        makeEmptyFile: async () => ({ done: true }),
        rename: async () => this.rename,
        remove: async () => this.remove,
      },
      countChannels: async (most) => {
        if (this.channelsError !== undefined) throw this.channelsError;
        return { opened: Math.min(most, this.channelsGiven) };
      },
      end: async () => {
        if (!ended) this.openSessions -= 1;
        ended = true;
      },
    };
  }

  #read(
    { startByte, endByte }: { startByte: number; endByte: number },
    { maxChannels, timeBudgetMs }: ReadLimits,
  ): ReadMeasurement {
    const ofLine = (this.lineBytesPerMs ?? Number.POSITIVE_INFINITY) / this.openSessions;
    const bytesPerMs = Math.min(this.bytesPerMs, ofLine);
    const bytes = Math.min(endByte - startByte, bytesPerMs * timeBudgetMs);
    this.reads.push({ startByte, bytes, maxChannels });
    this.onRead(this.reads.length);
    const { busyShare } = this;
    return { bytes, durationMs: bytes / bytesPerMs, roundTripMs: 20, channels: maxChannels, busyShare };
  }
}
