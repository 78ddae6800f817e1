import { setImmediate as nextTurn } from 'node:timers/promises';
import { type ListingPage, listFolder } from '../../../../sftp/folder/list-folder.ts';
import type { RawEntry } from '../../../../sftp/folder/ports.ts';
import {
  SftpConnectionError,
  SftpRequestRefusedError,
  SourceNotFoundError,
} from '../../../../transfer/errors.ts';

const FOLDERS_AT_A_TIME = 8;
const file = (name: string): RawEntry => ({
  name: Buffer.from(name),
  attributes: { mode: 0o100644, sizeBytes: 1, modifiedAtSeconds: 2 },
});
const folder = (name: string): RawEntry => ({ name: Buffer.from(name), attributes: { mode: 0o040755 } });
const names = (count: number, prefix: string) => Array.from({ length: count }, (_, n) => `${prefix}${n}`);

/** A line on which every request takes one round trip, and all that are sent in one are answered together. */
class Line {
  roundTrips = 0;
  #next: Promise<void> | undefined;

  roundTrip(): Promise<void> {
    this.#next ??= nextTurn().then(() => {
      this.roundTrips += 1;
      this.#next = undefined;
    });
    return this.#next;
  }
}

/** @param refuse what is thrown when a folder is opened beside `open` others */
function serverOf(
  folders: Record<string, (RawEntry[] | Error)[]>,
  refuse: (path: string, open: number) => Error | undefined = () => undefined,
) {
  const line = new Line();
  const seen = { opened: [] as string[], closed: [] as string[], mostOpen: 0, mostAsked: 0 };
  const asked = new Map<string, number>();
  let open = 0;
  async function request(path: string): Promise<void> {
    asked.set(path, (asked.get(path) ?? 0) + 1);
    seen.mostAsked = Math.max(seen.mostAsked, asked.get(path) ?? 0);
    await line.roundTrip();
    asked.set(path, (asked.get(path) ?? 0) - 1);
  }
  const session = {
    realpath: async (path: string) => path,
    folders: {
      async *readFolder(path: string) {
        seen.opened.push(path);
        await request(path);
        const refusal = refuse(path, open);
        if (refusal !== undefined) throw refusal;
        open += 1;
        seen.mostOpen = Math.max(seen.mostOpen, open);
        try {
          for (const page of folders[path] ?? []) {
            await request(path);
            if (page instanceof Error) throw page;
            yield page;
          }
          await request(path); // that it is the end
        } finally {
          open -= 1;
          seen.closed.push(path);
        }
      },
    },
  } as unknown as Parameters<typeof listFolder>[0];
  return { session, line, seen, openNow: () => open };
}

async function list({ session }: ReturnType<typeof serverOf>, maxNames = 1_000_000) {
  const request = { root: '/in', maxDepth: 9, links: 'skip' as const, isWanted: () => true, maxNames };
  const pages: ListingPage[] = [];
  for await (const page of listFolder(session, request, new AbortController().signal)) pages.push(page);
  return {
    paths: pages.flatMap((page) => ('entries' in page ? page.entries.map(({ path }) => path) : [])),
    unread: pages.flatMap((page) => ('unread' in page ? [page.unread] : [])),
  };
}

const tree = (folders: number): Record<string, RawEntry[][]> => ({
  '/in': [names(folders, 'f').map(folder)],
  ...Object.fromEntries(names(folders, '/in/f').map((path) => [path, [[file('a')]]])),
});

test('of one folder one page is asked for at a time, and no round trip is waited for twice', async () => {
  const server = serverOf({ '/in': names(50, 'p').map((page) => [file(page)]) });
  expect((await list(server)).paths).toHaveLength(50);
  expect(server.seen.mostAsked).toBe(1);
  // To open it, the pages, and the end.
  expect(server.line.roundTrips).toBe(52);
});

