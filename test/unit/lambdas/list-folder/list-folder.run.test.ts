import { existsSync, mkdirSync, mkdtempSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type EmbeddedSftpServer, startSftpServer } from '../../../../local/sftp-server/sftp-server.ts';
import { folderRunRig } from '../../../support/pull/folder-run-rig.ts';
import { PASSWORD, sourceOf, USERNAME } from '../../../support/sftp/partner.ts';
import { temporaryDirectory } from '../../../support/temporary-directory.ts';

const parent = temporaryDirectory();
let root: string;
let sftp: EmbeddedSftpServer;

beforeEach(async () => {
  root = mkdtempSync(path.join(parent, 'run-'));
  mkdirSync(path.join(root, 'in'));
  sftp = await startSftpServer({
    rootDirectory: root,
    username: USERNAME,
    password: PASSWORD,
    allowNameChanges: true,
  });
});

afterEach(() => sftp.close());

function put(name: string, content = name, mtime = 1_700_000_000): void {
  const file = path.join(root, 'in', name);
  writeFileSync(file, content);
  utimesSync(file, mtime, mtime);
}

/** A whole run whose large files nobody transfers. */
async function runSmall(rig: ReturnType<typeof folderRunRig>, name: string) {
  const listing = await rig.list(name);
  if (listing.batches > 0) for (const batch of rig.batches()) await rig.copyBatch(name, listing, batch);
  return listing;
}

test('small files land in batches, once, and the second run has nothing to do', async () => {
  for (let i = 0; i < 5; i += 1) put(`f${i}.csv`);
  const rig = folderRunRig(sourceOf(sftp), { target: 'daily/{run:yyyy-MM-dd}/{name}' });

  const first = await runSmall(rig, 'one');
  expect(first).toMatchObject({
    listed: 5,
    planned: 5,
    batches: 1,
    large_files: 0,
    wait_seconds: 0,
    sessions: 1,
  });
  expect([...rig.store.objects.keys()].sort()).toEqual(
    [0, 1, 2, 3, 4].map((i) => `landing/acme/daily/2026-11-25/f${i}.csv`),
  );
  expect(await rig.summarise('one', first)).toMatchObject({ copied: 5, failed: 0, not_ready: 0 });
  expect(rig.logins()).toBe(2);

  rig.files.files.delete(first.batches_key);
  rig.files.files.delete(first.large_key);
  const second = await rig.list('two');
  expect(second).toMatchObject({ listed: 5, planned: 0, batches: 0 });
  expect(await rig.summarise('two', second)).toMatchObject({ copied: 0, failed: 0 });
});

test('files that must be quiet are looked at again, after exactly that time, and no plan is made before', async () => {
  put('a.csv');
  const rig = folderRunRig(sourceOf(sftp), { ready: { quietSeconds: 30 } });

  const first = await rig.list('one');
  expect(first).toMatchObject({ wait_seconds: 31, planned: 0, batches: 0 });
  expect([...rig.files.files.keys()]).toEqual(['state/acme/daily/listing.jsonl.gz']);
  rig.wait(first.wait_seconds);
  expect(await rig.list('one', {}, 2)).toMatchObject({ wait_seconds: 0, planned: 1, batches: 1 });
});

test('a dry run writes its decisions, and nothing else anywhere', async () => {
  put('a.csv');
  put('b.tmp');
  const rig = folderRunRig(sourceOf(sftp), { afterProof: { action: 'move', to: '/archive/{name}' } });

  expect(await rig.list('dry', { dry_run: true })).toMatchObject({ planned: 0, batches: 0, settle: false });
  expect([...rig.files.files.keys()]).toEqual([expect.stringMatching(/decisions\.jsonl$/)]);
  expect(rig.files.lines('decisions.jsonl')).toEqual([
    expect.objectContaining({ path: 'a.csv', outcome: 'copy' }),
    expect.objectContaining({ path: 'b.tmp', outcome: 'ignored-temporary' }),
  ]);
  expect(rig.store.objects.size).toBe(0);
});

