import type { Socket } from 'node:net';
import { DEFAULT_CONNECT_TIMEOUT_SECONDS, DEFAULT_LOGIN_TIMEOUT_SECONDS } from '../transfer/defaults.ts';
import type { Lookup } from './connect/dial.ts';
import type { LearnedLimits } from './learned-limits.ts';
/** What a partner gave us to log in with. At least one of password and privateKey. */
export interface SftpCredentials {
  username: string;
  password?: string;
  /** In any form that connect/private-key reads. */
  privateKey?: string;
  privateKeyPassphrase?: string;
  /** Names this version of the secret that they came from; no secret itself. */
  secretVersionId?: string;
}

/** What it takes to reach one partner's server. */
export interface SftpServerSettings {
  /** Host name or address. */
  host: string;
  port: number;
  /** Pinned host keys, `SHA256:…`; a list so that a key can be rotated with overlap. None: nothing is connected. */
  hostKeyFingerprints: readonly string[];
  /**
   * Called once per connection, with the version of the secret that is wanted (undefined: the present one); may cache.
   * It ends when the signal is aborted.
   */
  credentials: (secretVersionId: string | undefined, signal: AbortSignal) => Promise<SftpCredentials>;
  /** Those before the last rotation, if they were others. @default there were none */
  previousCredentials?: (signal: AbortSignal) => Promise<SftpCredentials | undefined>;
  /** Names out of LEGACY_ALGORITHMS. @default none */
  legacyAlgorithms?: readonly string[];
  /** Our addresses as the partner sees them, shown when its firewall seems to drop us. @default none */
  egressAddresses?: readonly string[];
  /** From the first packet to a TCP connection, for each address of the host. @default DEFAULT_CONNECT_TIMEOUT_MS */
  connectTimeoutMs?: number;
  /** From the TCP connection to the open SFTP session. @default DEFAULT_LOGIN_TIMEOUT_MS */
  loginTimeoutMs?: number;
  /** @default the system's resolver */
  lookup?: Lookup;
  /**
   * A host name of which the name servers say that there is none is final: somebody has just typed it. Else it is tried
   * again, as a name server in trouble says the same. @default false
   */
  isUnknownHostFinal?: boolean;
  /** @default Node's `net.connect` */
  openSocket?: (address: string, port: number) => Socket;
  /** Most tries of one `connect` that is lost before the handshake. @default LOST_BEFORE_HANDSHAKE_MAX_ATTEMPTS */
  lostBeforeHandshakeMaxAttempts?: number;
  /** Longest silence of the server while an answer is awaited. @default DEFAULT_IDLE_TIMEOUT_MS */
  idleTimeoutMs?: number;
  /** Silence after which the server is asked whether it is there. @default DEFAULT_KEEPALIVE_INTERVAL_MS */
  keepaliveIntervalMs?: number;
  /** What earlier connections have taught. @default each SftpServer's own, which its copies share */
  learned?: LearnedLimits;
  /** SFTP channels per connection that a read may use. @default the reader's */
  maxChannels?: number;
  /** Bytes that a read may have requested and not delivered. @default the reader's */
  maxBytesInFlight?: number;
}

export const DEFAULT_CONNECT_TIMEOUT_MS = DEFAULT_CONNECT_TIMEOUT_SECONDS * 1_000;
export const DEFAULT_LOGIN_TIMEOUT_MS = DEFAULT_LOGIN_TIMEOUT_SECONDS * 1_000;
/** Above the pauses that servers on spinning or remote storage make, well under a Lambda's life. */
export const DEFAULT_IDLE_TIMEOUT_MS = 30_000;
/** Under the shortest idle time-outs in between: NAT gateways drop a connection after 350 s of silence. */
export const DEFAULT_KEEPALIVE_INTERVAL_MS = 15_000;
/** Unanswered keepalives before the connection is given up. */
export const KEEPALIVE_MAX_UNANSWERED = 3;

/** Most tries of one `connect` against a server that closes before it identifies itself (OpenSSH's MaxStartups). */
export const LOST_BEFORE_HANDSHAKE_MAX_ATTEMPTS = 10;
/**
 * The same for the first connection of an execution. It is alone, so nothing of ours crowds it out; and a server that
 * does not know our address looks the same, and hammering it does not help. The workflow tries again later.
 */
export const CANARY_LOST_BEFORE_HANDSHAKE_MAX_ATTEMPTS = 3;
/** The wait before try n is random, up to this doubled n - 1 times, but at most the cap. */
export const LOST_BEFORE_HANDSHAKE_BASE_DELAY_MS = 500;
export const LOST_BEFORE_HANDSHAKE_MAX_DELAY_MS = 4_000;

/** Longest wait for the server to confirm the end of a connection; then it is cut. */
export const END_TIMEOUT_MS = 2_000;
