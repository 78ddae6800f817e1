import { readdir, readlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** What ends a little after it was told to. */
const SETTLES_WITHIN_MS = 3_000;
const LOOK_EVERY_MS = 20;
/** Linux tells a process's open files here. */
const OPEN_FILES_FOLDER = '/proc/self/fd';

/** Things that this process holds, each kind with its count. */
export type Inventory = ReadonlyMap<string, number>;

/** Sockets, servers, timers, child processes, open files, and all that lies in the folder for temporary files. */
export async function takeInventory(): Promise<Inventory> {
  const held = [...process.getActiveResourcesInfo(), ...(await openFiles())];
  const files = await readdir(tmpdir());
  const counts = new Map<string, number>();
  for (const kind of [...held, ...files.map((name) => `temporary file ${name}`)]) {
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  return counts;
}

/** Waits until nothing is held that was not held before. @returns what then still is */
export async function leftSince(before: Inventory): Promise<string[]> {
  for (let waitedMs = 0; ; waitedMs += LOOK_EVERY_MS) {
    const left = [...(await takeInventory())]
      .map(([kind, count]) => ({ kind, count: count - (before.get(kind) ?? 0) }))
      .filter(({ count }) => count > 0);
    if (left.length === 0 || waitedMs >= SETTLES_WITHIN_MS)
      return left.map(({ kind, count }) => `${kind} x${count}`);
    await sleep(LOOK_EVERY_MS);
  }
}

async function openFiles(): Promise<string[]> {
  const descriptors = await readdir(OPEN_FILES_FOLDER).catch(() => []);
  const targets = await Promise.all(
    descriptors.map((descriptor) => readlink(path.join(OPEN_FILES_FOLDER, descriptor)).catch(() => 'closed')),
  );
  return targets.flatMap((target) => {
    if (target.startsWith('socket:')) return ['open socket'];
    return target.startsWith(tmpdir()) ? [`open file ${target}`] : [];
  });
}