test.each([
  ['only', { only: ['b.csv'] }, ['b.csv']],
  ['limit', { limit: 1 }, ['a.csv']],
])('%s of the input narrows the run', async (_name, request, paths) => {
  put('a.csv', 'a', 1);
  put('b.csv', 'b', 2);
  const rig = folderRunRig(sourceOf(sftp), {});

  await rig.list('one', request);
  expect(rig.batches().flatMap(({ files }) => files.map((file) => file.path))).toEqual(paths);
});

test('a replay copies what has landed as a new generation', async () => {
  put('a.csv');
  const rig = folderRunRig(sourceOf(sftp), {});
  const first = await runSmall(rig, 'one');
  for (const key of [first.batches_key, first.large_key]) rig.files.files.delete(key);

  const replay = await rig.list('two', { only: ['a.csv'], force: true });
  for (const batch of rig.batches()) await rig.copyBatch('two', replay, batch);
  expect(await rig.ledger.get('a.csv')).toMatchObject({ lastGeneration: 2, landed: { generation: 2 } });
});

test('an unknown folder is named with those that there are', async () => {
  const rig = folderRunRig(sourceOf(sftp), {});
  await expect(rig.list('one', { folder: 'weekly' })).rejects.toThrow(
    'folder is "weekly", but it must be one of daily',
  );
});

test('an empty folder is a failure where the settings say so', async () => {
  const rig = folderRunRig(sourceOf(sftp), { onEmptyFolder: 'fail' });
  await expect(rig.list('one')).rejects.toMatchObject({ name: 'SourceNotFoundError' });
});

test('initial none: what the first run finds stays, what comes later lands', async () => {
  put('old.csv');
  const rig = folderRunRig(sourceOf(sftp), { initial: 'none' });
  expect(await rig.list('one')).toMatchObject({ planned: 0 });
  put('new.csv');
  rig.forgetPlans();
  expect(await rig.list('two')).toMatchObject({ planned: 1 });
});

test('a wrong password is one refused login, and no second step logs in', async () => {
  put('a.csv');
  const wrong = sourceOf(sftp, { credentials: async () => ({ username: USERNAME, password: 'wrong' }) });
  const rig = folderRunRig(wrong, {});
  await expect(rig.list('one')).rejects.toMatchObject({ name: 'SftpAuthenticationError' });
  expect(rig.logins()).toBe(1);
});

test('a login that is refused later stops every other worker of the run, and the summary says so', async () => {
  for (let i = 0; i < 401; i += 1) put(`f${i}.csv`);
  put('large.bin', 'x'.repeat(2000));
  let password = PASSWORD;
  const source = sourceOf(sftp, { credentials: async () => ({ username: USERNAME, password }) });
  const rig = folderRunRig(source, {});
  const listing = await rig.list('one');
  expect(listing).toMatchObject({ batches: 3, large_files: 1 });
  password = 'changed';

  const [first, ...others] = rig.batches();
  if (first === undefined) throw new Error('no batch');
  await expect(rig.copyBatch('one', listing, first)).rejects.toMatchObject({
    name: 'SftpAuthenticationError',
  });
  for (const batch of others)
    expect(await rig.copyBatch('one', listing, batch)).toMatchObject({ is_done: true, logins: 0 });
  for (const item of rig.large())
    expect(await rig.claim('one', listing, item)).toMatchObject({ is_claimed: false });
  expect(rig.logins()).toBe(2);
  await expect(rig.summarise('one', listing)).rejects.toThrow(
    /^402 of 402 files of the folder daily did not land: .*, and 392 more\. Run run-.*The server let nobody in: SftpAuthenticationError/,
  );
});

