import type { AuthenticationType } from 'ssh2';
import type { AlgorithmOffer } from './algorithms.ts';
import type { AddressAttempt } from './dial.ts';
import type { Login } from './login.ts';
import type { ServerHello } from './server-hello.ts';

/** How far a connection came. */
export type ConnectPhase = 'tcp' | 'identification' | 'key exchange' | 'login' | 'sftp session';

/** What is known when a connection attempt has failed. */
export interface FailedAttempt {
  /** host:port */
  server: string;
  phase: ConnectPhase;
  elapsedMs: number;
  hello: ServerHello;
  login: Login;
  egressAddresses: readonly string[];
  legacyAlgorithms: readonly string[];
  pins: readonly string[];
  /** Both set when the host key was not pinned. */
  offeredFingerprint?: string;
  offeredKeyType?: string;
  timedOut: boolean;
  /** Whether a host name that nobody knows is the caller's mistake. */
  isUnknownHostFinal: boolean;
  /** What became of each address of the host; empty once one of them had answered. */
  addresses: readonly AddressAttempt[];
  cause: Error | undefined;
}

/** What a connection attempt comes to, step by step, in this order; `attempt-failed` may follow any of them. */
export type ConnectEvent =
  | { kind: 'attempt-started' }
  | { kind: 'tcp-connected'; address: string }
  /** `SSH-2.0-…` */
  | { kind: 'server-identified'; identification: string }
  | { kind: 'algorithms-offered'; offer: AlgorithmOffer }
  | { kind: 'host-key-offered'; fingerprint: string; keyType: string; isPinned: boolean }
  /** `methods` that carried a credential, in the order of use. */
  | { kind: 'logged-in'; methods: readonly AuthenticationType[] }
  /** The connection may be tried again after it. */
  | { kind: 'attempt-failed'; failure: FailedAttempt };

export type ConnectListener = (event: ConnectEvent) => void;
