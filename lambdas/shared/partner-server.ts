import type { EgressEcho, ServerProbe } from '../../doctor/ports.ts';
import { HttpEgressEcho } from '../../doctor/probe/http-egress-echo.ts';
import { Ssh2ServerProbe } from '../../doctor/probe/server-probe.ts';
import type { SftpServer } from '../../sftp/ports.ts';
import { CANARY_LOST_BEFORE_HANDSHAKE_MAX_ATTEMPTS, type SftpServerSettings } from '../../sftp/settings.ts';
import { Ssh2SftpServer } from '../../sftp/sftp-server.ts';
import type { readSftpSettings } from './env.ts';
import { createSecretsManagerClient } from './secrets-manager-client.ts';
import { SecretsManagerCredentials } from './secrets-manager-credentials.ts';

/** The partner's server as a function's environment describes it. */
type PartnerSettings = ReturnType<typeof readSftpSettings>;

/** The partner's server, logged in to with the partner's secret. */
export function createPartnerServer(settings: PartnerSettings): SftpServer {
  return new Ssh2SftpServer(withSecret(settings));
}

/** The same for an execution's first connection, which gives up sooner when the server closes it at once. */
export function createCanaryServer(settings: PartnerSettings): SftpServer {
  return new Ssh2SftpServer({
    ...withSecret(settings),
    lostBeforeHandshakeMaxAttempts: CANARY_LOST_BEFORE_HANDSHAKE_MAX_ATTEMPTS,
  });
}

/** The same server, to be checked. */
export function createPartnerProbe(settings: PartnerSettings): ServerProbe {
  return new Ssh2ServerProbe(withSecret(settings));
}

/** What measures the address that the internet sees; undefined where none is configured. */
export function createEgressEcho({
  egressEchoUrl,
}: {
  egressEchoUrl: string | undefined;
}): EgressEcho | undefined {
  return egressEchoUrl === undefined ? undefined : new HttpEgressEcho(egressEchoUrl);
}

function withSecret({ secretArn, ...connection }: PartnerSettings): SftpServerSettings {
  const secret = new SecretsManagerCredentials(createSecretsManagerClient(), secretArn);
  return {
    ...connection,
    credentials: (versionId, signal) =>
      versionId === undefined ? secret.current(signal) : secret.version(versionId, signal),
    previousCredentials: (signal) => secret.previous(signal),
  };
}
