import type { SftpServerSettings } from '../../../sftp/settings.ts';
import { Ssh2SftpServer } from '../../../sftp/sftp-server.ts';

/** User and password of the partner in tests; the password is what no log and no error may show. */
export const USERNAME = 'partner';
export const PASSWORD = 'pässword-of-the-partner';

export const never = new AbortController().signal;

interface Server {
  host: string;
  port: number;
  hostKeyFingerprint: string;
}

/** A source that knows the server's host key and the partner's password; `overrides` win. */
export function sourceOf(server: Server, overrides: Partial<SftpServerSettings> = {}): Ssh2SftpServer {
  return new Ssh2SftpServer({
    host: server.host,
    port: server.port,
    hostKeyFingerprints: [server.hostKeyFingerprint],
    credentials: async () => ({ username: USERNAME, password: PASSWORD }),
    ...overrides,
  });
}

/** Connects, and returns what went wrong. Fails when nothing did. */
export async function connectError(source: Ssh2SftpServer, signal = never): Promise<Error> {
  const outcome = await source.connect(signal).catch((error: Error) => error);
  if (outcome instanceof Error) return outcome;
  await outcome.end();
  throw new Error('connected, although an error was expected');
}

/** Connects, does one request, and ends: throws what goes wrong. */
export async function useOnce(source: Ssh2SftpServer, path = '/'): Promise<string> {
  const session = await source.connect(never);
  try {
    await session.stat(path, never);
    return await session.realpath(path, never);
  } finally {
    await session.end();
  }
}
