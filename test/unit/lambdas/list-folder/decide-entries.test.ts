import { folderSettingsSchema } from '../../../../folder/settings.ts';
import { type DecidingRun, decideEntries } from '../../../../lambdas/list-folder/decide-entries.ts';
import { markGone } from '../../../../lambdas/list-folder/mark-gone.ts';
import type { FolderLook } from '../../../../lambdas/shared/look-at-folder.ts';
import type { LedgerEntry } from '../../../../ledger/entry.ts';
import { MemoryRows } from '../../../../ledger/memory-rows.ts';
import { StoredLedger } from '../../../../ledger/stored-ledger.ts';
import { never } from '../../../support/sftp/partner.ts';

const SIZE = 10;
const MTIME = 500;
const LEASE_MS = 600_000;
const OBJECT = { bucket: 'b', key: 'k', etag: 'e' };

function rigOf(settings: object = {}) {
  let nowMs = Date.parse('2026-11-25T06:00:00Z');
  const ledger = new StoredLedger(new MemoryRows<LedgerEntry>(() => nowMs), () => nowMs);
  const parsed = folderSettingsSchema.parse({ path: '/in', ...settings });
  const look = (paths: string[], unread: FolderLook['unread'] = []): FolderLook => ({
    rootPath: '/in',
    entries: paths.map((path) => ({ path, kind: 'file', sizeBytes: SIZE, modifiedAtSeconds: MTIME })),
    unread,
    manifests: new Map(),
    observations: new Map(
      paths.map((path) => [
        path,
        {
          sizeBytes: SIZE,
          modifiedAtSeconds: MTIME,
          sinceMs: 0,
          lastSeenMs: nowMs,
          firstSeenMs: 0,
          changes: 0,
        },
      ]),
    ),
  });
  const request = (path: string, owner: string) => ({
    path,
    owner,
    sizeBytes: SIZE,
    modifiedAtSeconds: MTIME,
    leaseMs: LEASE_MS,
    maxFailures: 5,
  });
  return {
    ledger,
    look,
    pass: (ms: number) => {
      nowMs += ms;
    },
    claim: (path: string, owner = 'run-1/batch-1') => ledger.claim(request(path, owner)),
    async land(path: string, trigger?: { sizeBytes: number; modifiedAtSeconds: number }) {
      await ledger.claim(request(path, 'run-1/batch-1'));
      const commit = { path, owner: 'run-1/batch-1', generation: 1, object: OBJECT };
      await ledger.commit({ ...commit, afterProof: 'none', ...(trigger !== undefined && { trigger }) });
    },
    async outcomes(seen: FolderLook, changes: Partial<DecidingRun> = {}) {
      const run = { settings: parsed, keyPrefix: '', runMs: nowMs, nowMs, ...changes };
      const { decisions } = await decideEntries(run, seen, ledger, never);
      return Object.fromEntries(
        decisions.map(({ path, outcome, reason }) => [
          path,
          reason === undefined ? outcome : `${outcome} (${reason})`,
        ]),
      );
    },
    async markGone(before: FolderLook, now: FolderLook) {
      const run = { settings: parsed, keyPrefix: '', runMs: nowMs, nowMs };
      const { rows } = await decideEntries(run, now, ledger, never);
      await markGone(ledger, rows, { isComplete: before.unread.length === 0, ...before }, now);
    },
  };
}

test('the ledger decides, as it is now: landed, claimed, failed, held, and what it does not know', async () => {
  const rig = rigOf({ maxFailures: 1 });
  await rig.land('landed');
  await rig.claim('claimed');
  await rig.claim('failed');
  await rig.ledger.fail({
    path: 'failed',
    owner: 'run-1/batch-1',
    error: { name: 'SftpStalledError', message: 'x' },
  });
  await rig.ledger.hold({ path: 'held', reason: 'wrong data' });
  const seen = rig.look(['landed', 'claimed', 'failed', 'held', 'new']);
  expect(await rig.outcomes(seen)).toEqual({
    landed: 'landed',
    claimed: 'owned-by-other',
    failed: 'failed-too-often (SftpStalledError)',
    held: 'held (wrong data)',
    new: 'copy',
  });
  expect(await rig.outcomes(seen, { force: true })).toMatchObject({
    landed: 'copy',
    failed: 'copy',
    held: 'held (wrong data)',
  });
  rig.pass(LEASE_MS + 1);
  expect(await rig.outcomes(seen)).toMatchObject({ claimed: 'copy' });
});

test('a claim that is judged again later is taken for free here, and no other is', async () => {
  const rig = rigOf();
  await rig.claim('large', 'run-1/large');
  await rig.claim('small', 'run-1/batch-1');
  const seen = rig.look(['large', 'small']);
  expect(await rig.outcomes(seen, { isOpenClaim: (owner) => owner.endsWith('/large') })).toEqual({
    large: 'copy',
    small: 'owned-by-other',
  });
});

test('a trigger that has released a delivery before releases no other until it is written again', async () => {
  const trigger = { kind: 'per-file', name: '{name}.done', required: true };
  const rig = rigOf({ ready: { trigger, quietSeconds: 0 } });
  const spent = { sizeBytes: SIZE, modifiedAtSeconds: MTIME - 1 };
  await rig.land('a.csv', spent);
  const seen = rig.look(['a.csv', 'a.csv.done']);
  const [data, done] = seen.entries;
  if (data === undefined || done === undefined) throw new Error('no entries');
  data.modifiedAtSeconds = MTIME + 1;
  done.modifiedAtSeconds = spent.modifiedAtSeconds;
  expect(await rig.outcomes(seen)).toMatchObject({ 'a.csv': 'not-ready (stale-trigger)' });

  done.modifiedAtSeconds = MTIME + 1;
  expect(await rig.outcomes(seen)).toMatchObject({ 'a.csv': 'copy' });
});

describe('what is gone', () => {
  const goneAt = async (rig: ReturnType<typeof rigOf>, path: string) =>
    (await rig.ledger.get(path))?.goneAtMs;

  test('is what two complete listings in a row do not have', async () => {
    const rig = rigOf();
    await rig.land('a');
    await rig.markGone(rig.look(['a']), rig.look([]));
    expect(await goneAt(rig, 'a')).toBeUndefined();
    await rig.markGone(rig.look([]), rig.look([]));
    expect(await goneAt(rig, 'a')).toBeDefined();
  });

  test.each([
    ['before', [{ path: 'x', message: 'no' }], []],
    ['now', [], [{ path: 'x', message: 'no' }]],
  ])('is nothing where a folder could not be read %s', async (_when, before, now) => {
    const rig = rigOf();
    await rig.land('x/a');
    await rig.markGone(rig.look([], before), rig.look([], now));
    expect(await goneAt(rig, 'x/a')).toBeUndefined();
  });

  test('comes back: its row is kept again', async () => {
    const rig = rigOf();
    await rig.land('a');
    await rig.markGone(rig.look([]), rig.look([]));
    await rig.markGone(rig.look([]), rig.look(['a']));
    expect(await goneAt(rig, 'a')).toBeUndefined();
  });
});
