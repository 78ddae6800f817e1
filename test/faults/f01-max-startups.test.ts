import { join } from 'node:path';
import { sourceOf } from '../support/partner.ts';
import { sshdMissing, startSshd } from '../support/sshd.ts';
import { startTcpProxy } from '../support/tcp-proxy.ts';
import { MIB, startTransferRig } from '../support/transfer-rig.ts';
import { describeFault } from './support/fault.ts';
import { metricsOf } from './support/partner-rig.ts';

/** Each way. Far enough that many logins are under way at a time. */
const DELAY_MS = 40;

describeFault(
  'F01',
  'MaxStartups 3 with 20 chunks, 10:30:100 with 40',
  (tell) => {
    test.each([
      ['MaxStartups 3', 20],
      ['MaxStartups 10:30:100', 40],
    ])('%s, %i chunks at once: nothing fails, not even a step', async (maxStartups, chunks) => {
      const rig = await startTransferRig();
      const sshd = await startSshd([maxStartups]);
      const proxy = await startTcpProxy({ targetPort: sshd.port, delayMs: DELAY_MS });
      try {
        const { sha256 } = await rig.put('big.bin', chunks * 5 * MIB);
        const { username, privateKey } = sshd;
        const source = sourceOf(
          { ...sshd, port: proxy.port },
          { credentials: async () => ({ username, privateKey }) },
        );

        const { outcome, attempts, written } = await rig.transfer(source, {
          sftp_file_path: join(rig.folder, 'big.bin'),
          target_s3_key: 'big',
          max_concurrency: chunks,
        });

        expect(outcome).toMatchObject({ status: 'SUCCEEDED', object: { parts: chunks } });
        expect(await rig.store.hashOf('big')).toBe(sha256);
        expect(attempts.filter((attempt) => attempt.outcome !== 'succeeded')).toEqual([]);
        const needed = 1 + chunks + 1; // the canary, the chunks, and the look before completing
        const refused = proxy.connections - needed;
        expect(refused).toBeGreaterThan(0);
        expect(metricsOf(written, 'Retries').reduce((sum, lost) => sum + lost, 0)).toBe(refused);
        expect(sshd.log()).toMatch(/drop connection|MaxStartups/);
        tell(`${chunks} landed, hash equal, ${refused} connections refused`);
      } finally {
        await proxy.close();
        await sshd.stop();
        await rig.close();
      }
    });
  },
  sshdMissing,
);
