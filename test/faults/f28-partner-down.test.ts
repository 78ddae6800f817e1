import type { AwaitedPartner } from '../../lambdas/reserve-sessions/event.ts';
import type { TransferObserver } from '../../local/local-transfer.ts';
import { startTcpProxy, type TcpProxy } from '../support/network/tcp-proxy.ts';
import { MIB } from '../support/transfer-rig.ts';
import { describeFault } from './support/fault.ts';
import { withPartner } from './support/partner-rig.ts';

/** Where a minute is a second: longer than ten tries with full jitter, at most two minutes apart, can take (12.6). */
const OUTAGE_TURNS = 14;
const TURN_MS = 1_000;
const WIDTH = 4;
const SIZE_BYTES = 45 * MIB;

describeFault('F28', 'a partner that is down for 20 to 30 minutes', (tell) => {
  /** Comes back when somebody has waited for it so long. */
  function untilItIsBack(proxy: TcpProxy, goDown: TransferObserver) {
    const waits: AwaitedPartner[] = [];
    let isDown = true;
    let upAgain = Promise.resolve();
    const observer: TransferObserver = {
      ...goDown,
      partnerAwaited(awaited) {
        waits.push(awaited);
        if (!isDown || Date.now() - awaited.since_ms < OUTAGE_TURNS * TURN_MS) return;
        isDown = false;
        upAgain = proxy.accept();
      },
    };
    return { observer, waits, upAgain: () => upAgain };
  }

  test.each<[string, string, (down: () => void) => TransferObserver]>([
    ['before the first login', 'GetFileMetadata', () => ({})],
    ['when the workers begin', 'DownloadSegment', (down) => ({ chunksPlanned: down })],
    ['while the workers read', 'DownloadSegment', (down) => ({ chunkLanded: (n) => n === 2 && down() })],
    ['before completion', 'CompleteUpload', (down) => ({ chunkLanded: (n) => n === 9 && down() })],
  ])('%s', async (when, step, observe) => {
    await withPartner(async (rig) => {
      const { path, sha256 } = await rig.put('big.bin', SIZE_BYTES);
      const proxy = await startTcpProxy({ targetPort: rig.server.port });
      try {
        let down: Promise<void> | undefined;
        const goDown = () => {
          down ??= proxy.refuse();
          proxy.breakAll('reset');
        };
        if (step === 'GetFileMetadata') goDown();
        await down;
        const { observer, upAgain, waits } = untilItIsBack(proxy, observe(goDown));
        const width = step === 'CompleteUpload' ? 1 : WIDTH;

        const { attempts, outcome } = await rig.transfer(
          rig.source({ port: proxy.port }),
          { sftp_file_path: path, target_s3_key: 'big', max_concurrency: width },
          { observer, patience: { patienceMs: 60 * TURN_MS, turnMs: TURN_MS } },
        );

        await upAgain();
        expect(outcome.status).toBe('SUCCEEDED');
        expect(await rig.store.hashOf('big')).toBe(sha256);
        const failed = attempts.filter(({ outcome: how }) => how === 'failed');
        expect(new Set(failed.map((attempt) => attempt.step))).toEqual(new Set([step]));
        // What was at work loses the partner once, and once more where something had landed; from then on one of all tries in each turn.
        const lostMs = (failed.at(-1)?.endedAtMs ?? 0) - (failed[0]?.startedAtMs ?? 0);
        expect(lostMs).toBeGreaterThan((OUTAGE_TURNS - 3) * TURN_MS);
        const turns = waits.filter(({ wait_seconds }) => wait_seconds === 0).length;
        expect(failed.length).toBeLessThanOrEqual(2 * width + Math.ceil(lostMs / TURN_MS) + 1);
        tell(
          `${when}: ${failed.length} tries of ${step} in ${OUTAGE_TURNS} turns and ${turns} turns taken, then it lands`,
        );
      } finally {
        await proxy.close();
      }
    });
  });

  test('for some seconds: one segment tries, and when it reads the others go on at once', async () => {
    await withPartner(async (rig) => {
      const { path, sha256 } = await rig.put('big.bin', SIZE_BYTES);
      const proxy = await startTcpProxy({ targetPort: rig.server.port });
      try {
        const answers: { segment: number | undefined; waits: number }[] = [];
        const lost: (number | undefined)[] = [];
        let upAgain: Promise<void> | undefined;
        const observer: TransferObserver = {
          chunksPlanned: () => void proxy.refuse(),
          partnerAwaited: ({ segmentNumber, wait_seconds }) =>
            answers.push({ segment: segmentNumber, waits: wait_seconds }),
          stepEnded({ step, segmentNumber, outcome }) {
            if (step !== 'DownloadSegment' || outcome !== 'failed') return;
            lost.push(segmentNumber);
            // Each has lost it, and three further tries were in vain: the fourth comes two seconds later at the least.
            if (lost.length === WIDTH + 3) upAgain = proxy.accept();
          },
        };

        const { outcome } = await rig.transfer(
          rig.source({ port: proxy.port }),
          { sftp_file_path: path, target_s3_key: 'big', max_concurrency: WIDTH },
          // The minutes of real use: nobody who sleeps to the end of its wait is quick.
          { observer, patience: { patienceMs: 600_000, turnMs: 60_000 } },
        );

        await upAgain;
        expect(outcome.status).toBe('SUCCEEDED');
        expect(await rig.store.hashOf('big')).toBe(sha256);
        expect(lost).toHaveLength(WIDTH + 3);
        const gone = answers.filter(({ waits }) => waits === 0).map(({ segment }) => segment);
        const [prober] = gone;
        // Four turns of one segment, the last of which reached the partner; then each of the others, once.
        expect(gone.slice(0, 4)).toEqual([prober, prober, prober, prober]);
        expect(new Set(gone.slice(4)).size).toBe(WIDTH - 1);
        expect(gone).toHaveLength(4 + WIDTH - 1);
        expect(answers.slice(-(WIDTH - 1)).every(({ waits }) => waits === 0)).toBe(true);
        tell('for some seconds: one segment tries four times, and the other three go on when it reads');
      } finally {
        await proxy.close();
      }
    });
  });

  test('for longer than the patience: the error that it had, and how long it waited', async () => {
    await withPartner(async (rig) => {
      const { path } = await rig.put('big.bin', 12 * MIB);
      const proxy = await startTcpProxy({ targetPort: rig.server.port });
      try {
        const down = { chunksPlanned: () => void proxy.refuse() };
        const { outcome } = await rig.transfer(
          rig.source({ port: proxy.port }),
          { sftp_file_path: path, target_s3_key: 'big', max_concurrency: 2 },
          { observer: down, patience: { patienceMs: 3 * TURN_MS, turnMs: TURN_MS } },
        );
        expect(outcome).toMatchObject({
          status: 'FAILED',
          error: 'SftpConnectionError',
          cause: expect.stringContaining('connection refused'),
          remains: { upload: { state: 'gone' } },
        });
        tell('down for longer than the patience: SftpConnectionError, and nothing is left');
      } finally {
        await proxy.close();
      }
    });
  });
});
