import type { ProbeSession } from '../../../../doctor/ports.ts';
import { StageLog } from '../../../../doctor/stage-log.ts';
import { proveAfterInStage } from '../../../../doctor/stages/folder-stages.ts';
import { folderSettingsSchema } from '../../../../folder/settings.ts';
import { systemClock } from '../../../../transfer/clock.ts';

test.each([
  ['before the answer to its creation', 'make'],
  ['before the answer to the rename', 'rename'],
  ['before the answer to the removal', 'remove'],
])('our file is looked for under both names when the check is ended %s', async (_name, at) => {
  const interrupt = new AbortController();
  const present = new Set<string>();
  /** The server does what it was asked for; its answer is no longer waited for. */
  const endAt = (operation: string): void => {
    if (operation !== at || interrupt.signal.aborted) return;
    interrupt.abort(new Error('Ctrl-C'));
    throw interrupt.signal.reason;
  };
  const names: ProbeSession['names'] = {
    makeEmptyFile: async (path) => {
      present.add(path);
      endAt('make');
      return { done: true };
    },
    rename: async (from, to) => {
      present.delete(from);
      present.add(to);
      endAt('rename');
      return { done: true };
    },
    remove: async (path, signal) => {
      signal.throwIfAborted();
      endAt('remove');
      if (present.delete(path)) return { done: true };
      return { done: false, status: 2, message: 'no such file' };
    },
  };

  const proof = proveAfterInStage(
    { names } as ProbeSession,
    { path: '/out', settings: folderSettingsSchema.parse({ path: '/out' }) },
    new StageLog(systemClock, () => {}),
    { newId: () => 'id', nowMs: 0, example: undefined },
    interrupt.signal,
  );
  await expect(proof).rejects.toThrow('Ctrl-C');
  expect([...present]).toEqual([]);
});
