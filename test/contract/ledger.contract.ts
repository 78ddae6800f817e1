import { randomUUID } from 'node:crypto';
import { isSameFile, type LandedObject, stateOf } from '../../ledger/entry.ts';
import type { ClaimRequest, FileLedger } from '../../ledger/ports.ts';

/** A ledger under test. Every call of `open` is another process's view of the same rows. */
export interface LedgerUnderTest {
  /** @param nowMs its process's own clock */
  open(collection: string, nowMs: () => number): Promise<FileLedger>;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const LEASE_MS = 900_000;

const OBJECT: LandedObject = {
  bucket: 'landing',
  key: 'acme/daily/a.csv',
  etag: '"e1"',
  versionId: 'v1',
  crc64Nvme: 'rosUhgY3jKs=',
};

/** What every ledger promises; see `FileLedger`. */
export function ledgerContract(start: () => Promise<LedgerUnderTest>): void {
  let subject: LedgerUnderTest;
  let ledger: FileLedger;
  let nowMs: number;
  let collection: string;
  const opened: FileLedger[] = [];

  /** Another process, whose clock may differ. */
  async function another(clock: () => number = () => nowMs): Promise<FileLedger> {
    const one = await subject.open(collection, clock);
    opened.push(one);
    return one;
  }

  function request(change: Partial<ClaimRequest> = {}): ClaimRequest {
    const file = { path: 'a.csv', sizeBytes: 10, modifiedAtSeconds: 1_700_000_000 };
    return { ...file, owner: 'run-1', leaseMs: LEASE_MS, maxFailures: 3, ...change };
  }

  /** The whole way of one file. */
  async function land(change: Partial<ClaimRequest> = {}, object: LandedObject = OBJECT) {
    const claimed = await ledger.claim(request(change));
    if (!claimed.claimed) throw new Error(`not claimed: ${claimed.reason}`);
    const { path, attempt } = claimed.entry;
    const owner = request(change).owner;
    const generation = attempt?.generation ?? 0;
    return ledger.commit({ path, owner, generation, object, afterProof: 'none' });
  }

  beforeAll(async () => {
    subject = await start();
  }, 60_000);

  beforeEach(async () => {
    nowMs = Date.UTC(2026, 10, 25, 6);
    collection = `acme#${randomUUID()}`;
    ledger = await another();
  });

  afterEach(async () => {
    for (const one of opened.splice(0)) await one.close();
  });

  describe('a claim', () => {
    test('of a new path is granted, and everybody sees it', async () => {
      const claimed = await ledger.claim(request());
      expect(claimed).toMatchObject({
        claimed: true,
        entry: {
          path: 'a.csv',
          firstSeenMs: nowMs,
          lastGeneration: 1,
          attempt: {
            generation: 1,
            sizeBytes: 10,
            modifiedAtSeconds: 1_700_000_000,
            state: 'CLAIMED',
            failures: 0,
            claim: { owner: 'run-1', untilMs: nowMs + LEASE_MS },
          },
        },
      });
      expect(claimed).not.toHaveProperty('takenOverFrom');
      expect(await (await another()).get('a.csv')).toEqual(claimed.entry);
    });

    test('is refused while another holds it, with its entry', async () => {
      const { entry } = await ledger.claim(request());
      nowMs += LEASE_MS - 1;
      expect(await (await another()).claim(request({ owner: 'run-2' }))).toEqual({
        claimed: false,
        reason: 'owned-by-other',
        entry,
      });
      expect(await ledger.get('a.csv')).toEqual(entry);
    });

    test('is granted again to its owner, whose first answer was lost', async () => {
      await ledger.claim(request());
      nowMs += 1_000;
      const again = await ledger.claim(request());
      expect(again).toMatchObject({ claimed: true, takenOverFrom: 'run-1' });
      expect(again.entry.attempt).toMatchObject({ generation: 1, claim: { untilMs: nowMs + LEASE_MS } });
    });

    test('of another identity is refused to the owner of a live claim', async () => {
      await ledger.claim(request());
      expect(await ledger.claim(request({ sizeBytes: 11 }))).toMatchObject({ reason: 'owned-by-other' });
    });

    test('passes to the next one at the moment its lease ends, who learns whose it was', async () => {
      await ledger.claim(request());
      nowMs += LEASE_MS;
      const taken = await ledger.claim(request({ owner: 'run-2' }));
      expect(taken).toMatchObject({ claimed: true, takenOverFrom: 'run-1' });
      expect(taken.entry.attempt).toMatchObject({ generation: 1, claim: { owner: 'run-2' } });
    });

    test.each([
      ['longer', { sizeBytes: 11 }],
      ['shorter', { sizeBytes: 9 }],
      ['newer', { modifiedAtSeconds: 1_700_000_001 }],
      ['older', { modifiedAtSeconds: 1_600_000_000 }],
      ['from 1970', { modifiedAtSeconds: 0 }],
      ['empty', { sizeBytes: 0 }],
    ])('of a landed path whose file is %s now is the next generation', async (_, change) => {
      await land();
      const next = await ledger.claim(request({ owner: 'run-2', ...change }));
      expect(next).toMatchObject({ claimed: true, entry: { lastGeneration: 2, attempt: { generation: 2 } } });
      expect(next.entry.landed).toMatchObject({ generation: 1, object: OBJECT });
    });

    test('of what has landed is refused, however long ago', async () => {
      await land();
      nowMs += 4_000 * DAY_MS;
      expect(await ledger.claim(request({ owner: 'run-2' }))).toMatchObject({ reason: 'landed' });
    });

    test('by force takes what has landed as the next generation, and an ordinary claim goes on with it', async () => {
      await land();
      const replay = await ledger.claim(request({ owner: 'run-2', force: true }));
      expect(replay).toMatchObject({ claimed: true, entry: { attempt: { generation: 2 } } });
      await ledger.fail({
        path: 'a.csv',
        owner: 'run-2',
        error: { name: 'UploadFailedError', message: 'm' },
      });
      expect(await ledger.claim(request({ owner: 'run-3' }))).toMatchObject({
        claimed: true,
        entry: { attempt: { generation: 2, failures: 1 } },
      });
    });

    test('by force does not take what another holds, nor what is held', async () => {
      await ledger.claim(request());
      expect(await ledger.claim(request({ owner: 'run-2', force: true }))).toMatchObject({
        reason: 'owned-by-other',
      });
      await ledger.hold({ path: 'b.csv', reason: 'wrong month' });
      expect(await ledger.claim(request({ path: 'b.csv', force: true }))).toMatchObject({ reason: 'held' });
    });

    test('of a file that came back after it was gone is a delivery where the folder says so', async () => {
      await land();
      const asked = request({ owner: 'run-2', redelivery: 'on-reappearance' });
      expect(await ledger.claim(asked)).toMatchObject({ reason: 'landed' });
      await ledger.markGone({ path: 'a.csv', keepMs: 30 * DAY_MS });
      expect(await ledger.claim(request({ owner: 'run-2' }))).toMatchObject({ reason: 'landed' });
      expect(await ledger.claim(asked)).toMatchObject({
        claimed: true,
        entry: { attempt: { generation: 2 } },
      });
    });

    test.each([
      ['leaseMs', { leaseMs: 0 }],
      ['leaseMs', { leaseMs: 7 * DAY_MS + 1 }],
      ['path', { path: '' }],
      ['path', { path: 'half a \ud800 pair' }],
      ['path', { path: 'ä'.repeat(2_049) }],
    ])('with a wrong %s is refused by its name', async (field, change) => {
      await expect((async () => ledger.claim(request(change)))()).rejects.toMatchObject({
        name: 'InvalidTransferRequestError',
        field,
      });
    });
  });

  describe('of its own claim, an owner', () => {
    test('renews it from now on, also when it had expired and nobody took it', async () => {
      await ledger.claim(request());
      nowMs += 2 * LEASE_MS;
      const renewed = await ledger.renew({ path: 'a.csv', owner: 'run-1', leaseMs: HOUR_MS });
      expect(renewed).toMatchObject({
        done: true,
        entry: { attempt: { claim: { untilMs: nowMs + HOUR_MS } } },
      });
      nowMs += HOUR_MS - 1;
      expect(await ledger.claim(request({ owner: 'run-2' }))).toMatchObject({ reason: 'owned-by-other' });
    });

    test('commits it: the object, its proof and its trigger are kept', async () => {
      await ledger.claim(request());
      nowMs += 5_000;
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
      const committed = await ledger.commit(commit);
      expect(committed).toEqual({
        done: true,
        entry: {
          path: 'a.csv',
          revision: expect.any(String),
          firstSeenMs: nowMs - 5_000,
          lastGeneration: 1,
          landed: {
            generation: 1,
            owner: 'run-1',
            sizeBytes: 10,
            modifiedAtSeconds: 1_700_000_000,
            landedAtMs: nowMs,
            object: OBJECT,
            after: { action: 'move' },
            trigger,
            digest: 'sha256:00ff',
          },
        },
      });
      expect(await ledger.get('a.csv')).toEqual(committed.entry);

      nowMs += 1_000;
      expect(await ledger.commit(commit)).toEqual(committed);
    });

    test('rolls it back: a new path is new again', async () => {
      await ledger.claim(request());
      const claim = { path: 'a.csv', owner: 'run-1' };
      expect(await ledger.rollBack(claim)).toEqual({ done: true, entry: undefined });
      expect(await ledger.get('a.csv')).toBeUndefined();
      expect(await ledger.rollBack(claim)).toEqual({ done: false, reason: 'claim-lost', entry: undefined });
    });

    test('rolls it back: what had landed before is what it was', async () => {
      const landed = await land();
      await ledger.claim(request({ owner: 'run-2', sizeBytes: 11 }));
      await ledger.rollBack({ path: 'a.csv', owner: 'run-2' });
      const left = await ledger.get('a.csv');
      expect(left?.landed).toEqual(landed.entry?.landed);
      expect(left?.attempt).toBeUndefined();
      // The number is not used for another delivery.
      expect(await ledger.claim(request({ owner: 'run-3', sizeBytes: 12 }))).toMatchObject({
        entry: { attempt: { generation: 3 } },
      });
    });

    test('rolls it back: failures before it are not forgotten', async () => {
      await ledger.claim(request());
      await ledger.fail({ path: 'a.csv', owner: 'run-1', error: { name: 'SftpStalledError', message: 'm' } });
      await ledger.claim(request({ owner: 'run-2' }));
      await ledger.rollBack({ path: 'a.csv', owner: 'run-2' });
      expect(await ledger.get('a.csv')).toMatchObject({
        attempt: { state: 'FAILED', failures: 1, error: { name: 'SftpStalledError' } },
      });
    });

    test('fails it: counted, free at once, and refused after the last try', async () => {
      for (const owner of ['run-1', 'run-2', 'run-3']) {
        expect(await ledger.claim(request({ owner }))).toMatchObject({ claimed: true });
        const error = { name: 'SourceChangedError', message: 'x'.repeat(5_000) };
        const failed = await ledger.fail({ path: 'a.csv', owner, error });
        expect(failed).toMatchObject({ done: true, entry: { attempt: { state: 'FAILED' } } });
        expect(failed.entry?.attempt?.error?.message.length).toBe(300);
        expect(failed.entry?.attempt).not.toHaveProperty('claim');
      }
      expect(await ledger.claim(request({ owner: 'run-4' }))).toMatchObject({
        reason: 'failed-too-often',
        entry: { attempt: { failures: 3 } },
      });
      expect(await ledger.claim(request({ owner: 'run-4', force: true }))).toMatchObject({ claimed: true });
    });

    test('fails it: the failures of one delivery do not count for the next', async () => {
      await ledger.claim(request());
      await ledger.fail({
        path: 'a.csv',
        owner: 'run-1',
        error: { name: 'SourceChangedError', message: 'm' },
      });
      expect(await ledger.claim(request({ owner: 'run-2', sizeBytes: 11, maxFailures: 1 }))).toMatchObject({
        claimed: true,
        entry: { attempt: { generation: 2, failures: 0 } },
      });
    });

    test('suspends it with its upload, with which the next claim of the same file goes on', async () => {
      await ledger.claim(request());
      const upload = {
        bucket: 'landing',
        key: 'k',
        uploadId: 'u1',
        chunkSizeBytes: 5_242_880,
        chunkCount: 7,
        firstExecution: 'arn:1',
        hostKey: 'SHA256:x',
        keepUntilMs: nowMs + DAY_MS,
      };
      await ledger.noteUpload({ path: 'a.csv', owner: 'run-1', upload });
      const error = { name: 'SftpConnectionError', message: 'm' };
      expect(await ledger.suspend({ path: 'a.csv', owner: 'run-1', error })).toMatchObject({
        done: true,
        entry: { attempt: { state: 'SUSPENDED', failures: 1, upload } },
      });
      expect(await ledger.claim(request({ owner: 'run-2' }))).toMatchObject({
        entry: { attempt: { state: 'CLAIMED', upload } },
      });
      await ledger.rollBack({ path: 'a.csv', owner: 'run-2' });
      expect(await ledger.get('a.csv')).toMatchObject({ attempt: { state: 'SUSPENDED', upload } });
      // Another file is read from its first byte.
      const other = await ledger.claim(request({ owner: 'run-3', sizeBytes: 11 }));
      expect(other.entry.attempt).not.toHaveProperty('upload');
    });
  });

  describe('an owner that was too slow', () => {
    const OWNER = { path: 'a.csv', owner: 'run-1' };
    const WRITES: [string, (late: FileLedger) => Promise<{ done: boolean }>][] = [
      ['renew', (late) => late.renew({ ...OWNER, leaseMs: LEASE_MS })],
      ['commit', (late) => late.commit({ ...OWNER, generation: 1, object: OBJECT, afterProof: 'none' })],
      ['roll back', (late) => late.rollBack(OWNER)],
      ['fail', (late) => late.fail({ ...OWNER, error: { name: 'SftpStalledError', message: 'm' } })],
      ['suspend', (late) => late.suspend({ ...OWNER, error: { name: 'SftpStalledError', message: 'm' } })],
    ];

    test.each(WRITES)('cannot %s what another has taken', async (_, write) => {
      await ledger.claim(request());
      nowMs += LEASE_MS;
      const { entry } = await (await another()).claim(request({ owner: 'run-2' }));
      expect(await write(ledger)).toEqual({ done: false, reason: 'claim-lost', entry });
      expect(await ledger.get('a.csv')).toEqual(entry);
    });

    test.each(WRITES)('cannot %s what another has taken and landed', async (_, write) => {
      await ledger.claim(request());
      nowMs += LEASE_MS;
      const { entry } = await land({ owner: 'run-2' });
      expect(await write(ledger)).toEqual({ done: false, reason: 'claim-lost', entry });
      expect(await ledger.get('a.csv')).toEqual(entry);
    });

    test.each(WRITES)('cannot %s a path that another has taken and given back', async (_, write) => {
      await ledger.claim(request());
      nowMs += LEASE_MS;
      await ledger.claim(request({ owner: 'run-2' }));
      await ledger.rollBack({ path: 'a.csv', owner: 'run-2' });
      expect(await write(ledger)).toEqual({ done: false, reason: 'claim-lost', entry: undefined });
    });

    test('cannot commit an earlier generation than the one that it holds', async () => {
      await ledger.claim(request());
      nowMs += LEASE_MS;
      await ledger.claim(request({ sizeBytes: 11 }));
      const late = { ...OWNER, generation: 1, object: OBJECT, afterProof: 'none' } as const;
      expect(await ledger.commit(late)).toMatchObject({ done: false, reason: 'claim-lost' });
      expect((await ledger.get('a.csv'))?.landed).toBeUndefined();
    });
  });

  describe('clocks', () => {
    test('of another process that is behind sees a longer lease, and no more', async () => {
      await ledger.claim(request());
      const behind = await another(() => nowMs - HOUR_MS);
      expect(await behind.claim(request({ owner: 'run-2' }))).toMatchObject({ reason: 'owned-by-other' });
      nowMs += HOUR_MS + LEASE_MS;
      expect(await behind.claim(request({ owner: 'run-2' }))).toMatchObject({ claimed: true });
    });

    test('of another process that is ahead takes over early; then exactly one of the two commits', async () => {
      await ledger.claim(request());
      const ahead = await another(() => nowMs + HOUR_MS);
      expect(await ahead.claim(request({ owner: 'run-2' }))).toMatchObject({ takenOverFrom: 'run-1' });
      const commits = await Promise.all([
        ledger.commit({ path: 'a.csv', owner: 'run-1', generation: 1, object: OBJECT, afterProof: 'none' }),
        ahead.commit({ path: 'a.csv', owner: 'run-2', generation: 1, object: OBJECT, afterProof: 'none' }),
      ]);
      expect(commits.map(({ done }) => done)).toEqual([false, true]);
    });

    test('that were years ahead do not block a path for years', async () => {
      const lost = await another(() => nowMs + 3_650 * DAY_MS);
      await lost.claim(request());
      expect(await ledger.claim(request({ owner: 'run-2' }))).toMatchObject({ takenOverFrom: 'run-1' });
    });

    test('that jump back in the middle of a claim change nothing for its owner', async () => {
      await ledger.claim(request());
      nowMs -= 30 * DAY_MS;
      const commit = {
        path: 'a.csv',
        owner: 'run-1',
        generation: 1,
        object: OBJECT,
        afterProof: 'none',
      } as const;
      expect(await ledger.commit(commit)).toMatchObject({ done: true });
    });

    test("of the partner's server may be anywhere", async () => {
      for (const [path, modifiedAtSeconds] of [
        ['future', 4_102_444_800],
        ['past', 1],
        ['before 1970', -86_400],
      ] as const) {
        await land({ path, modifiedAtSeconds });
        expect(await ledger.claim(request({ path, modifiedAtSeconds, owner: 'x' }))).toMatchObject({
          reason: 'landed',
        });
      }
    });
  });

  describe('a crash', () => {
    test('after the claim: the next run has it after the lease, and nothing was done', async () => {
      await ledger.claim(request());
      nowMs += LEASE_MS;
      const taken = await (await another()).claim(request({ owner: 'run-2' }));
      expect(taken).toMatchObject({ claimed: true, takenOverFrom: 'run-1' });
      expect(taken.entry.landed).toBeUndefined();
    });

    test('after the object, before the commit: the next run commits in its own name', async () => {
      await ledger.claim(request());
      nowMs += LEASE_MS;
      await ledger.claim(request({ owner: 'run-2' }));
      const commit = {
        path: 'a.csv',
        owner: 'run-2',
        generation: 1,
        object: OBJECT,
        afterProof: 'none',
      } as const;
      expect(await ledger.commit(commit)).toMatchObject({
        done: true,
        entry: { landed: { object: OBJECT } },
      });
    });

    test('after the commit, before the source was moved: LANDED, and the next run sees what is left to do', async () => {
      await ledger.claim(request());
      await ledger.commit({
        path: 'a.csv',
        owner: 'run-1',
        generation: 1,
        object: OBJECT,
        afterProof: 'move',
      });
      const other = await another();
      const [left] = await all(other.list({ states: ['LANDED'] }));
      expect(left).toMatchObject({ path: 'a.csv', landed: { generation: 1, after: { action: 'move' } } });
    });
  });

  describe('after the proof', () => {
    const MARK = { path: 'a.csv', generation: 1 };

    test('done makes it DONE, and stays so', async () => {
      await ledger.claim(request());
      await ledger.commit({
        path: 'a.csv',
        owner: 'run-1',
        generation: 1,
        object: OBJECT,
        afterProof: 'delete',
      });
      nowMs += 1_000;
      const done = await ledger.markAfterProof({ ...MARK, after: { action: 'delete' }, done: true });
      expect(done).toMatchObject({
        done: true,
        entry: { landed: { after: { action: 'delete', doneAtMs: nowMs } } },
      });
      nowMs += 1_000;
      const error = { name: 'SourcePermissionError', message: 'm' };
      expect(
        await ledger.markAfterProof({ ...MARK, after: { action: 'delete', error }, done: false }),
      ).toEqual(done);
    });

    test('an error leaves it LANDED, with the error', async () => {
      await ledger.claim(request());
      await ledger.commit({
        path: 'a.csv',
        owner: 'run-1',
        generation: 1,
        object: OBJECT,
        afterProof: 'move',
      });
      const error = { name: 'SourcePermissionError', message: 'm' };
      const marked = await ledger.markAfterProof({ ...MARK, after: { action: 'move', error }, done: false });
      expect(marked).toMatchObject({ done: true, entry: { landed: { after: { error } } } });
      expect(marked.entry && stateOf(marked.entry)).toBe('LANDED');
    });

    test('nothing is marked on a generation that did not land, or is not the last', async () => {
      const mark = { after: { action: 'move' as const }, done: true };
      expect(await ledger.markAfterProof({ ...MARK, ...mark })).toEqual({
        done: false,
        reason: 'not-landed',
      });
      await ledger.claim(request());
      expect(await ledger.markAfterProof({ ...MARK, ...mark })).toMatchObject({ reason: 'not-landed' });
      await ledger.rollBack({ path: 'a.csv', owner: 'run-1' });
      await land();
      await land({ owner: 'run-2', sizeBytes: 11 });
      expect(await ledger.markAfterProof({ ...MARK, ...mark })).toMatchObject({ reason: 'superseded' });
    });
  });

  describe('gone', () => {
    test('the row is kept for the time that was asked for, then it counts as absent', async () => {
      await land();
      const goneAtMs = nowMs;
      await ledger.markGone({ path: 'a.csv', keepMs: 30 * DAY_MS });
      nowMs += DAY_MS;
      // A path that stays away is marked again by every listing.
      await ledger.markGone({ path: 'a.csv', keepMs: 30 * DAY_MS });
      nowMs = goneAtMs + 30 * DAY_MS - 1;
      expect(await ledger.claim(request({ owner: 'run-2' }))).toMatchObject({ reason: 'landed' });
      nowMs += 1;
      expect(await ledger.get('a.csv')).toBeUndefined();
      expect(await all(ledger.list())).toEqual([]);
      const anew = await ledger.claim(request({ owner: 'run-2' }));
      expect(anew).toMatchObject({ claimed: true, entry: { lastGeneration: 1, firstSeenMs: nowMs } });
      expect(anew.entry.landed).toBeUndefined();
    });

    test('seen again, it is kept for good', async () => {
      await land();
      await ledger.markGone({ path: 'a.csv', keepMs: DAY_MS });
      await ledger.markSeen('a.csv');
      nowMs += 400 * DAY_MS;
      expect(await ledger.claim(request({ owner: 'run-2' }))).toMatchObject({ reason: 'landed' });
    });

    test('nothing is said of a path without a row', async () => {
      expect(await ledger.markGone({ path: 'never.csv', keepMs: DAY_MS })).toBeUndefined();
      expect(await ledger.markSeen('never.csv')).toBeUndefined();
      expect(await all(ledger.list())).toEqual([]);
    });
  });

  describe('an operator', () => {
    test('holds a path, seen or not, and releases it', async () => {
      const held = await ledger.hold({ path: 'a.csv', reason: 'wrong month' });
      expect(held).toMatchObject({ hold: { reason: 'wrong month', sinceMs: nowMs } });
      expect(await ledger.claim(request())).toMatchObject({ reason: 'held', entry: held });
      expect(await ledger.release('a.csv')).toBeUndefined();
      expect(await ledger.claim(request())).toMatchObject({ claimed: true });
    });

    test('holds a path that is being copied: the owner may finish, nobody claims it again', async () => {
      await ledger.claim(request());
      await ledger.hold({ path: 'a.csv', reason: 'stop' });
      const commit = {
        path: 'a.csv',
        owner: 'run-1',
        generation: 1,
        object: OBJECT,
        afterProof: 'none',
      } as const;
      expect(await ledger.commit(commit)).toMatchObject({ done: true, entry: { hold: { reason: 'stop' } } });
      expect(await ledger.claim(request({ owner: 'run-2', sizeBytes: 11 }))).toMatchObject({
        reason: 'held',
      });
      expect(await ledger.release('a.csv')).toMatchObject({ landed: { generation: 1 } });
    });

    test('forgets what landed, so that it is new again', async () => {
      await land();
      expect(await ledger.forget('a.csv')).toMatchObject({
        done: true,
        entry: { landed: { generation: 1 } },
      });
      expect(await ledger.forget('a.csv')).toEqual({ done: true, entry: undefined });
      expect(await ledger.claim(request({ owner: 'run-2' }))).toMatchObject({ claimed: true });
    });

    test('forgets neither what is being copied nor what is held', async () => {
      const { entry } = await ledger.claim(request());
      expect(await ledger.forget('a.csv')).toEqual({ done: false, reason: 'claimed', entry });
      nowMs += LEASE_MS;
      expect(await ledger.forget('a.csv')).toMatchObject({ done: true });
      const held = await ledger.hold({ path: 'b.csv', reason: 'r' });
      expect(await ledger.forget('b.csv')).toEqual({ done: false, reason: 'held', entry: held });
    });
  });

  describe('the list', () => {
    test('shows every entry once, over any number of pages, and only of its folder', async () => {
      const paths = Array.from({ length: 60 }, (_, index) => `in/${index}.csv`);
      await Promise.all(paths.map((path) => ledger.claim(request({ path }))));
      collection = `${collection}-2`;
      await (await another()).claim(request({ path: 'elsewhere.csv' }));
      const listed = await all(ledger.list());
      expect(listed.map(({ path }) => path).sort()).toEqual([...paths].sort());
    });

    test('shows the states that are asked for', async () => {
      const error = { name: 'SftpStalledError', message: 'm' };
      await ledger.claim(request({ path: 'claimed' }));
      await ledger.claim(request({ path: 'failed' }));
      await ledger.fail({ path: 'failed', owner: 'run-1', error });
      await land({ path: 'done' });
      await land({ path: 'held' });
      await ledger.hold({ path: 'held', reason: 'r' });
      for (const state of ['CLAIMED', 'FAILED', 'DONE', 'HELD'] as const) {
        const listed = await all(ledger.list({ states: [state] }));
        expect(listed.map(({ path }) => path)).toEqual([state.toLowerCase()]);
      }
      expect((await all(ledger.list({ states: ['FAILED', 'DONE'] }))).length).toBe(2);
    });
  });

  test.each([
    ['bytes beyond ASCII', 'Müller/Übersicht 世界 🚢.csv'],
    ['a newline and quotes', 'a\n\'"b.csv'],
    ['the longest name', `${'d'.repeat(250)}/`.repeat(16) + 'x'.repeat(80)],
    ['what looks like a key', 'acme#daily'],
  ])('a path with %s is kept exactly', async (_, path) => {
    await land({ path });
    expect((await all(ledger.list())).map((entry) => entry.path)).toEqual([path]);
    expect(await ledger.claim(request({ path, owner: 'run-2' }))).toMatchObject({ reason: 'landed' });
  });

  test.each([
    ['composed and decomposed', 'é.csv', 'e\u0301.csv'],
    ['upper and lower case', 'A.csv', 'a.csv'],
    ['equal for their first 4,000 bytes', `${'x'.repeat(4_000)}1`, `${'x'.repeat(4_000)}2`],
  ])('two paths, %s, are two files', async (_, one, other) => {
    await land({ path: one });
    expect(await ledger.claim(request({ path: other }))).toMatchObject({ claimed: true });
  });

  test('sizes and times are kept to the last digit', async () => {
    const file = { sizeBytes: 53_687_091_200_001, modifiedAtSeconds: 1_764_000_000 };
    await land(file);
    const entry = await ledger.get('a.csv');
    expect(entry?.landed && isSameFile(entry.landed, file)).toBe(true);
  });

  describe('of many at once', () => {
    test('one gets the claim', async () => {
      const owners = Array.from({ length: 8 }, (_, index) => `run-${index}`);
      const views = await Promise.all(owners.map(() => another()));
      for (let round = 0; round < 5; round += 1) {
        const path = `${round}.csv`;
        const results = await Promise.all(
          owners.map((owner, index) => views[index]?.claim(request({ path, owner }))),
        );
        const winners = results.filter((result) => result?.claimed);
        expect(winners).toHaveLength(1);
        expect((await ledger.get(path))?.attempt?.claim).toEqual(winners[0]?.entry.attempt?.claim);
      }
    });

    test('one takes over an expired claim', async () => {
      await ledger.claim(request({ owner: 'dead' }));
      nowMs += LEASE_MS;
      const owners = Array.from({ length: 8 }, (_, index) => `run-${index}`);
      const views = await Promise.all(owners.map(() => another()));
      const results = await Promise.all(
        owners.map((owner, index) => views[index]?.claim(request({ owner }))),
      );
      expect(results.filter((result) => result?.claimed)).toHaveLength(1);
    });

    test('no failure is lost', async () => {
      // Every owner claims until it gets its turn, then fails: the count must be exact.
      const owners = Array.from({ length: 6 }, (_, index) => `run-${index}`);
      await Promise.all(
        owners.map(async (owner) => {
          const view = await another();
          for (;;) {
            const result = await view.claim(request({ owner, maxFailures: 100 }));
            if (result.claimed) break;
          }
          await view.fail({ path: 'a.csv', owner, error: { name: 'UploadFailedError', message: owner } });
        }),
      );
      expect((await ledger.get('a.csv'))?.attempt).toMatchObject({
        state: 'FAILED',
        failures: owners.length,
      });
    });
  });

  test('a signal that was given up is heard', async () => {
    const reason = new Error('stopped');
    await expect(ledger.claim(request(), AbortSignal.abort(reason))).rejects.toBe(reason);
    await expect(all(ledger.list({}, AbortSignal.abort(reason)))).rejects.toBe(reason);
    expect(await ledger.get('a.csv')).toBeUndefined();
  });
}

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}
