import type { Stats } from 'node:fs';
import type { Socket } from 'node:net';
import ssh2, { type SFTPWrapper } from 'ssh2';
import { toAttributes, toFileEntry } from './attributes.ts';
import type { NameChangeRequest, SftpServerHooks } from './hooks.ts';
import { OpenHandles } from './open-handles.ts';
import { createReader } from './reads.ts';
import type { RootedFilesystem } from './rooted-filesystem.ts';
import { statusOf } from './status.ts';

const { OPEN_MODE, STATUS_CODE } = ssh2.utils.sftp;

/** Entries per READDIR answer, as OpenSSH: small enough for the 34,000 bytes that every client takes. */
const ENTRIES_PER_ANSWER = 100;

/** ssh2 gives requests as events in capitals. */
const REQUEST_KIND = /^[A-Z]+$/;

/**
 * Answers the requests of one SFTP session (version 3) from `filesystem`. What would write gets PERMISSION_DENIED, and
 * so does what would change a name, unless that is allowed. Returns the release of what the client left open.
 */
export function serveSftp(
  sftp: SFTPWrapper,
  filesystem: RootedFilesystem,
  session: { connectionNumber: number; socket: Socket; hooks: SftpServerHooks; allowNameChanges: boolean },
): () => Promise<void> {
  const { connectionNumber, hooks, allowNameChanges } = session;
  const handles = new OpenHandles();
  const read = createReader(sftp, session);

  const answering = new Set<Promise<void>>();
  const answer = (id: number, work: () => Promise<void>): void => {
    const answered = work()
      .catch((error: unknown) => sftp.status(id, statusOf(error), (error as Error).message))
      .then(() => void answering.delete(answered));
    answering.add(answered);
  };
  const answerStat = (id: number, path: string, stat: () => Promise<Stats>): void =>
    answer(id, async () => {
      const attributes = toAttributes(await stat());
      sftp.attrs(id, hooks.attributes?.(path, attributes) ?? attributes);
    });
  const denyWrite = (id: number): void =>
    sftp.status(id, STATUS_CODE.PERMISSION_DENIED, 'This server is read-only');
  const denyHandle = (id: number): void => sftp.status(id, STATUS_CODE.FAILURE, 'No such handle');

  if (hooks.answer !== undefined) interceptRequests(sftp, hooks.answer);
  sftp.on('OPEN', (id, path, flags) => {
    if ((flags & ~OPEN_MODE.READ) !== 0) return denyWrite(id);
    answer(id, async () => {
      hooks.beforeOpen?.(path);
      const opened = await filesystem.openForReading(path);
      sftp.handle(id, handles.add({ kind: 'file', path, ...opened }));
    });
  });
  sftp.on('READ', (id, handle, offsetBytes, lengthBytes) => {
    const opened = handles.file(handle);
    if (opened === undefined) return denyHandle(id);
    read(id, opened, offsetBytes, lengthBytes);
  });
  sftp.on('FSTAT', (id, handle) => {
    const opened = handles.file(handle);
    if (opened === undefined) return denyHandle(id);
    answerStat(id, opened.path, () => opened.file.stat());
  });
  sftp.on('STAT', (id, path) => answerStat(id, path, () => filesystem.stat(path)));
  sftp.on('LSTAT', (id, path) => answerStat(id, path, () => filesystem.lstat(path)));
  sftp.on('REALPATH', (id, path) =>
    answer(id, async () => {
      const filename = await filesystem.realpath(path);
      // Version 3 wants dummy attributes here; the type asks for all of them.
      sftp.name(id, [{ filename, longname: filename, attrs: {} as ReturnType<typeof toAttributes> }]);
    }),
  );
  sftp.on('OPENDIR', (id, path) =>
    answer(id, async () => {
      hooks.onEvent?.({ kind: 'folder-opened', connectionNumber, path });
      const entries = (await filesystem.list(path)).map(({ name, stats }) => toFileEntry(name, stats));
      sftp.handle(id, handles.add({ kind: 'folder', entries }));
    }),
  );
  sftp.on('READDIR', (id, handle) => {
    const opened = handles.folder(handle);
    if (opened === undefined) return denyHandle(id);
    const entries = opened.entries.splice(0, ENTRIES_PER_ANSWER);
    if (entries.length === 0) return sftp.status(id, STATUS_CODE.EOF);
    sftp.name(id, entries);
  });
  sftp.on('CLOSE', (id, handle) =>
    answer(id, async () => {
      if (await handles.close(handle)) sftp.status(id, STATUS_CODE.OK);
      else denyHandle(id);
    }),
  );

  const changeName = (
    id: number,
    change: Omit<NameChangeRequest, 'connectionNumber'>,
    perform: () => Promise<void>,
  ) => {
    if (!allowNameChanges) return denyWrite(id);
    answer(id, async () => {
      if (hooks.changeName) await hooks.changeName({ ...change, connectionNumber }, perform);
      else await perform();
      sftp.status(id, STATUS_CODE.OK);
    });
  };
  sftp.on('RENAME', (id, path, to) =>
    changeName(id, { kind: 'rename', path, to }, () => filesystem.rename(path, to)),
  );
  sftp.on('REMOVE', (id, path) => changeName(id, { kind: 'remove', path }, () => filesystem.remove(path)));
  sftp.on('MKDIR', (id, path) =>
    changeName(id, { kind: 'make-folder', path }, () => filesystem.makeFolder(path)),
  );
  for (const change of ['WRITE', 'SETSTAT', 'FSETSTAT', 'RMDIR', 'SYMLINK']) {
    (sftp as NodeJS.EventEmitter).on(change, denyWrite);
  }
  return async () => {
    // A file that is being opened now would be left open.
    await Promise.all(answering);
    await handles.closeAll();
  };
}

/** Shows every request to `answer` first; those that it has answered reach nobody else. */
function interceptRequests(sftp: SFTPWrapper, answer: NonNullable<SftpServerHooks['answer']>): void {
  const emitter = sftp as NodeJS.EventEmitter;
  const emit = emitter.emit.bind(emitter);
  emitter.emit = (kind, ...[id, ...parameters]) => {
    const isRequest = typeof kind === 'string' && REQUEST_KIND.test(kind) && typeof id === 'number';
    return (isRequest && answer(sftp, { kind, id, parameters })) || emit(kind, id, ...parameters);
  };
}
