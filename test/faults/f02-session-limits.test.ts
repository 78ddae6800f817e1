import { join } from 'node:path';
import { startTcpProxy } from '../support/network/tcp-proxy.ts';
import { sourceOf } from '../support/sftp/partner.ts';
import { type Sshd, sshdMissing, startSshd } from '../support/sftp/sshd.ts';
import { MIB, startTransferRig } from '../support/transfer-rig.ts';
import { waitUntil } from '../support/wait-until.ts';
import { describeFault } from './support/fault.ts';
import { metricsOf, withPartner } from './support/partner-rig.ts';

// As with a version of ssh2 whose windows cannot be widened: the reader then wants several channels at once.
jest.mock('../../sftp/ssh2-internals/channel-window.ts', () => ({
  ...jest.requireActual('../../sftp/ssh2-internals/channel-window.ts'),
  widenChannelWindow: () => false,
}));

describeFault(
  'F02',
  'MaxSessions 2, then 3 sessions in all for 8 chunks',
  (tell) => {
    test('OpenSSH refuses the third channel of a connection: the reader gets by with two', async () => {
      const rig = await startTransferRig();
      const sshd: Sshd = await startSshd(['MaxSessions 2']);
      const proxy = await startTcpProxy({ targetPort: sshd.port, delayMs: 40 });
      try {
        const { sha256 } = await rig.put('big.bin', 32 * MIB);
        const { username, privateKey } = sshd;
        const login = { credentials: async () => ({ username, privateKey }) };

        const { outcome, attempts, written } = await rig.transfer(
          sourceOf({ ...sshd, port: proxy.port }, login),
          {
            sftp_file_path: join(rig.folder, 'big.bin'),
            target_s3_key: 'big',
            chunk_size_bytes: 16 * MIB,
            // Each asks for half of what the line is taken for: more than two channels carry.
            max_concurrency: 2,
          },
        );

        expect(outcome).toMatchObject({ status: 'SUCCEEDED' });
        expect(await rig.store.hashOf('big')).toBe(sha256);
        expect(attempts.filter((attempt) => attempt.outcome !== 'succeeded')).toEqual([]);
        expect(metricsOf(written, 'Channels')).toEqual([2, 2]);
        const refused = metricsOf(written, 'RefusedChannels').reduce((sum, count) => sum + count, 0);
        expect(refused).toBeGreaterThan(0);
        tell(`${refused} channels refused, 2 used, hash equal`);
      } finally {
        await proxy.close();
        await sshd.stop();
        await rig.close();
      }
    });

    test('a cap on the sessions of a user refuses whole connections: the workflow tries those again', async () => {
      await withPartner(
        async (rig) => {
          const { path, sha256 } = await rig.put('big.bin', 40 * MIB);
          // While the first three sessions wait for their bytes, the fourth is asked for.
          rig.server.faults.heldUntil = waitUntil(
            'a refused session',
            () => rig.server.record.sessionsRefused > 0,
          );

          const { outcome, attempts } = await rig.transfer(
            rig.source({ maxChannels: 1 }),
            { sftp_file_path: path, target_s3_key: 'big', max_concurrency: 8 },
            { retryIntervalMs: 1_000 },
          );

          expect(outcome).toMatchObject({ status: 'SUCCEEDED', object: { parts: 8 } });
          expect(await rig.store.hashOf('big')).toBe(sha256);
          const { sessionsRefused, mostOpenSessions } = rig.server.record;
          expect(sessionsRefused).toBeGreaterThan(0);
          expect(mostOpenSessions).toBeLessThanOrEqual(3);
          const failures = attempts.flatMap(({ error }) => error?.name ?? []);
          expect(new Set(failures)).toEqual(new Set(['SftpConnectionError']));
          tell(`${sessionsRefused} sessions refused, ${failures.length} runs tried again, hash equal`);
        },
        { faults: { maxSessionsInAll: 3 } },
      );
    });
  },
  sshdMissing,
);
