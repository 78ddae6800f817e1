import { join } from 'node:path';
import { DEFAULT_IDLE_TIMEOUT_MS } from '../../sftp/settings.ts';
import { startTcpProxy } from '../support/network/tcp-proxy.ts';
import type { MidTransferEvent } from '../support/sftp/faulty-reads.ts';
import { sourceOf } from '../support/sftp/partner.ts';
import { sshdMissing, startSshd } from '../support/sftp/sshd.ts';
import { MIB, startTransferRig } from '../support/transfer-rig.ts';
import { describeFault } from './support/fault.ts';
import { metricsOf, withPartner } from './support/partner-rig.ts';

/** Short, so that a silence costs little. On a very busy machine a line may be taken for dead that is not. */
const SHORT_IDLE_TIMEOUT_MS = 2_000;
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

describeFault(
  'F05',
  'connections reset or silently dead in mid-read',
  (tell) => {
    test.each<[string, MidTransferEvent['what'] & ('drop' | 'stall'), number, number, number]>([
      ['resets', 'drop', 4, DEFAULT_IDLE_TIMEOUT_MS, 4],
      ['silences', 'stall', 3, SHORT_IDLE_TIMEOUT_MS, Infinity],
    ])(
      '%s: the read goes on from the byte reached, inside the same upload',
      async (name, what, count, idleTimeoutMs, mostReconnects) => {
        await withPartner(async (rig) => {
          const { path, sha256 } = await rig.put('big.bin', 32 * MIB);
          rig.server.faults.bytesPerSecond = 30 * MIB; // so that some of it has been read when the connection is reset
          rig.server.faults.midTransfer = Array.from({ length: count }, (_, index) => ({
            what,
            afterBytes: (3 + 6 * index) * MIB,
          }));

          const { outcome, attempts, written } = await rig.transfer(rig.source({ idleTimeoutMs }), {
            sftp_file_path: path,
            target_s3_key: 'big',
            chunk_size_bytes: 16 * MIB,
            max_concurrency: 2,
          });

          expect(outcome).toMatchObject({ status: 'SUCCEEDED', object: { parts: 2 } });
          expect(await rig.store.hashOf('big')).toBe(sha256);
          expect(rig.server.faults.midTransfer).toEqual([]); // all of them happened
          const reconnects = sum(metricsOf(written, 'Retries'));
          // Two faults may meet on one connection, and one that has delivered its bytes need not be made again.
          expect(reconnects).toBeGreaterThan(0);
          expect(reconnects).toBeLessThanOrEqual(mostReconnects);
          expect(attempts.filter((attempt) => attempt.outcome !== 'succeeded')).toEqual([]);
          expect(rig.front.count('UploadPart')).toBe(2);
          tell(`${count} ${name}: ${reconnects} reconnects inside 2 UploadParts, hash equal`);
        });
      },
    );

    test('a file that was replaced while the connection was lost is not mixed with the old one', async () => {
      await withPartner(async (rig) => {
        const { path } = await rig.put('big.bin', 16 * MIB);
        rig.server.faults.bytesPerSecond = 20 * MIB; // the replacing takes its time
        rig.server.faults.midTransfer = [
          { what: 'replace', bytes: Buffer.alloc(1), afterBytes: 2 * MIB },
          { what: 'drop', afterBytes: 12 * MIB },
        ];

        const { outcome, attempts } = await rig.transfer(rig.source(), {
          sftp_file_path: path,
          target_s3_key: 'big',
          chunk_size_bytes: 16 * MIB,
        });

        expect(outcome).toMatchObject({ status: 'FAILED', error: 'SourceChangedError' });
        expect(attempts.filter((attempt) => attempt.outcome === 'failed')).toMatchObject([
          { step: 'DownloadSegment' },
        ]);
        expect(rig.server.faults.midTransfer).toEqual([]);
        expect(await rig.store.keys('big')).toEqual([]);
        tell('replaced meanwhile: SourceChangedError at the reconnect');
      });
    });

    test('a line to OpenSSH that goes silent in both directions is noticed', async () => {
      const rig = await startTransferRig();
      const sshd = await startSshd();
      const proxy = await startTcpProxy({
        targetPort: sshd.port,
        faultOf: (connection) => (connection === 2 ? { afterBytes: 7 * MIB, how: 'stall' } : undefined),
      });
      try {
        const { sha256 } = await rig.put('big.bin', 16 * MIB);
        const { username, privateKey } = sshd;
        const server = sourceOf(
          { ...sshd, port: proxy.port },
          { credentials: async () => ({ username, privateKey }), idleTimeoutMs: SHORT_IDLE_TIMEOUT_MS },
        );

        const { outcome, written } = await rig.transfer(server, {
          sftp_file_path: join(rig.folder, 'big.bin'),
          target_s3_key: 'big',
          chunk_size_bytes: 16 * MIB,
        });

        expect(outcome).toMatchObject({ status: 'SUCCEEDED' });
        expect(await rig.store.hashOf('big')).toBe(sha256);
        expect(sum(metricsOf(written, 'Retries'))).toBeGreaterThan(0);
        expect(written.join('\n')).toContain('SftpStalledError');
        tell('a dead line to sshd: noticed after the idle time, hash equal');
      } finally {
        await proxy.close();
        await sshd.stop();
        await rig.close();
      }
    });
  },
  sshdMissing,
);
