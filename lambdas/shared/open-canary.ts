import type { SftpSession } from '../../sftp/ports.ts';
import { SftpAuthenticationError } from '../../transfer/errors.ts';
import { openSession, type SessionPorts } from './partner-session.ts';

interface Canary {
  session: SftpSession;
  /** The server refused the present version of the secret. */
  usesPreviousSecret: boolean;
}

/**
 * The first connection of an execution, one login. Where the server refuses it and the secret was rotated, the
 * version before the rotation is tried, once: a partner may take the new password hours after we do. The session
 * names the version that worked, and all later steps use that one.
 * @throws SftpAuthenticationError that of the present version, so that nothing is tried a third time
 */
export async function openCanary(ports: SessionPorts, signal: AbortSignal): Promise<Canary> {
  try {
    return { session: await openSession(ports, signal), usesPreviousSecret: false };
  } catch (refusal) {
    if (!(refusal instanceof SftpAuthenticationError)) throw refusal;
    return { session: await openWithPreviousSecret(ports, refusal, signal), usesPreviousSecret: true };
  }
}

async function openWithPreviousSecret(
  ports: SessionPorts,
  refusal: SftpAuthenticationError,
  signal: AbortSignal,
): Promise<SftpSession> {
  const { telemetry } = ports;
  try {
    const previous = await ports.server.withPreviousSecret(signal);
    if (previous === undefined) throw refusal;
    const session = await openSession({ ...ports, server: previous }, signal);
    telemetry.metric('PreviousSecretUsed', 1);
    telemetry.warn(
      'the server refused the present version of the secret and took the one before the last rotation',
      { secret_version_id: session.secretVersionId, error_message: refusal.message },
    );
    return session;
  } catch (error) {
    if (error !== refusal) {
      const { name, message } = error as Error;
      telemetry.warn('the previous version of the secret did not help', {
        error_name: name,
        error_message: message,
      });
    }
    throw refusal;
  }
}
