import { DAY_MS, HOUR_MS, LEASE_MS, type LedgerRig, OBJECT } from './ledger-rig.ts';

export function ownClaimContract(rig: LedgerRig): void {
  const { land, request } = rig;

  describe('of its own claim, an owner', () => {
    test('renews it from now on, also when it had expired and nobody took it', async () => {
      await rig.ledger.claim(request());
      rig.nowMs += 2 * LEASE_MS;
      const renewed = await rig.ledger.renew({ path: 'a.csv', owner: 'run-1', leaseMs: HOUR_MS });
      expect(renewed).toMatchObject({
        done: true,
        entry: { attempt: { claim: { untilMs: rig.nowMs + HOUR_MS } } },
      });
      rig.nowMs += HOUR_MS - 1;
      expect(await rig.ledger.claim(request({ owner: 'run-2' }))).toMatchObject({ reason: 'owned-by-other' });
    });

    test('commits it: the object, its proof and its trigger are kept', async () => {
      await rig.ledger.claim(request());
      rig.nowMs += 5_000;
      const trigger = { sizeBytes: 0, modifiedAtSeconds: 1_700_000_060 };
      const commit = {
        path: 'a.csv',
        owner: 'run-1',
        generation: 1,
        object: OBJECT,
        afterProof: 'move' as const,
        trigger,
        digest: 'sha256:00ff',
      };
      const committed = await rig.ledger.commit(commit);
      expect(committed).toEqual({
        done: true,
        entry: {
          path: 'a.csv',
          revision: expect.any(String),
          firstSeenMs: rig.nowMs - 5_000,
          lastGeneration: 1,
          landed: {
            generation: 1,
            owner: 'run-1',
            sizeBytes: 10,
            modifiedAtSeconds: 1_700_000_000,
            landedAtMs: rig.nowMs,
            object: OBJECT,
            after: { action: 'move' },
            trigger,
            digest: 'sha256:00ff',
          },
        },
      });
      expect(await rig.ledger.get('a.csv')).toEqual(committed.entry);

      rig.nowMs += 1_000;
      expect(await rig.ledger.commit(commit)).toEqual(committed);
    });

    test('rolls it back: a new path is new again', async () => {
      await rig.ledger.claim(request());
      const claim = { path: 'a.csv', owner: 'run-1' };
      expect(await rig.ledger.rollBack(claim)).toEqual({ done: true, entry: undefined });
      expect(await rig.ledger.get('a.csv')).toBeUndefined();
      expect(await rig.ledger.rollBack(claim)).toEqual({
        done: false,
        reason: 'claim-lost',
        entry: undefined,
      });
    });

    test('rolls it back: what had landed before is what it was', async () => {
      const landed = await land();
      await rig.ledger.claim(request({ owner: 'run-2', sizeBytes: 11 }));
      await rig.ledger.rollBack({ path: 'a.csv', owner: 'run-2' });
      const left = await rig.ledger.get('a.csv');
      expect(left?.landed).toEqual(landed.entry?.landed);
      expect(left?.attempt).toBeUndefined();
      // The number is not used for another delivery.
      expect(await rig.ledger.claim(request({ owner: 'run-3', sizeBytes: 12 }))).toMatchObject({
        entry: { attempt: { generation: 3 } },
      });
    });

    test('rolls it back: failures before it are not forgotten', async () => {
      await rig.ledger.claim(request());
      await rig.ledger.fail({
        path: 'a.csv',
        owner: 'run-1',
        error: { name: 'SftpStalledError', message: 'm' },
      });
      await rig.ledger.claim(request({ owner: 'run-2' }));
      await rig.ledger.rollBack({ path: 'a.csv', owner: 'run-2' });
      expect(await rig.ledger.get('a.csv')).toMatchObject({
        attempt: { state: 'FAILED', failures: 1, error: { name: 'SftpStalledError' } },
      });
    });

    test('fails it: counted, free at once, and refused after the last try', async () => {
      for (const owner of ['run-1', 'run-2', 'run-3']) {
        expect(await rig.ledger.claim(request({ owner }))).toMatchObject({ claimed: true });
        const error = { name: 'SourceChangedError', message: 'x'.repeat(5_000) };
        const failed = await rig.ledger.fail({ path: 'a.csv', owner, error });
        expect(failed).toMatchObject({ done: true, entry: { attempt: { state: 'FAILED' } } });
        expect(failed.entry?.attempt?.error?.message.length).toBe(300);
        expect(failed.entry?.attempt).not.toHaveProperty('claim');
      }
      expect(await rig.ledger.claim(request({ owner: 'run-4' }))).toMatchObject({
        reason: 'failed-too-often',
        entry: { attempt: { failures: 3 } },
      });
      expect(await rig.ledger.claim(request({ owner: 'run-4', force: true }))).toMatchObject({
        claimed: true,
      });
    });

    test('fails it uncounted: the error is kept, and the file is never passed over for it', async () => {
      await rig.ledger.claim(request());
      await rig.ledger.fail({
        path: 'a.csv',
        owner: 'run-1',
        error: { name: 'SourcePermissionError', message: 'm' },
      });
      for (const owner of ['run-2', 'run-3', 'run-4', 'run-5']) {
        expect(await rig.ledger.claim(request({ owner }))).toMatchObject({ claimed: true });
        const error = { name: 'UploadFailedError', message: 'S3 answers 503' };
        expect(await rig.ledger.fail({ path: 'a.csv', owner, error, isUncounted: true })).toMatchObject({
          done: true,
          entry: { attempt: { state: 'FAILED', failures: 1, error: { name: 'UploadFailedError' } } },
        });
      }
      expect(await rig.ledger.claim(request({ owner: 'run-6' }))).toMatchObject({ claimed: true });
    });

    test('fails it: the failures of one delivery do not count for the next', async () => {
      await rig.ledger.claim(request());
      await rig.ledger.fail({
        path: 'a.csv',
        owner: 'run-1',
        error: { name: 'SourceChangedError', message: 'm' },
      });
      expect(
        await rig.ledger.claim(request({ owner: 'run-2', sizeBytes: 11, maxFailures: 1 })),
      ).toMatchObject({
        claimed: true,
        entry: { attempt: { generation: 2, failures: 0 } },
      });
    });

    test('suspends it with its upload, with which the next claim of the same file goes on', async () => {
      await rig.ledger.claim(request());
      const upload = {
        bucket: 'landing',
        key: 'k',
        uploadId: 'u1',
        chunkSizeBytes: 5_242_880,
        chunkCount: 7,
        firstExecution: 'arn:1',
        hostKey: 'SHA256:x',
        keepUntilMs: rig.nowMs + DAY_MS,
      };
      await rig.ledger.noteUpload({ path: 'a.csv', owner: 'run-1', upload });
      const error = { name: 'SftpConnectionError', message: 'm' };
      expect(await rig.ledger.suspend({ path: 'a.csv', owner: 'run-1', error })).toMatchObject({
        done: true,
        entry: { attempt: { state: 'SUSPENDED', failures: 1, upload } },
      });
      expect(await rig.ledger.claim(request({ owner: 'run-2' }))).toMatchObject({
        entry: { attempt: { state: 'CLAIMED', upload } },
      });
      await rig.ledger.rollBack({ path: 'a.csv', owner: 'run-2' });
      expect(await rig.ledger.get('a.csv')).toMatchObject({ attempt: { state: 'SUSPENDED', upload } });
      // Another file is read from its first byte.
      const other = await rig.ledger.claim(request({ owner: 'run-3', sizeBytes: 11 }));
      expect(other.entry.attempt).not.toHaveProperty('upload');
    });
  });
}
