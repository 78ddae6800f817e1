import { UNMATCHABLE_PIN } from '../sftp/connect/host-key.ts';
import { Ssh2SftpServer } from '../sftp/sftp-server.ts';
import { HostKeyMismatchError } from '../transfer/errors.ts';

const TIMEOUT_MS = 30_000;

/**
 * The fingerprint that a server offers. The connection is refused at that point, so no user name and no credential
 * is sent.
 * @throws SftpConnectionError | InvalidTransferRequestError
 */
export async function offeredHostKey(server: {
  host: string;
  port: number;
  legacyAlgorithms: readonly string[];
}): Promise<string> {
  const probe = new Ssh2SftpServer({
    host: server.host,
    port: server.port,
    legacyAlgorithms: [...server.legacyAlgorithms],
    hostKeyFingerprints: [UNMATCHABLE_PIN],
    credentials: async () => ({ username: 'unsent', password: 'unsent' }),
  });
  try {
    const session = await probe.connect(AbortSignal.timeout(TIMEOUT_MS));
    await session.end();
  } catch (error) {
    if (error instanceof HostKeyMismatchError) return error.offered;
    throw error;
  }
  throw new Error('a server was trusted although no key can have this fingerprint');
}