test('a large file is claimed, transferred by another execution, and committed', async () => {
  put('large.bin', 'x'.repeat(2000));
  const rig = folderRunRig(sourceOf(sftp), {});
  const listing = await rig.list('one');
  const [item] = rig.large();
  if (item === undefined) throw new Error('no large file');

  const claim = await rig.claim('one', listing, item);
  expect(claim).toMatchObject({
    is_claimed: true,
    input: { sftp_file_path: '/in/large.bin', target_s3_key: 'acme/large.bin', max_concurrency: 2 },
  });
  expect(claim.name).toMatch(/^[0-9a-f]{32}-generation-1$/);
  const object = {
    bucket: 'landing',
    key: 'acme/large.bin',
    size_bytes: 2000,
    etag: 'e',
    checksum_crc64nvme: null,
    parts: 1,
    version_id: null,
  };
  const event = { execution_id: 'x', run_id: listing.run_id, ...item, claim };
  expect(await rig.commit({ ...event, transfer: { object } })).toEqual({ status: 'landed' });
  expect(await rig.summarise('one', listing)).toMatchObject({ copied: 1, bytes: 2000 });
});

test.each([
  ['SourceChangedError', 'not-ready', undefined],
  ['SourceNotFoundError', 'vanished', undefined],
  ['SftpStalledError', 'failed', { attempt: { state: 'FAILED', failures: 1 } }],
  ['SftpAuthenticationError', 'failed', undefined],
])("a transfer's %s ends the claim as %s", async (error, status, row) => {
  put('large.bin', 'x'.repeat(2000));
  const rig = folderRunRig(sourceOf(sftp), {});
  const listing = await rig.list('one');
  const [item] = rig.large();
  if (item === undefined) throw new Error('no large file');
  const claim = await rig.claim('one', listing, item);
  const Cause = JSON.stringify({
    Status: 'FAILED',
    Error: error,
    Cause: JSON.stringify({ errorType: error, errorMessage: 'said the step' }),
  });

  const event = { execution_id: 'x', run_id: listing.run_id, ...item, claim };
  expect(await rig.commit({ ...event, error: { Error: 'States.TaskFailed', Cause } })).toEqual({ status });
  if (row === undefined) expect(await rig.ledger.get('large.bin')).toBeUndefined();
  else expect(await rig.ledger.get('large.bin')).toMatchObject(row);
});

test('a large file of a run that was stopped is free for the next one, one of a run that goes on is not', async () => {
  put('large.bin', 'x'.repeat(2000));
  const rig = folderRunRig(sourceOf(sftp), {});
  const first = await rig.list('one');
  const [item] = rig.large();
  if (item === undefined) throw new Error('no large file');
  await rig.claim('one', first, item);
  rig.forgetPlans();

  const second = await rig.list('two');
  expect(second).toMatchObject({ large_files: 1 });
  expect(await rig.claim('two', second, item)).toMatchObject({ is_claimed: false });
  rig.end('one');
  expect(await rig.claim('two', second, item)).toMatchObject({ is_claimed: true, generation: 1 });
});

test('a small file in the place of a large one whose run was stopped is not held up by its claim', async () => {
  put('export.bin', 'x'.repeat(2000));
  const rig = folderRunRig(sourceOf(sftp), {});
  const first = await rig.list('one');
  const [stopped] = rig.large();
  if (stopped === undefined) throw new Error('no large file');
  await rig.claim('one', first, stopped);
  rig.forgetPlans();
  put('export.bin', 'short');

  const second = await rig.list('two');
  const [item] = rig.large();
  if (item === undefined) throw new Error('not planned');
  expect(second).toMatchObject({ batches: 0, large_files: 1 });
  rig.end('one');
  expect(await rig.claim('two', second, item)).toMatchObject({ is_claimed: true, generation: 2 });
});

test('what landed is moved, and its file is gone from the folder', async () => {
  put('a.csv');
  mkdirSync(path.join(root, 'archive'));
  const rig = folderRunRig(sourceOf(sftp), { afterProof: { action: 'move', to: '/archive/{name}' } });
  const listing = await runSmall(rig, 'one');

  expect(listing.settle).toBe(true);
  expect(await rig.settle('one', listing)).toEqual({ is_done: true, after: null, settled: 1, left: 0 });
  expect(readdirSync(path.join(root, 'in'))).toEqual([]);
  expect(existsSync(path.join(root, 'archive/a.csv'))).toBe(true);
});
