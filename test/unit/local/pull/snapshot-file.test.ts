import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, readdirSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { EMPTY_SNAPSHOT } from '../../../../folder/run/listing-snapshot.ts';
import { readSnapshot, writeSnapshot } from '../../../../local/pull/snapshot-file.ts';
import { temporaryDirectory } from '../../../support/temporary-directory.ts';
import { waitUntil } from '../../../support/wait-until.ts';

const CHILD = path.join(__dirname, '../../../support/pull/snapshot-child.ts');
const NAMES = 20_000;
const home = temporaryDirectory();

const SEEN = { sizeBytes: 1, modifiedAtSeconds: 2, sinceMs: 3, lastSeenMs: 3, firstSeenMs: 4, changes: 5 };
const snapshot = { isComplete: true, observations: new Map([['a.csv', SEEN]]) };

test('a listing that was never kept is one of nothing, and proves nothing gone', async () => {
  const read = await readSnapshot(path.join(home, 'absent'));
  expect(read).toEqual(EMPTY_SNAPSHOT);
  expect(read.isComplete).toBe(false);
});

test('what is kept is read, by its owner only, and nothing lies beside it', async () => {
  const folder = path.join(home, 'kept');
  mkdirSync(folder);
  const file = path.join(folder, 'ledger.listing');
  await writeSnapshot(file, { isComplete: false, observations: new Map() });
  await writeSnapshot(file, snapshot);
  expect(await readSnapshot(file)).toEqual(snapshot);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(readdirSync(folder)).toEqual(['ledger.listing']);
});

test('a file of something else is refused, and not taken for a folder without files', async () => {
  const file = path.join(home, 'other');
  writeFileSync(file, 'nothing of ours');
  await expect(readSnapshot(file)).rejects.toMatchObject({ name: 'InvalidTransferRequestError' });
});

test('a folder in its place is an error, and not a listing of nothing', async () => {
  await expect(readSnapshot(home)).rejects.toMatchObject({ code: 'EISDIR' });
});

test('killed while it is written, the file has the listing before, or the next one, as a whole', async () => {
  for (let kills = 0; kills < 3; kills += 1) {
    const folder = path.join(home, `killed-${kills}`);
    mkdirSync(folder);
    const file = path.join(folder, 'ledger.listing');
    const child = spawn(process.execPath, [CHILD, file, String(NAMES)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const ended = once(child, 'exit');
    try {
      await once(child.stdout, 'data');
      const wholeBytes = statSync(file).size;
      const isBeingWritten = () => readdirSync(folder).length > 1 || statSync(file).size !== wholeBytes;
      await waitUntil('a listing that is being written', isBeingWritten);
    } finally {
      child.kill('SIGKILL');
      await ended;
    }

    const { isComplete, observations } = await readSnapshot(file);
    expect(isComplete).toBe(true);
    expect(observations.size).toBe(NAMES);
    expect(new Set([...observations.values()].map(({ sizeBytes }) => sizeBytes)).size).toBe(1);
    await writeSnapshot(file, snapshot);
    expect(await readSnapshot(file)).toEqual(snapshot);
  }
});

test('what a killed run has left beside it is removed by a later one, and what another writes is not', async () => {
  const folder = path.join(home, 'left');
  mkdirSync(folder);
  const file = path.join(folder, 'ledger.listing');
  const temporary = `${file}.${randomUUID()}`;
  const written = `${file}.${randomUUID()}`;
  const others = ['ledger', 'ledger.listing.old', `other.listing.${randomUUID()}`].map((name) =>
    path.join(folder, name),
  );
  for (const each of [temporary, written, ...others]) writeFileSync(each, 'part of a listing');
  const secondsAgo = (seconds: number) => new Date(Date.now() - seconds * 1_000);
  for (const each of [temporary, ...others]) utimesSync(each, secondsAgo(3_700), secondsAgo(3_700));
  utimesSync(written, secondsAgo(3_500), secondsAgo(3_500));

  await writeSnapshot(file, snapshot);

  expect(readdirSync(folder).sort()).toEqual(
    [file, written, ...others].map((each) => path.basename(each)).sort(),
  );
});

test('what cannot be removed beside it does not matter: the listing is kept', async () => {
  const folder = path.join(home, 'stuck');
  const file = path.join(folder, 'ledger.listing');
  const stuck = `${file}.${randomUUID()}`;
  mkdirSync(path.join(stuck, 'full'), { recursive: true });
  utimesSync(stuck, 1_700_000_000, 1_700_000_000);
  await writeSnapshot(file, snapshot);
  expect(await readSnapshot(file)).toEqual(snapshot);
});

test('a file that is named without a folder is in the current one', async () => {
  const before = process.cwd();
  const folder = path.join(home, 'current');
  mkdirSync(folder);
  process.chdir(folder);
  try {
    await writeSnapshot('ledger.listing', snapshot);
    expect(await readSnapshot('ledger.listing')).toEqual(snapshot);
  } finally {
    process.chdir(before);
  }
});

test('a listing that cannot be kept leaves nothing behind', async () => {
  const folder = path.join(home, 'blocked');
  mkdirSync(path.join(folder, 'ledger.listing', 'full'), { recursive: true });
  await expect(writeSnapshot(path.join(folder, 'ledger.listing'), snapshot)).rejects.toThrow();
  expect(readdirSync(folder)).toEqual(['ledger.listing']);
});

test('whoever reads while it is written finds the listing before, or the next one, as a whole', async () => {
  const file = path.join(home, 'read-meanwhile');
  await writeSnapshot(file, snapshot);
  let isWriting = true;
  const write = async () => {
    for (let round = 0; round < 200; round += 1) await writeSnapshot(file, snapshot);
    isWriting = false;
  };
  const read = async () => {
    while (isWriting) expect(await readSnapshot(file)).toEqual(snapshot);
  };
  await Promise.all([write(), read(), read(), read()]);
});
