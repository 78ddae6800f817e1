import {
  HostKeyMismatchError,
  InvalidTransferRequestError,
  SftpAuthenticationError,
  SftpConnectionError,
  SftpRequestRefusedError,
} from '../../transfer/errors.ts';
import { quoteServer } from '../../transfer/text/harmless-text.ts';
import { explainMismatch } from './algorithm-mismatch.ts';
import type { ConnectPhase, FailedAttempt } from './connect-event.ts';
import type { AddressAttempt } from './dial.ts';
import type { SignatureFacts } from './key-signature.ts';
import type { Login } from './login.ts';
import type { ServerHello } from './server-hello.ts';

/** What an IPv6 address comes to in a network without IPv6. */
const UNREACHABLE_CODES = ['ENETUNREACH', 'EHOSTUNREACH', 'EADDRNOTAVAIL', 'EAFNOSUPPORT'];

const WHAT_FAILED: Record<ConnectPhase, string> = {
  tcp: 'connecting',
  identification: 'waiting for its identification',
  'key exchange': 'exchanging keys',
  login: 'logging in',
  'sftp session': 'opening the SFTP session',
};

/** ssh2 says it in the text only: "Handshake failed: no matching C->S cipher". */
const NO_COMMON_ALGORITHM = /no matching/i;

/** What ssh2 makes of the server's SSH_MSG_CHANNEL_FAILURE, which has no text and no code. */
const NO_SFTP_SUBSYSTEM = /Unable to start subsystem/;

/** The server dropped us before it said who it is: OpenSSH does so above MaxStartups. Worth a quick new try. */
export function isLostBeforeHandshake({ phase, timedOut }: FailedAttempt): boolean {
  return phase === 'identification' && !timedOut;
}

/** The error class that says what a caller should do about a failed attempt. */
export function explainFailure(attempt: FailedAttempt): Error {
  const { server, phase, login, cause } = attempt;
  if (attempt.offeredFingerprint !== undefined) {
    return new HostKeyMismatchError(server, attempt.offeredFingerprint, attempt.pins);
  }
  const { offer } = attempt.hello;
  if (offer !== undefined && phase === 'key exchange' && NO_COMMON_ALGORITHM.test(cause?.message ?? '')) {
    return explainMismatch(server, offer, attempt.legacyAlgorithms, cause);
  }
  if (login.refused || (phase === 'login' && isRefusalByDisconnect(attempt))) return explainRefusal(attempt);
  if (phase === 'sftp session' && NO_SFTP_SUBSYSTEM.test(cause?.message ?? '')) return explainNoSftp(attempt);
  if (attempt.isUnknownHostFinal && isUnknownHost(attempt)) return explainUnknownHost(attempt);
  return new SftpConnectionError(
    `${server}: ${describe(attempt)} after ${formatSeconds(attempt.elapsedMs)} while ${WHAT_FAILED[phase]}` +
      `${saidBefore(attempt.hello)}.${allowlistHint(attempt)}`,
    cause && { cause },
  );
}

/**
 * A server that ends the connection right after a credential has refused it (OpenSSH does so at MaxAuthTries); a
 * reset or a silence there is the network's. In doubt it is a refusal: trying again could get our address banned.
 */
function isRefusalByDisconnect({ login, timedOut, cause }: FailedAttempt): boolean {
  if (login.tried.length === 0 || timedOut) return false;
  // ssh2 gives an SSH_MSG_DISCONNECT as an error whose code is the reason's number.
  return cause === undefined || typeof (cause as { code?: unknown }).code === 'number';
}

/** Another login would get the same answer, and count at the partner. */
function explainNoSftp({ server, cause }: FailedAttempt): SftpRequestRefusedError {
  return new SftpRequestRefusedError(
    `${server}: the login succeeds, but the server gives this user no SFTP. ` +
      'The partner must enable its SFTP subsystem for our account.',
    cause && { cause },
  );
}

function isUnknownHost({ addresses, cause, phase }: FailedAttempt): boolean {
  const { code } = (cause ?? {}) as NodeJS.ErrnoException;
  return phase === 'tcp' && addresses.length === 0 && code === 'ENOTFOUND';
}

function explainUnknownHost({ server, cause }: FailedAttempt): InvalidTransferRequestError {
  const bound = 'no name server knows it; compare it with the name that the partner gave';
  return new InvalidTransferRequestError('the host name', hostOf(server), bound, cause && { cause });
}

