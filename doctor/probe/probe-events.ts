import type { ConnectEvent, FailedAttempt } from '../../sftp/connect/connect-event.ts';
import { negotiate } from '../../sftp/connect/negotiation.ts';
import { quoteServer } from '../../transfer/text/harmless-text.ts';
import type { ConnectionEvent, ConnectionLoss } from '../ports.ts';

/** What the adapter reports about a connection, in the words of the check. */
export function toConnectionEvent(event: ConnectEvent, legacyAlgorithms: readonly string[]): ConnectionEvent {
  switch (event.kind) {
    case 'attempt-started':
      return { at: 'attempt' };
    case 'tcp-connected':
      return { at: 'tcp', address: event.address };
    case 'server-identified':
      return { at: 'banner', identification: quoteServer(event.identification) };
    case 'algorithms-offered':
      return { at: 'algorithms', negotiation: negotiate(event.offer, legacyAlgorithms) };
    case 'host-key-offered': {
      const { fingerprint, keyType, isPinned } = event;
      return { at: 'host-key', fingerprint, keyType, isPinned };
    }
    case 'logged-in':
      return { at: 'login', methods: event.methods };
    case 'attempt-failed':
      return { at: 'lost', loss: lossOf(event.failure) };
  }
}

function lossOf({ timedOut, cause, hello }: FailedAttempt): ConnectionLoss {
  const said = hello.identification === undefined ? quoteServer(hello.greeting) : '';
  if (timedOut) return { how: 'timed-out', said };
  if (cause === undefined) return { how: 'closed', said };
  const code = (cause as NodeJS.ErrnoException).code ?? '';
  return { how: HOW_BY_CODE[code] ?? 'other', said };
}

const HOW_BY_CODE: Readonly<Record<string, ConnectionLoss['how']>> = {
  ECONNREFUSED: 'refused',
  ECONNRESET: 'reset',
  ETIMEDOUT: 'timed-out',
  EHOSTUNREACH: 'unreachable',
  ENETUNREACH: 'unreachable',
};
