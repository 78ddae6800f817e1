import type { ConnectListener } from '../sftp/connect/connect-event.ts';
import { UNMATCHABLE_PIN } from '../sftp/connect/host-key.ts';
import { Ssh2SftpServer } from '../sftp/sftp-server.ts';
import { HostKeyMismatchError } from '../transfer/errors.ts';

const TIMEOUT_MS = 30_000;

interface Offering {
  host: string;
  port: number;
  legacyAlgorithms: readonly string[];
}

/**
 * The fingerprint that a server offers first. The connection is refused at that point, so no user name and no
 * credential is sent.
 * @throws SftpConnectionError | InvalidTransferRequestError
 */
export async function offeredHostKey(server: Offering): Promise<string> {
  const [first] = await offeredHostKeys(server);
  if (first === undefined) throw new Error('a server was trusted although no key can have this fingerprint');
  return first;
}

/** The same of all its host keys, one of each kind that both sides know. */
export async function offeredHostKeys(server: Offering): Promise<string[]> {
  const probe = new Ssh2SftpServer({
    host: server.host,
    port: server.port,
    legacyAlgorithms: [...server.legacyAlgorithms],
    hostKeyFingerprints: [UNMATCHABLE_PIN],
    credentials: async () => ({ username: 'unsent', password: 'unsent' }),
  });
  const offered = new Set<string>();
  const note: ConnectListener = (event) => {
    if (event.kind !== 'attempt-failed') return;
    const { offeredFingerprint } = event.failure;
    if (offeredFingerprint !== undefined) offered.add(offeredFingerprint);
  };
  try {
    const session = await probe.connect(AbortSignal.timeout(TIMEOUT_MS), note);
    await session.end();
  } catch (error) {
    if (!(error instanceof HostKeyMismatchError)) throw error;
    offered.add(error.offered);
  }
  return [...offered];
}
