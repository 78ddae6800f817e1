import { type ListingPage, type ListingRequest, listFolder } from '../../../../sftp/folder/list-folder.ts';
import type { EntryAttributes, RawEntry } from '../../../../sftp/folder/ports.ts';
import { SftpConnectionError, SourcePermissionError } from '../../../../transfer/errors.ts';

const FILE = 0o100644;
const FOLDER = 0o040755;

const entry = (
  name: string,
  attributes: EntryAttributes = { mode: FILE, sizeBytes: 1, modifiedAtSeconds: 2 },
): RawEntry => ({
  name: Buffer.from(name),
  attributes,
});

/** A server whose folders are given page by page; an error in their place is thrown there. */
function serverOf(
  folders: Record<string, (RawEntry[] | Error)[]>,
  looks: Record<string, EntryAttributes | Error> = {},
) {
  const opened: string[] = [];
  const looked: string[] = [];
  let open = 0;
  let mostOpen = 0;
  const session = {
    realpath: async (path: string) => path,
    stat: async () => {
      throw new Error('not expected');
    },
    folders: {
      async *readFolder(path: string) {
        opened.push(path);
        open += 1;
        mostOpen = Math.max(mostOpen, open);
        try {
          for (const page of folders[path] ?? []) {
            if (page instanceof Error) throw page;
            yield page;
          }
        } finally {
          open -= 1;
        }
      },
      lookAt: async (path: string) => {
        looked.push(path);
        const found = looks[path];
        if (found instanceof Error) throw found;
        return found;
      },
    },
  } as unknown as Parameters<typeof listFolder>[0];
  return { session, opened, looked, mostOpen: () => mostOpen };
}

async function list(session: Parameters<typeof listFolder>[0], request: Partial<ListingRequest> = {}) {
  const pages: ListingPage[] = [];
  const whole = { root: '/in', maxDepth: 9, links: 'skip' as const, isWanted: () => true, ...request };
  for await (const page of listFolder(session, whole, new AbortController().signal)) pages.push(page);
  return {
    paths: pages.flatMap((page) => ('entries' in page ? page.entries.map(({ path }) => path) : [])),
    entries: pages.flatMap((page) => ('entries' in page ? page.entries : [])),
    unread: pages.flatMap((page) => ('unread' in page ? [page.unread] : [])),
  };
}

test('a name that comes twice in one listing is shown once; the same name in another folder is another', async () => {
  const { session } = serverOf({
    '/in': [
      [entry('.'), entry('..'), entry('a'), entry('x', { mode: FOLDER })],
      [entry('a'), entry('b')],
    ],
    '/in/x': [[entry('a')]],
  });
  expect((await list(session)).paths).toEqual(['a', 'x', 'b', 'x/a']);
});

test('a name that leads elsewhere is shown and never used', async () => {
  const server = serverOf({
    '/in': [[entry('../../etc', { mode: FOLDER }), entry('/etc', { mode: FOLDER })]],
  });
  const { entries } = await list(server.session);
  expect(entries.map(({ path, nameProblem }) => [path, nameProblem])).toEqual([
    ['../../etc', 'slash-in-name'],
    ['/etc', 'slash-in-name'],
  ]);
  expect(server.opened).toEqual(['/in']);
});

test('missing attributes are asked for singly, of wanted names only', async () => {
  const server = serverOf(
    {
      '/in': [
        [
          entry('a', {}),
          entry('b', { mode: FILE }),
          entry('unwanted', {}),
          entry('c', { mode: FILE, sizeBytes: 3 }),
        ],
      ],
    },
    {
      '/in/a': { mode: FILE, sizeBytes: 7, modifiedAtSeconds: 8 },
      '/in/b': new SourcePermissionError('no'),
      '/in/unwanted': { mode: FILE, sizeBytes: 9 },
      '/in/c': { mode: FILE, sizeBytes: 3, modifiedAtSeconds: 4 },
    },
  );
  const { entries } = await list(server.session, { maxDepth: 0, isWanted: (path) => path !== 'unwanted' });
  expect(server.looked.sort()).toEqual(['/in/a', '/in/b', '/in/c']);
  expect(entries).toEqual([
    { path: 'a', kind: 'file', sizeBytes: 7, modifiedAtSeconds: 8 },
    { path: 'b', kind: 'file' },
    { path: 'unwanted', kind: 'unknown' },
    { path: 'c', kind: 'file', sizeBytes: 3, modifiedAtSeconds: 4 },
  ]);
});

test('what has no type may be a folder', async () => {
  const server = serverOf(
    { '/in': [[entry('x', {})]], '/in/x': [[entry('a')]] },
    { '/in/x': { mode: FOLDER } },
  );
  expect((await list(server.session, { isWanted: () => false })).paths).toEqual(['x', 'x/a']);
});

test('a folder below that cannot be read is counted, and the others go on', async () => {
  const { session } = serverOf({
    '/in': [[entry('x', { mode: FOLDER }), entry('y', { mode: FOLDER })]],
    '/in/x': [new SourcePermissionError('not for you')],
    '/in/y': [[entry('b')]],
  });
  expect(await list(session)).toMatchObject({
    paths: ['x', 'y', 'y/b'],
    unread: [{ path: 'x', message: 'not for you' }],
  });
});

test('a folder that cannot be read is an error', async () => {
  const { session } = serverOf({ '/in': [new SourcePermissionError('not for you')] });
  await expect(list(session)).rejects.toThrow('not for you');
});

test.each(['/in', '/in/x'])('a line that is lost while %s is read ends the listing', async (folder) => {
  const { session } = serverOf({
    '/in': [[entry('x', { mode: FOLDER })]],
    [folder]: [[entry('x', { mode: FOLDER })], new SftpConnectionError('lost')],
  });
  await expect(list(session)).rejects.toThrow('lost');
});

test('names are counted over all folders', async () => {
  const { session } = serverOf({
    '/in': [[entry('x', { mode: FOLDER }), entry('a')]],
    '/in/x': [[entry('b'), entry('c')]],
  });
  await expect(list(session, { maxNames: 4 })).resolves.toBeDefined();
  await expect(list(session, { maxNames: 3 })).rejects.toThrow('it holds more than 3 names (4 so far)');
});
