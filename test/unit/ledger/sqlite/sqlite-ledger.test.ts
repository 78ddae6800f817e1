import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { LedgerEntry } from '../../../../ledger/entry.ts';
import { loadSqlite, withoutSqliteWarning } from '../../../../ledger/sqlite/sqlite.ts';
import { openSqliteLedger } from '../../../../ledger/sqlite/sqlite-ledger.ts';
import { temporaryDirectory } from '../../../support/temporary-directory.ts';

const directory = temporaryDirectory();
const WORKER = join(import.meta.dirname, '../../../support/ledger-worker.ts');
const nowMs = () => Date.now();

function startWorker(file: string, owner: string, prefix: string, count: number) {
  const worker = spawn(process.execPath, [WORKER, file, owner, prefix, String(count)], { stdio: 'pipe' });
  const committed: string[] = [];
  let stderr = '';
  const lines = createInterface({ input: worker.stdout }).on('line', (line) => committed.push(line));
  worker.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  return { worker, lines, committed, ended: ended(worker), stderr: () => stderr };
}

async function ended(worker: ChildProcess): Promise<number | null> {
  const [code] = await once(worker, 'close');
  return code;
}

async function entries(file: string): Promise<LedgerEntry[]> {
  const ledger = await openSqliteLedger({ file, collection: 'daily', nowMs });
  const found: LedgerEntry[] = [];
  for await (const entry of ledger.list()) found.push(entry);
  await ledger.close();
  return found;
}

test('several processes at once, on a file that none of them has made yet, copy each path once', async () => {
  const file = join(directory, 'shared.db');
  const workers = ['a', 'b', 'c', 'd'].map((owner) => startWorker(file, owner, 'file-', 100));
  expect(await Promise.all(workers.map(({ ended }) => ended))).toEqual([0, 0, 0, 0]);

  const committed = workers.flatMap((worker) => worker.committed);
  expect(committed).toHaveLength(100);
  expect(new Set(committed).size).toBe(100);
  const landed = await entries(file);
  expect(landed.map(({ landed }) => landed?.generation)).toEqual(Array(100).fill(1));
  // Nothing of SQLite's own, such as an ExperimentalWarning, reaches the person at the terminal.
  expect(workers.map(({ stderr }) => stderr())).toEqual(['', '', '', '']);
});

test.each([1, 7, 40])(
  'a process that is killed after %i commits has lost none that it was told of',
  async (after) => {
    const file = join(directory, `killed-${after}.db`);
    const { worker, lines, committed, ended } = startWorker(file, 'a', 'file-', 100_000);
    lines.on('line', () => {
      if (committed.length === after) worker.kill('SIGKILL');
    });
    await ended;
    expect(worker.signalCode).toBe('SIGKILL');

    const rows = new Map((await entries(file)).map((entry) => [entry.path, entry]));
    for (const path of committed) expect(rows.get(path)?.landed).toMatchObject({ owner: 'a', generation: 1 });
    // At most the one in hand is claimed, and the next run has it after the lease.
    expect([...rows.values()].filter(({ attempt }) => attempt !== undefined).length).toBeLessThanOrEqual(1);
  },
);

test('what is no ledger is refused by its name', async () => {
  const file = join(directory, 'notes.txt');
  writeFileSync(
    file,
    'These are notes, and longer than the header of a database, so that it is looked at.'.repeat(20),
  );
  await expect(openSqliteLedger({ file, collection: 'daily', nowMs })).rejects.toMatchObject({
    name: 'InvalidTransferRequestError',
    field: 'the ledger file',
    value: file,
  });
});

test('a file of a later release is refused, and left as it is; one of an earlier release is taken', async () => {
  const { DatabaseSync } = await loadSqlite();
  const versionOf = (file: string, set?: number): unknown => {
    const database = new DatabaseSync(file);
    if (set !== undefined) database.exec(`PRAGMA user_version = ${set}`);
    const version = database.prepare('PRAGMA user_version').get()?.user_version;
    database.close();
    return version;
  };
  const file = join(directory, 'later.db');
  await (await openSqliteLedger({ file, collection: 'daily', nowMs })).close();
  expect(versionOf(file)).toBe(1);

  versionOf(file, 2);
  await expect(openSqliteLedger({ file, collection: 'daily', nowMs })).rejects.toThrow(
    'it has the layout 2 of a later release; this one knows 1',
  );
  expect(versionOf(file)).toBe(2);

  versionOf(file, 0);
  await (await openSqliteLedger({ file, collection: 'daily', nowMs })).close();
  expect(versionOf(file)).toBe(0);
});

test('a folder that is not there is refused by its name', async () => {
  const file = join(directory, 'missing', 'ledger.db');
  await expect(openSqliteLedger({ file, collection: 'daily', nowMs })).rejects.toMatchObject({
    field: 'the ledger file',
  });
  mkdirSync(join(directory, 'missing'));
  await (await openSqliteLedger({ file, collection: 'daily', nowMs })).close();
});

test('writes of one turn are all made before the file is closed', async () => {
  const file = join(directory, 'one-turn.db');
  const ledger = await openSqliteLedger({ file, collection: 'daily', nowMs });
  const claim = { sizeBytes: 1, modifiedAtSeconds: 1, owner: 'a', leaseMs: 1_000, maxFailures: 1 };
  const paths = Array.from({ length: 200 }, (_, index) => `${index}`);
  const claims = Promise.all(paths.map((path) => ledger.claim({ path, ...claim })));
  await ledger.close();
  await claims;
  expect(await entries(file)).toHaveLength(200);
});

test('of all warnings, only that of loading SQLite is kept back, and only while it loads', async () => {
  const { emitWarning } = process;
  const emitted: unknown[] = [];
  process.emitWarning = ((warning: string) => emitted.push(warning)) as unknown as typeof emitWarning;
  const warn = () => {
    process.emitWarning(
      'SQLite is an experimental feature and might change at any time',
      'ExperimentalWarning',
    );
    process.emitWarning('Type Stripping is an experimental feature', 'ExperimentalWarning');
    process.emitWarning('SQLite of this machine is old', 'DeprecationWarning');
  };
  try {
    await withoutSqliteWarning(async () => warn());
    expect(emitted).toEqual(['Type Stripping is an experimental feature', 'SQLite of this machine is old']);
    warn();
    expect(emitted).toHaveLength(5);
  } finally {
    process.emitWarning = emitWarning;
  }
});
