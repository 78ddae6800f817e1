import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type ListingPage, type ListingRequest, listFolder } from '../../sftp/folder/list-folder.ts';
import type { SftpSession } from '../../sftp/ports.ts';
import type { ListedEntry } from '../../transfer/source/listed-entry.ts';
import { describeUnless } from '../support/optional-suite.ts';
import { never, sourceOf } from '../support/sftp/partner.ts';
import { type Sshd, sshdMissing, startSshd } from '../support/sftp/sshd.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

describeUnless(sshdMissing, 'names and folders of OpenSSH', () => {
  let sshd: Sshd;
  let session: SftpSession;
  let root: string;
  const parent = temporaryDirectory();
  const elsewhere = temporaryDirectory();

  beforeAll(async () => {
    sshd = await startSshd();
    const server = sourceOf(sshd, {
      credentials: async () => ({ username: sshd.username, privateKey: sshd.privateKey }),
    });
    session = await server.connect(never);
  });
  afterAll(async () => {
    await session.end();
    await sshd.stop();
  });
  beforeEach(() => {
    root = mkdtempSync(path.join(parent, 'folder-'));
  });

  const put = (name: string | Buffer, bytes = 'x', mtime = 1_700_000_000): void => {
    const target = Buffer.concat([Buffer.from(`${root}/`), Buffer.from(name)]);
    writeFileSync(target, bytes);
    utimesSync(target, mtime, mtime);
  };
  const list = async (request: Partial<ListingRequest> = {}): Promise<ListedEntry[]> => {
    const entries: ListedEntry[] = [];
    for await (const page of pages(request)) if ('entries' in page) entries.push(...page.entries);
    return entries.sort((one, other) => (one.path < other.path ? -1 : 1));
  };
  const pages = (request: Partial<ListingRequest>): AsyncGenerator<ListingPage> =>
    listFolder(session, { root, maxDepth: 0, links: 'skip', isWanted: () => true, ...request }, never);

  test('size and time of a file, whatever its time', async () => {
    put('a', '12345', 1_700_000_001);
    put('empty', '', 0);
    put('future', '1', 4_000_000_000);
    expect(await list()).toEqual([
      { path: 'a', kind: 'file', sizeBytes: 5, modifiedAtSeconds: 1_700_000_001 },
      { path: 'empty', kind: 'file', sizeBytes: 0, modifiedAtSeconds: 0 },
      { path: 'future', kind: 'file', sizeBytes: 1, modifiedAtSeconds: 4_000_000_000 },
    ]);
  });

  test('an empty folder, and one that is not there', async () => {
    expect(await list()).toEqual([]);
    await expect(list({ root: `${root}/gone` })).rejects.toMatchObject({ name: 'SourceNotFoundError' });
  });

  test('a name that is not UTF-8 is shown by its bytes, and is another than one with a replacement character', async () => {
    put(Buffer.from([0x72, 0xe9, 0x2e, 0x63])); // ré.c in Latin-1
    put('r\ufffd.c');
    expect((await list()).map(({ path: shown, nameProblem }) => [shown, nameProblem])).toEqual([
      ['r\\xE9.c', 'not-utf-8'],
      ['r\ufffd.c', undefined],
    ]);
  });

  test('a folder whose name is not UTF-8 is shown, and not entered', async () => {
    mkdirSync(Buffer.concat([Buffer.from(`${root}/`), Buffer.from([0xff])]));
    expect(await list({ maxDepth: 3 })).toEqual([
      expect.objectContaining({ path: '\\xFF', kind: 'folder', nameProblem: 'not-utf-8' }),
    ]);
  });

  test('a newline, a backslash, composed and decomposed letters stay as they are', async () => {
    const names = ['a\nb', 'a\\b', 're\u0301', 'r\u00e9'];
    for (const name of names) put(name);
    expect((await list()).map((entry) => entry.path)).toEqual(names.sort());
  });

  test('folders are read as deep as asked, and never by a link', async () => {
    mkdirSync(`${root}/1/2`, { recursive: true });
    symlinkSync('..', `${root}/1/loop`);
    put('1/a');
    put('1/2/b');
    const shown = async (maxDepth: number) =>
      (await list({ maxDepth })).map(({ path: p, kind }) => `${p} ${kind}`);
    expect(await shown(0)).toEqual(['1 folder']);
    expect(await shown(1)).toEqual(['1 folder', '1/2 folder', '1/a file', '1/loop link']);
    expect(await shown(9)).toEqual(['1 folder', '1/2 folder', '1/2/b file', '1/a file', '1/loop link']);
  });

  test('links are followed to regular files inside the folder only', async () => {
    writeFileSync(path.join(elsewhere, 'secret'), 'secret');
    mkdirSync(`${root}/folder`);
    put('real', '123');
    symlinkSync('real', `${root}/to-file`);
    symlinkSync('folder', `${root}/to-folder`);
    symlinkSync('nowhere', `${root}/dangling`);
    symlinkSync('loop', `${root}/loop`);
    symlinkSync(path.join(elsewhere, 'secret'), `${root}/to-secret`);
    const kinds = async (links: 'skip' | 'follow') =>
      Object.fromEntries((await list({ links })).map((entry) => [entry.path, entry.kind]));
    const asLinks = { dangling: 'link', loop: 'link', 'to-folder': 'link', 'to-secret': 'link' };

    expect(await kinds('skip')).toEqual({ ...asLinks, folder: 'folder', real: 'file', 'to-file': 'link' });
    expect(await kinds('follow')).toEqual({ ...asLinks, folder: 'folder', real: 'file', 'to-file': 'file' });
    expect((await list({ links: 'follow' })).find((entry) => entry.path === 'to-file')?.sizeBytes).toBe(3);
  });

  test('a pipe is listed, and nobody opens it', async () => {
    execFileSync('mkfifo', [`${root}/pipe`]);
    expect(await list()).toEqual([expect.objectContaining({ path: 'pipe', kind: 'other' })]);
  });

  test('more names than one answer holds, each once', async () => {
    for (let n = 0; n < 1_234; n += 1) put(`file-${n}`);
    const names = (await list()).map((entry) => entry.path);
    expect(new Set(names).size).toBe(1_234);
    expect(names).toHaveLength(1_234);
    await expect(list({ maxNames: 1_233 })).rejects.toMatchObject({
      name: 'InvalidTransferRequestError',
      field: 'folder',
    });
  });

  test('a small file is read whole; one that is not as expected has changed', async () => {
    const content = 'x'.repeat(600_000);
    put('a', content);
    put('empty', '');
    const { folders } = session;

    const { bytes, stat } = await folders.readWhole(`${root}/a`, 600_000, never);
    expect(bytes.toString()).toBe(content);
    expect(stat).toEqual({ kind: 'file', sizeBytes: 600_000, modifiedAtSeconds: 1_700_000_000 });
    expect((await folders.readWhole(`${root}/empty`, 0, never)).bytes).toHaveLength(0);
    for (const expected of [0, 599_999, 600_001]) {
      await expect(folders.readWhole(`${root}/a`, expected, never)).rejects.toMatchObject({
        name: 'SourceChangedError',
      });
    }
    await expect(folders.readWhole(`${root}/gone`, 1, never)).rejects.toMatchObject({
      name: 'SourceNotFoundError',
    });
  });

  test('many small files are read at a time over one session', async () => {
    for (let n = 0; n < 200; n += 1) put(`f${n}`, `content ${n}`);
    const all = Array.from({ length: 200 }, async (_, n) => {
      const expected = `content ${n}`;
      const { bytes } = await session.folders.readWhole(`${root}/f${n}`, expected.length, never);
      expect(bytes.toString()).toBe(expected);
    });
    await Promise.all(all);
  });

  test('a rename fails where the target exists, and a rename over it does not', async () => {
    put('a', 'a');
    put('b', 'bb');
    const { folders } = session;

    expect(await folders.rename(`${root}/a`, `${root}/b`, never)).toMatchObject({ done: false, status: 4 });
    expect(await folders.lookAt(`${root}/a`, never)).toMatchObject({ sizeBytes: 1 });
    expect(await folders.rename(`${root}/a`, `${root}/gone/a`, never)).toMatchObject({
      done: false,
      status: 2,
    });
    expect(await folders.renameOver(`${root}/a`, `${root}/b`, never)).toEqual({ done: true });
    expect(await folders.lookAt(`${root}/a`, never)).toBeUndefined();
    expect(await folders.lookAt(`${root}/b`, never)).toMatchObject({ sizeBytes: 1 });
    expect(await folders.rename(`${root}/b`, `${root}/c`, never)).toEqual({ done: true });
  });

  test('an empty file is made, and never in place of another', async () => {
    put('a', 'a');
    const { folders } = session;

    expect(await folders.makeEmptyFile(`${root}/new`, never)).toEqual({ done: true });
    expect(await folders.lookAt(`${root}/new`, never)).toMatchObject({ sizeBytes: 0 });
    expect(await folders.makeEmptyFile(`${root}/a`, never)).toMatchObject({ done: false, status: 4 });
    expect(await folders.lookAt(`${root}/a`, never)).toMatchObject({ sizeBytes: 1 });
  });

  test('a folder is made, and is not removed as a file is', async () => {
    put('a');
    const { folders } = session;

    expect(await folders.makeFolder(`${root}/new`, never)).toEqual({ done: true });
    expect(await folders.makeFolder(`${root}/new`, never)).toMatchObject({ done: false });
    expect(await folders.remove(`${root}/new`, never)).toMatchObject({ done: false });
    expect(await folders.remove(`${root}/a`, never)).toEqual({ done: true });
    expect(await folders.remove(`${root}/a`, never)).toMatchObject({ done: false, status: 2 });
  });
});