/** Of host:port. */
const hostOf = (server: string): string => server.slice(0, server.lastIndexOf(':'));

function explainRefusal({ server, login, cause }: FailedAttempt): Error {
  if (login.unusableWith !== undefined && login.tried.length === 0)
    return explainUnusableKey(server, login.unusableWith);
  const tried = login.tried.join(', then ') || 'nothing, since the credentials fit no method of the server';
  const accepted = login.accepted.join(', ') || 'none that it names';
  const said = login.refused || cause === undefined ? '' : ` It said: ${quoteServer(cause.message)}.`;
  return new SftpAuthenticationError(
    `${server} refused the login (tried: ${tried}; the server accepts: ${accepted}).${said}${guessHint(login)} ` +
      'It is not tried again, because repeated failures get our address banned.',
    cause && { cause },
  );
}

/** The server takes no signature that our RSA key may make: it was not tried, and the server has not heard our name. */
function explainUnusableKey(server: string, facts: SignatureFacts): InvalidTransferRequestError {
  const { serverSignatures, hostKeyAlgorithms } = facts;
  const taken = (serverSignatures ?? hostKeyAlgorithms).map(quoteServer).join(', ');
  return new InvalidTransferRequestError(
    'the private key',
    'an RSA key',
    `${server} takes no RSA signature that is allowed here (it names: ${taken}). Nothing was sent. ` +
      'Give the partner an ed25519 key, or, where the server names ssh-rsa, allow that in legacyAlgorithms ' +
      '(on this machine: --legacy-algorithm ssh-rsa)',
  );
}

/** Servers that are too old to name the signatures that they take may be too old for the one that we made. */
function guessHint({ guessedSignature }: Login): string {
  if (guessedSignature === undefined || guessedSignature === 'ssh-rsa') return '';
  return (
    ` It does not say which RSA signatures it takes; ours was ${guessedSignature}. A server that takes SHA-1 only needs ` +
    'ssh-rsa in legacyAlgorithms; an ed25519 key needs no such choice.'
  );
}

function describe({ timedOut, cause, addresses }: FailedAttempt): string {
  if (addresses.length > 1) {
    const ends = addresses.map(
      ({ address, error }) => `${address}: ${describeEnd(error, error === undefined)}`,
    );
    return `no address of the host could be reached (${ends.join('; ')})`;
  }
  return describeEnd(cause, timedOut);
}

function describeEnd(cause: Error | undefined, timedOut: boolean): string {
  if (timedOut) return 'no answer';
  const code = (cause as NodeJS.ErrnoException | undefined)?.code;
  switch (code) {
    case 'ECONNREFUSED':
      return 'connection refused';
    case 'ECONNRESET':
      return 'connection reset';
    case 'ENETUNREACH':
    case 'EHOSTUNREACH':
      return `no route from here (${code})`;
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `the name cannot be resolved (${code})`;
    default:
      return cause === undefined
        ? 'connection closed by the server'
        : quoteServer(cause.message) || `${code}`;
  }
}

function saidBefore(hello: ServerHello): string {
  if (hello.identification !== undefined || hello.greeting === '') return '';
  return ` (it said: ${quoteServer(hello.greeting)})`;
}

/** A firewall that does not know us shows as silence, or as an end of the connection before the server's first word. */
function allowlistHint({ phase, addresses, hello, egressAddresses }: FailedAttempt): string {
  const looksBlocked =
    phase === 'tcp' ? wereSilent(addresses) : phase === 'identification' && hello.greeting === '';
  if (!looksBlocked) return '';
  const allowed = egressAddresses.length > 0 ? egressAddresses.join(', ') : 'the address that we come from';
  return ` A server that does not know our address does this: the partner must allow ${allowed}.`;
}

/** One that refused is switched on and reached: then no firewall drops our packets. */
function wereSilent(addresses: readonly AddressAttempt[]): boolean {
  const isSilent = ({ error }: AddressAttempt) =>
    error === undefined || (error as NodeJS.ErrnoException).code === 'ETIMEDOUT';
  const isNoRoute = ({ error }: AddressAttempt) =>
    UNREACHABLE_CODES.includes((error as NodeJS.ErrnoException | undefined)?.code ?? '');
  return addresses.some(isSilent) && addresses.every((one) => isSilent(one) || isNoRoute(one));
}

function formatSeconds(ms: number): string {
  return `${(ms / 1000).toFixed(2)} s`;
}