test('folders of a tree share their round trips, eight at a time, one page of each', async () => {
  const server = serverOf(tree(32));
  const { paths, unread } = await list(server);
  expect(new Set(paths).size).toBe(64);
  expect(paths).toHaveLength(64);
  expect(unread).toEqual([]);
  expect(server.seen.mostOpen).toBe(FOLDERS_AT_A_TIME);
  expect(server.seen.mostAsked).toBe(1);
  // One after the other they would be 99: at a distance of 100 ms 10 s, and not 2.
  expect(server.line.roundTrips).toBeLessThanOrEqual(3 + (32 / FOLDERS_AT_A_TIME) * 3 + 3);
});

test('a folder of many names does not keep the others waiting', async () => {
  const server = serverOf({
    ...tree(4),
    '/in': [names(4, 'f').map(folder), ...names(100, 'p').map((page) => [file(page)])],
  });
  const { paths } = await list(server);
  expect(paths).toHaveLength(108);
  expect(Math.max(...names(4, 'f').map((path) => paths.indexOf(`${path}/a`)))).toBeLessThan(20);
  expect(server.line.roundTrips).toBeLessThanOrEqual(103);
});

test('a folder that the server refuses beside others is read alone, and every name is shown once', async () => {
  const full = new SftpRequestRefusedError('no more handles');
  const server = serverOf(tree(12), (_path, open) => (open >= 3 ? full : undefined));
  const { paths, unread } = await list(server);
  expect(unread).toEqual([]);
  expect(paths).toHaveLength(24);
  expect(new Set(paths).size).toBe(24);
});

test('a folder whose listing breaks off beside others is read again, and its first names are not shown twice', async () => {
  const pages: Record<string, (RawEntry[] | Error)[]> = {
    '/in': [[folder('x'), folder('y')]],
    '/in/x': [[file('a')], new SftpRequestRefusedError('busy')],
    '/in/y': [[file('b')]],
  };
  let opens = 0;
  const server = serverOf(pages, (path) => {
    if (path === '/in/x' && ++opens === 2) pages['/in/x'] = [[file('a')], [file('c')]];
    return undefined;
  });
  const { paths, unread } = await list(server);
  expect(paths.sort()).toEqual(['x', 'x/a', 'x/c', 'y', 'y/b']);
  expect(unread).toEqual([]);
});

test('what is refused alone as well is not read, and is asked for twice, no more', async () => {
  const server = serverOf(tree(3), (path) =>
    path === '/in/f1' ? new SftpRequestRefusedError('never') : undefined,
  );
  const { paths, unread } = await list(server);
  expect(unread).toEqual([{ path: 'f1', message: 'never' }]);
  expect(paths.sort()).toEqual(['f0', 'f0/a', 'f1', 'f2', 'f2/a']);
  expect(server.seen.opened.filter((path) => path === '/in/f1')).toHaveLength(2);
});

test('what is not there is not asked for again', async () => {
  const server = serverOf(tree(3), (path) =>
    path === '/in/f1' ? new SourceNotFoundError('gone') : undefined,
  );
  expect((await list(server)).unread).toEqual([{ path: 'f1', message: 'gone' }]);
  expect(server.seen.opened.filter((path) => path === '/in/f1')).toHaveLength(1);
});

test.each([
  ['a line that is lost', { '/in/f1': [new SftpConnectionError('lost')] }, 1_000_000, 'lost'],
  ['too many names', {}, 10, 'it holds more than 10 names'],
])(
  '%s ends the listing, and every folder that was open is closed',
  async (_name, change, maxNames, message) => {
    const server = serverOf({ ...tree(32), ...change });
    await expect(list(server, maxNames)).rejects.toThrow(message);
    expect(server.openNow()).toBe(0);
    expect(server.seen.closed.sort()).toEqual(server.seen.opened.sort());
  },
);

test('a caller that stops in the middle leaves no folder open', async () => {
  const server = serverOf(tree(32));
  const request = { root: '/in', maxDepth: 9, links: 'skip' as const, isWanted: () => true };
  for await (const page of listFolder(server.session, request, new AbortController().signal)) {
    if ('entries' in page && page.entries.some(({ path }) => path === 'f3/a')) break;
  }
  expect(server.openNow()).toBe(0);
});
