import { join } from 'node:path';
import { startTcpProxy } from '../support/network/tcp-proxy.ts';
import { sourceOf } from '../support/sftp/partner.ts';
import { sshdMissing, startSshd } from '../support/sftp/sshd.ts';
import { MIB, startTransferRig } from '../support/transfer-rig.ts';
import { describeFault } from './support/fault.ts';
import { metricsOf } from './support/partner-rig.ts';

/** Logins wait at the line for each other, which is no silence of the server however busy the machine is. */
const CONNECT_TIMEOUT_MS = 300_000;

/**
 * Holds every login after the first (the canary's) before its first byte, until `count` have come: so many are under
 * way at the server at a time, on a fast machine too.
 */
function holdLogins(count: number): (connectionNumber: number) => Promise<void> | undefined {
  const { promise: haveCome, resolve: release } = Promise.withResolvers<void>();
  return (connectionNumber) => {
    if (connectionNumber === 1) return undefined;
    if (connectionNumber > count) release();
    return haveCome;
  };
}

describeFault(
  'F01',
  'MaxStartups 3 with 20 logins at once, 10:30:100 with 40',
  (tell) => {
    // Of 40, every one after the tenth is refused with 30 % or more: all of them get in once in ten million runs.
    test.each([
      ['MaxStartups 3', 20],
      ['MaxStartups 10:30:100', 40],
    ])('%s, %i logins at once: nothing fails, not even a step', async (maxStartups, width) => {
      const rig = await startTransferRig();
      const sshd = await startSshd([maxStartups, 'LogLevel DEBUG1']); // INFO counts only the first that it drops
      const proxy = await startTcpProxy({ targetPort: sshd.port, clientHeldUntil: holdLogins(width) });
      try {
        const { sha256 } = await rig.put('big.bin', width * 5 * MIB);
        const { username, privateKey } = sshd;
        const server = sourceOf(
          { ...sshd, port: proxy.port },
          {
            credentials: async () => ({ username, privateKey }),
            connectTimeoutMs: CONNECT_TIMEOUT_MS,
            loginTimeoutMs: CONNECT_TIMEOUT_MS,
          },
        );

        const { outcome, attempts, written } = await rig.transfer(server, {
          sftp_file_path: join(rig.folder, 'big.bin'),
          target_s3_key: 'big',
          max_concurrency: width,
        });

        expect(outcome).toMatchObject({ status: 'SUCCEEDED', object: { parts: width } });
        expect(await rig.store.hashOf('big')).toBe(sha256);
        expect(attempts.filter((attempt) => attempt.outcome !== 'succeeded')).toEqual([]);
        const log = await sshd.logged();
        const countInLog = (line: RegExp) => log.match(line)?.length ?? 0;
        const refused = countInLog(/drop connection #\d+ from /g);
        expect(refused).toBeGreaterThan(0);
        expect(proxy.connections).toBe(countInLog(/Accepted publickey for /g) + refused);
        expect(metricsOf(written, 'Retries').reduce((sum, lost) => sum + lost, 0)).toBe(refused);
        tell(`${width} parts landed, hash equal, ${refused} connections refused`);
      } finally {
        await proxy.close();
        await sshd.stop();
        await rig.close();
      }
    });
  },
  sshdMissing,
);
