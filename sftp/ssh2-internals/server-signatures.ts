/** An extension of RFC 8308 as ssh2 parses it: of `server-sig-algs` with its names, of others nothing. */
interface Extension {
  name: string;
  algs?: readonly string[];
}

type Handle = (protocol: unknown, extensions: readonly Extension[]) => void;

/** Fields of ssh2 1.17 that it does not document (lib/protocol/Protocol.js). */
interface Ssh2Connection {
  _protocol?: { _handlers?: { EXT_INFO?: Handle } };
}

/**
 * Listens for the signature algorithms that the server takes from keys (`server-sig-algs`, RFC 8308), which ssh2 keeps
 * for itself. Other versions of ssh2 are left as they are: there it stays unknown.
 *
 * To be called at the handshake: the server sends them right after it.
 * @returns what the server has said so far; undefined while it has said nothing
 */
export function listenForServerSignatures(connection: object): () => readonly string[] | undefined {
  const handlers = (connection as Ssh2Connection)._protocol?._handlers;
  const handle = handlers?.EXT_INFO;
  let names: readonly string[] | undefined;
  if (handlers !== undefined && typeof handle === 'function') {
    handlers.EXT_INFO = (protocol, extensions) => {
      names ??= extensions.find(({ name }) => name === 'server-sig-algs')?.algs;
      handle(protocol, extensions);
    };
  }
  return () => names;
}
