import type { SftpServerSettings } from '../../../sftp/settings.ts';
import type { Ssh2SftpServer } from '../../../sftp/sftp-server.ts';
import { connectionsLeft } from '../../support/network/connections-left.ts';
import type { S3Fault, S3Request } from '../../support/s3/s3-fault-front.ts';
import {
  type FaultySftpServer,
  type SftpServerFaults,
  startFaultySftpServer,
} from '../../support/sftp/faulty-sftp-server.ts';
import { PASSWORD, sourceOf, USERNAME } from '../../support/sftp/partner.ts';
import { startTransferRig, type TransferRig } from '../../support/transfer-rig.ts';

/** A transfer rig whose folder a partner's faulty server serves. */
export interface PartnerRig extends TransferRig {
  server: FaultySftpServer;
  /** Logs in to the server with the right password. */
  source(overrides?: Partial<SftpServerSettings>): Ssh2SftpServer;
}

/**
 * Runs a test on a rig of its own. Whatever the test does to its transfers, they must leave no multipart upload, and
 * hold no session with the partner.
 */
export async function withPartner(
  test: (rig: PartnerRig) => Promise<void>,
  options: {
    faults?: SftpServerFaults;
    s3FaultOf?: (request: S3Request) => S3Fault | undefined;
    server?: Partial<Parameters<typeof startFaultySftpServer>[0]>;
  } = {},
): Promise<void> {
  const rig = await startTransferRig(options.s3FaultOf);
  const server = await startFaultySftpServer({
    rootDirectory: rig.folder,
    username: USERNAME,
    password: PASSWORD,
    faults: options.faults ?? {},
    ...options.server,
  });
  try {
    await test({ ...rig, server, source: (overrides) => sourceOf(server, overrides) });
    expect(await rig.store.openUploads()).toEqual([]);
    expect(await connectionsLeft(() => server.record.openConnections)).toBe(0);
  } finally {
    await server.close();
    await rig.close();
  }
}

/** The values of a metric in what a transfer wrote. */
export function metricsOf(written: readonly string[], name: string): number[] {
  return written.flatMap((line) => {
    const { level, message, value } = JSON.parse(line) as {
      level?: string;
      message?: string;
      value?: number;
    };
    return level === 'METRIC' && message === name && value !== undefined ? [value] : [];
  });
}
