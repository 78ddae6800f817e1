import { existsSync, mkdirSync, mkdtempSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import ssh2, { type Attributes, type FileEntry, type SFTPWrapper } from 'ssh2';
import type { SftpRequest } from '../../../../local/sftp-server/hooks.ts';
import { type EmbeddedSftpServer, startSftpServer } from '../../../../local/sftp-server/sftp-server.ts';
import { folderRunRig } from '../../../support/pull/folder-run-rig.ts';
import { framed, namePacket } from '../../../support/sftp/name-packet.ts';
import { PASSWORD, sourceOf, USERNAME } from '../../../support/sftp/partner.ts';
import { sendPacket, sendStatus } from '../../../support/sftp/raw-answers.ts';
import { temporaryDirectory } from '../../../support/temporary-directory.ts';

/** Runs over a folder of a server that leaves out what SFTP lets it leave out, or answers what nobody asked. */

const { STATUS_CODE } = ssh2.utils.sftp;
const LINK_LOOP = 21;
const PERMISSIONS = 0o7777;
const WITHIN_MS = 5_000;
const A_CSV = { mode: 0o100644, size: 5, mtime: 1_700_000_000, atime: 1, uid: 0, gid: 0 } as Attributes;
const parent = temporaryDirectory();
let root: string;
let server: EmbeddedSftpServer;
/** Answers instead of the server. */
let answer: (channel: SFTPWrapper, request: SftpRequest) => boolean;
/** What the server says of what is there, in its answer to READDIR, STAT, LSTAT or FSTAT. */
let shown: (truth: Attributes, answerTo: string) => Partial<Attributes>;

beforeEach(async () => {
  root = mkdtempSync(path.join(parent, 'run-'));
  mkdirSync(path.join(root, 'in'));
  answer = () => false;
  shown = (truth) => truth;
  const seen = new WeakSet<SFTPWrapper>();
  const kinds = new Map<number, string>();
  server = await startSftpServer({
    rootDirectory: root,
    username: USERNAME,
    password: PASSWORD,
    allowNameChanges: true,
    hooks: {
      answer(channel, request) {
        kinds.set(request.id, request.kind);
        if (!seen.has(channel)) changeAttributes(channel, kinds);
        seen.add(channel);
        return answer(channel, request);
      },
    },
  });
});
afterEach(() => server.close());

function changeAttributes(channel: SFTPWrapper, kinds: ReadonlyMap<number, string>): void {
  const sendAttributes = channel.attrs.bind(channel);
  const sendNames = channel.name.bind(channel);
  const changed = (id: number, truth: Attributes) => shown(truth, kinds.get(id) ?? '') as Attributes;
  channel.attrs = (id, truth) => sendAttributes(id, changed(id, truth));
  channel.name = (id, entries) => {
    const all = entries as FileEntry[];
    sendNames(
      id,
      all.map((entry) => ({ ...entry, attrs: changed(id, entry.attrs) })),
    );
  };
}

function put(name: string, content = name, mtime = 1_700_000_000): void {
  const file = path.join(root, 'in', name);
  writeFileSync(file, content);
  utimesSync(file, mtime, mtime);
}

/** A whole run, but for the summary; large files are transferred by nobody. */
async function run(settings: object = {}) {
  const rig = folderRunRig(sourceOf(server, { idleTimeoutMs: 1_000 }), settings);
  const listing = await rig.list('one');
  if (listing.batches > 0) for (const batch of rig.batches()) await rig.copyBatch('one', listing, batch);
  return { rig, listing, landed: [...rig.store.objects.keys()].sort() };
}

const without =
  (kind: string, status: number = STATUS_CODE.OP_UNSUPPORTED): typeof answer =>
  (channel, request) => {
    if (request.kind === kind) sendStatus(channel, request.id, status);
    return request.kind === kind;
  };
const names =
  (kind: string, ...entries: [string, Partial<Attributes>][]): typeof answer =>
  (channel, request) => {
    if (request.kind !== kind) return false;
    channel.name(
      request.id,
      entries.map(([filename, attrs]) => ({ filename, longname: '', attrs: attrs as Attributes })),
    );
    return true;
  };
const withoutTime = ({ size, mode }: Attributes): Partial<Attributes> => ({ size, mode });

describe('a small file lands', () => {
  test.each<[string, () => void]>([
    ['no file types', () => (shown = (truth) => ({ ...truth, mode: truth.mode & PERMISSIONS }))],
    ['no FSTAT', () => (answer = without('FSTAT'))],
    ['no times at FSTAT', () => (shown = (truth, to) => (to === 'FSTAT' ? withoutTime(truth) : truth))],
    ['no times in listings', () => (shown = (truth, to) => (to === 'READDIR' ? withoutTime(truth) : truth))],
    ['no times at all', () => (shown = withoutTime)],
    [
      'sizes of 2^63 in listings',
      () => (shown = (truth, to) => (to === 'READDIR' ? { ...truth, size: 2 ** 63 } : truth)),
    ],
    ['a REALPATH from outside of what it shows', () => (answer = names('REALPATH', ['/mnt/chroot/in', {}]))],
  ])('from a server with %s', async (_what, misbehave) => {
    put('a.csv');
    misbehave();
    const { landed } = await run({ onEmptyFolder: 'fail' });
    expect(landed).toEqual(['landing/acme/a.csv']);
  });

  test('released by its trigger, where the server does not say what is a file', async () => {
    put('a.csv');
    put('a.csv.done');
    put('b.csv');
    shown = (truth) => ({ ...truth, mode: truth.mode & PERMISSIONS });
    const { landed } = await run({ ready: { trigger: { kind: 'per-file', name: '{name}.done' } } });
    expect(landed).toEqual(['landing/acme/a.csv']);
  });
});

test('a manifest that vanishes after it was listed does not end the run', async () => {
  put('a.csv');
  put('MANIFEST', 'a.csv');
  answer = (channel, request) =>
    String(request.parameters[0]).endsWith('MANIFEST') &&
    without('OPEN', STATUS_CODE.NO_SUCH_FILE)(channel, request);
  const { rig } = await run({ ready: { trigger: { kind: 'manifest', name: 'MANIFEST' } } });
  expect(rig.files.lines('decisions.jsonl')).toContainEqual(
    expect.objectContaining({ path: 'a.csv', reason: 'manifest-incomplete' }),
  );
});

test('a name with a slash is neither read as a manifest nor taken for a trigger', async () => {
  const opened: unknown[] = [];
  let listings = 0;
  answer = (channel, request) => {
    if (request.kind === 'OPEN') opened.push(request.parameters[0]);
    if (request.kind !== 'READDIR' || listings > 0)
      return without('READDIR', STATUS_CODE.EOF)(channel, request);
    listings += 1;
    return names('READDIR', ['a.csv', A_CSV], ['../out/MANIFEST', A_CSV])(channel, request);
  };
  await run({ ready: { trigger: { kind: 'manifest', name: 'MANIFEST' } } });
  expect(opened).toEqual([]);
});

describe('a listing is refused by name', () => {
  test.each<[string, typeof answer]>([
    ['never ends, and gives the same names again and again', names('READDIR', ['a.csv', A_CSV])],
    ['never ends, and gives no name', names('READDIR')],
  ])(
    'that %s',
    async (_what, endlessly) => {
      answer = endlessly;
      await expect(run()).rejects.toMatchObject({
        name: 'SftpRequestRefusedError',
        message: expect.stringMatching(
          /^the listing of the folder does not end: .* no new name, after (0 names|1 name)$/,
        ),
      });
    },
    WITHIN_MS,
  );

  test.each<[string, string, (channel: SFTPWrapper, id: number) => unknown]>([
    ['READDIR', 'OK', (channel, id) => channel.status(id, STATUS_CODE.OK)],
    ['READDIR', 'a handle', (channel, id) => channel.handle(id, Buffer.from('abcd'))],
    ['READDIR', 'data', (channel, id) => channel.data(id, Buffer.from('abcd'))],
    ['READDIR', 'attributes', (channel, id) => channel.attrs(id, A_CSV)],
    ['OPENDIR', 'names', (channel, id) => channel.name(id, [])],
    ['OPENDIR', 'OK', (channel, id) => channel.status(id, STATUS_CODE.OK)],
  ])('whose %s is answered with %s', async (kind, _what, send) => {
    answer = (channel, request) => {
      if (request.kind === kind) send(channel, request.id);
      return request.kind === kind;
    };
    await expect(run()).rejects.toMatchObject({
      name: 'SftpRequestRefusedError',
      message: 'the server answers a request about /in with OK, but without what was asked for',
    });
  });

  test('whose names are cut short', async () => {
    answer = (channel, { kind, id }) => {
      if (kind !== 'READDIR') return false;
      const packet = namePacket(id, [{ name: Buffer.from('a.csv') }]);
      packet.writeUInt32BE(1_000, 5);
      sendPacket(channel, framed(packet));
      return true;
    };
    await expect(run()).rejects.toMatchObject({
      name: 'SftpRequestRefusedError',
      message: 'the names in /in end before what the server announced',
    });
  });
});

test('an answer that does not say that a file is gone does not make it removed', async () => {
  put('a.csv');
  const { rig, listing } = await run({ afterProof: { action: 'delete' } });
  answer = without('LSTAT', LINK_LOOP);
  expect(await rig.settle('one', listing)).toMatchObject({ settled: 0, left: 1 });
  answer = () => false;
  expect(await rig.settle('one', listing)).toMatchObject({ settled: 1, left: 0 });
  expect(existsSync(path.join(root, 'in/a.csv'))).toBe(false);
});

test('a file at which the server ends every connection stays, and those after it are done', async () => {
  for (const name of ['a.csv', 'b.csv', 'c.csv']) put(name);
  const { rig, listing } = await run({ afterProof: { action: 'delete' } });
  answer = (channel, { kind, parameters: [name] }) => {
    if (kind !== 'REMOVE' || name !== '/in/a.csv') return false;
    channel.end();
    return true;
  };
  expect(await rig.settle('one', listing)).toMatchObject({ settled: 2, left: 1 });
  expect(['a.csv', 'b.csv', 'c.csv'].map((name) => existsSync(path.join(root, 'in', name)))).toEqual([
    true,
    false,
    false,
  ]);
});

test('a trigger follows its data although the connection is lost before it', async () => {
  put('a.csv');
  put('a.csv.done');
  const { rig, listing } = await run({
    ready: { trigger: { kind: 'per-file', name: '{name}.done' } },
    afterProof: { action: 'delete' },
  });
  let lost = 0;
  answer = (channel, { kind, parameters: [name] }) => {
    if (kind !== 'LSTAT' || name !== '/in/a.csv.done' || lost > 0) return false;
    lost += 1;
    channel.end();
    return true;
  };
  // A worker that fails is started anew.
  const settled = await rig.settle('one', listing).catch(() => rig.settle('one', listing));
  expect({ left: settled.left, lost }).toEqual({ left: 0, lost: 1 });
  expect(existsSync(path.join(root, 'in/a.csv.done'))).toBe(false);
});
