import type { ParsedKey } from 'ssh2';

type SendSignature = (signature: Buffer) => void;
type Sign = (data: Buffer, send: SendSignature) => void;
type SendKey = (username: string, key: ParsedKey, algorithm?: string, sign?: Sign) => void;

/** Fields of ssh2 1.17 that it does not document (lib/protocol/Protocol.js). */
interface Ssh2Connection {
  _protocol?: { authPK?: SendKey };
}

/**
 * Lets a connection log in with a key in one round trip instead of two: ssh2 first asks whether the server would take
 * the key, and signs when it would (RFC 4252, section 7, leaves the question to the client). Other versions of ssh2 are
 * left as they are.
 *
 * To be called when the server's host key has been checked, and before the login.
 */
export function signAtOnce(connection: object): void {
  const { _protocol: protocol } = connection as Ssh2Connection;
  const sendKey = protocol?.authPK;
  if (protocol === undefined || typeof sendKey !== 'function') return;
  const ask: SendKey = sendKey.bind(protocol);
  protocol.authPK = (username, key, algorithm, sign) => {
    const signNow: Sign = (data, send) => {
      const signature: Buffer | Error = key.sign(data);
      // ssh2 knows how to fail when it comes to sign.
      if (signature instanceof Error) ask(username, key, algorithm);
      else send(signature);
    };
    ask(username, key, algorithm, sign ?? signNow);
  };
}
