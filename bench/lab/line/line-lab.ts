import { startSshd } from '../../../test/support/sftp/sshd.ts';
import { buildLab, commonParts, type Lab } from '../lab.ts';
import type { Line } from '../line.ts';
import { startProcess } from '../ready-process.ts';
import { type LineCounters, type LineShape, startPacketLine } from './packet-line.ts';

/** Servers at one end of a packet-level line, clients and S3 at the other. */
export interface LineLab extends Lab {
  /** Makes the line another one. */
  shape(shape: LineShape): Promise<Line>;
  counters(): Promise<LineCounters>;
  /** Logins that sshd has accepted so far. */
  logins(): Promise<number>;
}

/** A lab that was forgotten ends by itself. */
const MAX_SECONDS = 4 * 3_600;
/** sshd must not wait for ever for a client at the other end of a line that is gone. */
const SSHD_CONFIG = ['ClientAliveInterval 10', 'ClientAliveCountMax 3', 'MaxStartups 100'];
const RAW_SOURCE_PROCESS = new URL('./raw-source-process.ts', import.meta.url);

/** @throws Error where a packet-level line cannot be; see packetLineMissing */
export async function startLineLab(): Promise<LineLab> {
  return buildLab(async (folder, stops) => {
    const line = await startPacketLine(MAX_SECONDS);
    stops.push(line.stop);
    const sshd = await startSshd(SSHD_CONFIG, line.server);
    stops.push(sshd.stop);
    const { address } = line.server;
    const rawSource = await startProcess<{ port: number }>(RAW_SOURCE_PROCESS, [address], line.server);
    stops.push(rawSource.stop);
    const parts = await commonParts(folder, { kind: 'OpenSSH', ...sshd }, stops, line.client);
    return {
      ...parts,
      client: line.client,
      async shape(shape) {
        await line.shape(shape);
        return {
          roundTripMs: shape.roundTripMs,
          host: sshd.host,
          port: sshd.port,
          rawPort: rawSource.ready.port,
        };
      },
      counters: line.counters,
      logins: async () => (await sshd.logged()).match(/^Accepted publickey for /gm)?.length ?? 0,
    };
  });
}
