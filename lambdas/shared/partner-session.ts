import type { SftpServer, SftpSession } from '../../sftp/ports.ts';
import type { Clock } from '../../transfer/clock.ts';
import type { PlannedTransfer } from '../../transfer/contracts.ts';
import type { Telemetry } from '../../transfer/telemetry.ts';

export interface SessionPorts {
  server: SftpServer;
  telemetry: Telemetry;
  clock: Clock;
}

/** Connects, with its time and its retries in the metrics, and a segment in the trace. Its owner must call `end`. */
export async function openSession(ports: SessionPorts, signal: AbortSignal): Promise<SftpSession> {
  const endSegment = ports.telemetry.startSegment('sftp.connect');
  const startedMs = ports.clock.nowMs();
  try {
    const session = await ports.server.connect(signal);
    if (!session.isHandedOn) ports.telemetry.metric('ConnectMilliseconds', ports.clock.nowMs() - startedMs);
    if (session.connectionsLost > 0) ports.telemetry.metric('Retries', session.connectionsLost);
    endSegment();
    return session;
  } catch (error) {
    endSegment(error);
    throw error;
  }
}

/** The ports of a step after the first: they log in with the version of the secret that the first one logged in with. */
export function withPlannedSecret<Ports extends SessionPorts>(
  ports: Ports,
  { secret_version_id: id }: Pick<PlannedTransfer, 'secret_version_id'>,
): Ports {
  return id === undefined ? ports : { ...ports, server: ports.server.withSecretVersion(id) };
}

/** Runs `work` on a session of its own and lets go of it whatever happens: a frozen Lambda must not hold one. */
export async function withSession<T>(
  ports: SessionPorts,
  signal: AbortSignal,
  work: (session: SftpSession) => Promise<T>,
): Promise<T> {
  const session = await openSession(ports, signal);
  try {
    const result = await work(session);
    await session.release();
    return result;
  } finally {
    await session.end();
  }
}
