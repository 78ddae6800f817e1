import type { AuthenticationType } from 'ssh2';
import type { FailedAttempt } from './connect-failure.ts';
import type { ServerOffer } from './server-hello.ts';

/** What a connection attempt comes to, step by step, in this order; `attempt-failed` may follow any of them. */
export type ConnectEvent =
  | { kind: 'attempt-started' }
  | { kind: 'tcp-connected'; address: string }
  /** `SSH-2.0-…` */
  | { kind: 'server-identified'; identification: string }
  | { kind: 'algorithms-offered'; offer: ServerOffer }
  | { kind: 'host-key-offered'; fingerprint: string; keyType: string; isPinned: boolean }
  /** `methods` that carried a credential, in the order of use. */
  | { kind: 'logged-in'; methods: readonly AuthenticationType[] }
  /** The connection may be tried again after it. */
  | { kind: 'attempt-failed'; failure: FailedAttempt };

export type ConnectListener = (event: ConnectEvent) => void;
