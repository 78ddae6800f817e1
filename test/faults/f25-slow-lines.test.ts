import type { S3Client } from '@aws-sdk/client-s3';
import type { SftpServerSettings } from '../../sftp/settings.ts';
import { startSlowLine } from '../support/network/slow-line.ts';
import { type ConnectionFault, startTcpProxy, type TcpProxy } from '../support/network/tcp-proxy.ts';
import { landingClient } from '../support/s3/landing-store.ts';
import { countedAttempts } from '../support/sftp/server-record.ts';
import { MIB } from '../support/transfer-rig.ts';
import { describeFault } from './support/fault.ts';
import { metricsOf, type PartnerRig, withPartner } from './support/partner-rig.ts';

const KIB = 1_024;

/**
 * The times of real transfers, a twentieth as long, in their real order: so a file of some seconds has on these lines
 * what one of minutes has with the defaults. One answer of 32 KiB takes longer than the idle time at 16 KiB/s and below.
 */
const SCALED: Partial<SftpServerSettings> = {
  keepaliveIntervalMs: 750,
  idleTimeoutMs: 1_500,
  connectTimeoutMs: 20_000,
  loginTimeoutMs: 30_000,
};

async function landsUndisturbed(rig: PartnerRig, port: number, sizeBytes: number): Promise<number> {
  const { path, sha256 } = await rig.put('file.bin', sizeBytes);
  const startedMs = performance.now();
  const { outcome, attempts, written } = await rig.transfer(rig.source({ ...SCALED, port }), {
    sftp_file_path: path,
    target_s3_key: 'file',
  });
  expect(outcome).toMatchObject({ status: 'SUCCEEDED' });
  expect(await rig.store.hashOf('file')).toBe(sha256);
  expect(attempts.filter(({ outcome: ended }) => ended !== 'succeeded')).toEqual([]);
  expect(metricsOf(written, 'Retries')).toEqual([]);
  // Plan, worker, completion: nobody logged in twice.
  expect(countedAttempts(rig.server.record)).toHaveLength(3);
  expect(rig.front.count('UploadPart')).toBe(1);
  return (performance.now() - startedMs) / 1_000;
}

describeFault('F25', 'lines of 5 to 60 KiB/s, and a round trip of 600 ms', (tell) => {
  test.each([
    [5, 40 * KIB],
    [16, 96 * KIB],
    [60, 300 * KIB],
  ])('%d KiB/s: no timer ends it, three logins in all', async (kibPerSecond, sizeBytes) => {
    await withPartner(async (rig) => {
      const line = await startSlowLine(rig.server.port, kibPerSecond * KIB);
      try {
        const seconds = await landsUndisturbed(rig, line.port, sizeBytes);
        expect(line.connections).toBe(3);
        tell(`${kibPerSecond} KiB/s: 3 logins, no retry, hash equal, ${seconds.toFixed(0)} s`);
      } finally {
        await line.close();
      }
    });
  });

  test('600 ms: no timer ends it, three logins in all', async () => {
    await withPartner(async (rig) => {
      const line = await startTcpProxy({ targetPort: rig.server.port, delayMs: 300 });
      try {
        const seconds = await landsUndisturbed(rig, line.port, 2 * MIB);
        expect(line.connections).toBe(3);
        tell(`600 ms: 3 logins, no retry, hash equal, ${seconds.toFixed(0)} s`);
      } finally {
        await line.close();
      }
    });
  });
});

/**
 * S3 gives a part up before the partner's silence is noticed, as with the defaults after a reconnect. From 6 s on, the
 * SDK begins to count 3 s late.
 */
const S3_IDLE_MS = 5_500;
const SILENCE = { ...SCALED, idleTimeoutMs: 9_000, keepaliveIntervalMs: 4_000 };
/** One chunk, and far more than what is under way between the two servers when S3 sees its first bytes. */
const BIG = 64 * MIB;

/** A partner whose line goes dark as soon as S3 has been sent bytes of a part; `afterwards`: of later connections. */
async function withDarkPartner(
  test: (rig: PartnerRig, line: TcpProxy, s3: S3Client) => Promise<void>,
  afterwards?: ConnectionFault,
): Promise<void> {
  let goDark = () => {};
  await withPartner(
    async (rig) => {
      const s3 = landingClient({ endpoint: rig.front.endpoint, idleTimeoutMs: S3_IDLE_MS });
      const line = await startTcpProxy({
        targetPort: rig.server.port,
        faultOf: (connection) => (connection > 2 ? afterwards : undefined),
      });
      goDark = () => line.breakAll('stall');
      try {
        await test(rig, line, s3);
      } finally {
        s3.destroy();
        await line.close();
      }
    },
    {
      s3FaultOf: ({ operation, number }) => {
        if (operation === 'UploadPart' && number === 1) goDark();
        return undefined;
      },
    },
  );
}

describeFault('F25', 'a partner that goes dark in mid-chunk, while S3 waits for its bytes', (tell) => {
  test('and stays dark: the partner is named, and not S3', async () => {
    await withDarkPartner(
      async (rig, line, s3) => {
        const { path } = await rig.put('big.bin', BIG);
        const dark = rig.source({ ...SILENCE, loginTimeoutMs: 500, port: line.port });
        const { outcome, attempts } = await rig.transfer(
          dark,
          { sftp_file_path: path, target_s3_key: 'big', chunk_size_bytes: BIG },
          { s3 },
        );

        expect(outcome).toMatchObject({ status: 'FAILED', error: 'SftpConnectionError' });
        const errors = attempts.flatMap(({ error }) => error?.name ?? []);
        expect(new Set(errors)).toEqual(new Set(['SftpConnectionError']));
        expect(await rig.store.keys('big')).toEqual([]);
        expect(rig.front.count('UploadPart')).toBe(1);
        tell(`dark for good: ${errors.length} attempts, all of them SftpConnectionError`);
      },
      { how: 'stall', afterBytes: 0 },
    );
  });

  test('and comes back after S3 has given the part up: it is read again, by the same worker', async () => {
    await withDarkPartner(async (rig, line, s3) => {
      const { path, sha256 } = await rig.put('big.bin', BIG);
      const { outcome, attempts, written } = await rig.transfer(
        rig.source({ ...SILENCE, port: line.port }),
        { sftp_file_path: path, target_s3_key: 'big', chunk_size_bytes: BIG },
        { s3 },
      );

      expect(outcome).toMatchObject({ status: 'SUCCEEDED' });
      expect(await rig.store.hashOf('big')).toBe(sha256);
      expect(attempts.filter(({ outcome: ended }) => ended !== 'succeeded')).toEqual([]);
      expect(written.join('\n')).toContain('SourceWasSilent');
      expect(rig.front.count('UploadPart')).toBe(2);
      expect(line.connections).toBe(4);
      tell('dark until S3 gave up: 2 UploadParts by one worker, 4 logins, hash equal');
    });
  });
});
