import type { Clock, SftpSession, SftpSource, Telemetry } from './ports.ts';

export interface SessionPorts {
  source: SftpSource;
  telemetry: Telemetry;
  clock: Clock;
}

/** Connects, with the connection's time in the metrics and the trace. Its owner must call `end`. */
export async function openSession(ports: SessionPorts, signal: AbortSignal): Promise<SftpSession> {
  const endSegment = ports.telemetry.startSegment('sftp.connect');
  const startedMs = ports.clock.nowMs();
  try {
    const session = await ports.source.connect(signal);
    ports.telemetry.metric('ConnectMilliseconds', ports.clock.nowMs() - startedMs);
    endSegment();
    return session;
  } catch (error) {
    endSegment(error);
    throw error;
  }
}

/** Runs `work` on a connection of its own and ends it whatever happens: a frozen Lambda must not hold a session. */
export async function withSession<T>(
  ports: SessionPorts,
  signal: AbortSignal,
  work: (session: SftpSession) => Promise<T>,
): Promise<T> {
  const session = await openSession(ports, signal);
  try {
    return await work(session);
  } finally {
    await session.end();
  }
}
