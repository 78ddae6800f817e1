import type { Negotiation } from '../sftp/connect/negotiation.ts';
import type { ByteRange, SftpSession } from '../sftp/ports.ts';
import type { ListedEntry } from '../transfer/source/listed-entry.ts';
import type { FileStat } from '../transfer/source-file.ts';

/** What the check needs of one partner's server; an adapter speaks DNS and SSH. */
export interface ServerProbe {
  readonly host: string;
  readonly port: number;
  /**
   * Reads the credentials and parses keys and pins; sends nothing to the server.
   * @throws InvalidTransferRequestError | SftpAuthenticationError | SftpConnectionError (the secret's store is down)
   */
  prepare(signal: AbortSignal): Promise<PreparedProbe>;
  /** Addresses of the host, as a connection would find them. */
  resolveHost(
    signal: AbortSignal,
  ): Promise<{ addresses: string[] } | { failure: 'unknown' | 'unanswered'; message: string }>;
  /**
   * Connects and logs in as every transfer does: with the same tries, and one login.
   * @throws as SftpServer.connect
   */
  connect(signal: AbortSignal, onEvent?: (event: ConnectionEvent) => void): Promise<ProbeSession>;
}

/** Something on the internet that answers with the address that it sees. */
export interface EgressEcho {
  readonly url: string;
  /** Never throws: what is not learnt has a reason. */
  seenAddress(signal: AbortSignal): Promise<{ address: string } | { failure: string }>;
}

export interface PreparedProbe {
  /** Fingerprints as `SHA256:…`; empty when none is pinned, which `connect` then refuses at the offered key. */
  pinned: readonly string[];
  /** What the login will be tried with, such as `private key`; never a secret. */
  credentials: readonly string[];
  /** Of the key that the login offers, as `SHA256:… (ssh-ed25519)`, which is what sshd logs; undefined without one. */
  publicKey?: string | undefined;
}

/** How far a connection came, in this order; `lost` may follow any, and `attempt` may follow that. */
export type ConnectionEvent =
  | { at: 'attempt' }
  | { at: 'tcp'; address: string }
  | { at: 'banner'; identification: string }
  | { at: 'algorithms'; negotiation: Negotiation }
  | { at: 'host-key'; fingerprint: string; keyType: string; isPinned: boolean }
  | { at: 'login'; methods: readonly string[] }
  | { at: 'lost'; loss: ConnectionLoss };

export interface ConnectionLoss {
  how: 'refused' | 'reset' | 'closed' | 'timed-out' | 'unreachable' | 'other';
  /** What the server said instead of its identification, as one printable line; may be empty. */
  said: string;
}

/** One authenticated connection. Its owner must call `end`. */
export interface ProbeSession {
  /** Largest read that the server says it serves, in bytes. @throws as SftpSession.maxReadBytes */
  maxReadBytes(signal: AbortSignal): Promise<number>;
  /** @throws as SftpSession.realpath */
  realpath(path: string, signal: AbortSignal): Promise<string>;
  /** @throws as SftpSession.stat */
  stat(path: string, signal: AbortSignal): Promise<FileStat>;
  /** @throws as SftpSession.hasByteAt */
  hasByteAt(path: string, position: number, signal: AbortSignal): Promise<boolean>;
  /** Reads the range, or what of it comes within the time. @throws as the stream of SftpSession.readRange */
  measureRead(range: ByteRange, limits: ReadLimits, signal: AbortSignal): Promise<ReadMeasurement>;
  /**
   * Opens SFTP channels until there are `most`, the connection's first included, or one is refused; closes them.
   * @throws SftpConnectionError when the connection is lost over it
   */
  countChannels(most: number, signal: AbortSignal): Promise<{ opened: number }>;
  /** Lists a folder as a run over it does. @throws what SftpSession.folders.readFolder throws */
  listFolder(request: FolderListingRequest, signal: AbortSignal): Promise<FolderListing>;
  /** What a run does with a file that has landed, and what makes the file to try it with. */
  readonly names: Pick<SftpSession['folders'], 'makeEmptyFile' | 'rename' | 'remove'>;
  /** Closes the connection; never throws. */
  end(): Promise<void>;
}

export interface FolderListingRequest {
  path: string;
  /** Folders below it that are read. */
  maxDepth: number;
  links: 'skip' | 'follow';
  /** Whether a name is worth a request of its own where its page does not say enough. */
  isWanted: (path: string) => boolean;
}

export interface FolderListing {
  entries: readonly ListedEntry[];
  /** Folders below it that could not be read, relative to it. */
  unread: readonly { path: string; message: string }[];
}

export interface ReadLimits {
  maxReadBytes: number;
  /** SFTP channels to read over. */
  maxChannels: number;
  /** The read is given up after it, and what came counts. */
  timeBudgetMs: number;
}

export interface ReadMeasurement {
  bytes: number;
  durationMs: number;
  /** Of one small request. */
  roundTripMs: number;
  /** Most channels that answered at a time. */
  channels: number;
  /** Share of the time in which our own process was at work, 0 to 1: near 1 it was the limit, not the line. */
  busyShare: number;
}
