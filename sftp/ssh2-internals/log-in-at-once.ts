type OnExtensions = (protocol: object, extensions: unknown) => void;
type OnServiceAccepted = (protocol: object, service: string) => void;

/** Fields of ssh2 1.17 that it does not document (lib/client.js, lib/protocol/Protocol.js). */
interface Ssh2Connection {
  _protocol?: {
    _handlers?: { EXT_INFO?: OnExtensions; SERVICE_ACCEPT?: OnServiceAccepted };
  };
}

const LOGIN_SERVICE = 'ssh-userauth';
/** It takes the request for the service and the login in the order in which they come. Nobody knows of all others. */
const TAKES_BOTH_AT_ONCE = /^SSH-2\.0-OpenSSH_/;

/**
 * Saves a round trip of the login at OpenSSH: the first credential follows right behind the request for the login
 * service, for which ssh2 waits (RFC 4253, section 10, has the server disconnect when it refuses). It is sent when the
 * server has listed its signature algorithms (RFC 8308), which OpenSSH does in its first encrypted packet: an RSA key
 * needs them. Without that list, and with other versions of ssh2, nothing changes.
 *
 * It saves that one even though sshd's answers are held back by Nagle's algorithm until we confirm its last one: its
 * words after the login (debug messages, host keys) then leave with the login's confirmation, and do not hold back
 * the answer to the channel's opening.
 *
 * To be called in the event `handshake`, so before either of the two can have come.
 * @param identification the server's, as it sent it
 */
export function logInAtOnce(connection: object, identification: string | undefined): void {
  const handlers = (connection as Ssh2Connection)._protocol?._handlers;
  const onExtensions = handlers?.EXT_INFO;
  const onAccepted = handlers?.SERVICE_ACCEPT;
  if (handlers === undefined || onExtensions === undefined || onAccepted === undefined) return;
  if (identification === undefined || !TAKES_BOTH_AT_ONCE.test(identification)) return;

  let hasBegun = false;
  handlers.EXT_INFO = (protocol, extensions) => {
    onExtensions(protocol, extensions);
    if (hasBegun) return;
    hasBegun = true;
    onAccepted(protocol, LOGIN_SERVICE);
  };
  handlers.SERVICE_ACCEPT = (protocol, service) => {
    if (hasBegun && service === LOGIN_SERVICE) return;
    hasBegun = true;
    onAccepted(protocol, service);
  };
}
