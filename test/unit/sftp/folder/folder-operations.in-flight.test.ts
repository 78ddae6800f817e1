import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import ssh2, { type Attributes, type SFTPWrapper } from 'ssh2';
import type { SftpRequest } from '../../../../local/sftp-server/hooks.ts';
import { listFolder } from '../../../../sftp/folder/list-folder.ts';
import { type FaultySftpServer, startFaultySftpServer } from '../../../support/sftp/faulty-sftp-server.ts';
import { never, PASSWORD, sourceOf, USERNAME } from '../../../support/sftp/partner.ts';
import { temporaryDirectory } from '../../../support/temporary-directory.ts';

const FOLDERS = 5;
const NAMES = 40;
const PAGE = 7;
const TURNS_TO_ANSWER = 3;
const root = temporaryDirectory();
let server: FaultySftpServer;

beforeAll(async () => {
  for (let folder = 0; folder < FOLDERS; folder += 1)
    mkdirSync(path.join(root, `in/f${folder}`), { recursive: true });
  writeFileSync(path.join(root, 'in/a'), '');
  server = await startFaultySftpServer({ rootDirectory: root, username: USERNAME, password: PASSWORD });
});
afterAll(() => server.close());

/**
 * Answers READDIR as a server does that looks where it is in a folder when it begins, and moves on when it has the names:
 * of two requests for one handle that are under way, both give the same names, and as many are passed over.
 */
function readdirInTwoSteps() {
  const seen = { mostOfOneHandle: 0, mostInAll: 0 };
  const at = new Map<string, number>();
  const underWay = new Map<string, number>();
  const answer = async (sftp: SFTPWrapper, id: number, handle: string): Promise<void> => {
    underWay.set(handle, (underWay.get(handle) ?? 0) + 1);
    seen.mostOfOneHandle = Math.max(seen.mostOfOneHandle, underWay.get(handle) ?? 0);
    seen.mostInAll = Math.max(
      seen.mostInAll,
      [...underWay.values()].reduce((sum, count) => sum + count, 0),
    );
    const from = at.get(handle) ?? 0;
    for (let turn = 0; turn < TURNS_TO_ANSWER; turn += 1) await nextTurn();
    underWay.set(handle, (underWay.get(handle) ?? 0) - 1);
    const count = Math.min(PAGE, NAMES - from);
    at.set(handle, (at.get(handle) ?? 0) + count);
    if (count === 0) return void sftp.status(id, ssh2.utils.sftp.STATUS_CODE.EOF);
    sftp.name(
      id,
      Array.from({ length: count }, (_, n) => {
        const filename = from + n < FOLDERS ? `f${from + n}` : `n${from + n}`;
        const mode = from + n < FOLDERS ? 0o040755 : 0o100644;
        return {
          filename,
          longname: filename,
          attrs: { mode, size: 1, mtime: 1, atime: 1, uid: 0, gid: 0 } as Attributes,
        };
      }),
    );
  };
  server.faults.answer = (sftp: SFTPWrapper, { kind, id, parameters: [handle] }: SftpRequest) => {
    if (kind !== 'READDIR') return false;
    void answer(sftp, id, (handle as Buffer).toString('hex'));
    return true;
  };
  return seen;
}

test('of each folder one READDIR is under way at a time, of several folders several: no name is lost or doubled', async () => {
  const seen = readdirInTwoSteps();
  const session = await sourceOf(server).connect(never);
  const paths: string[] = [];
  try {
    const request = { root: '/in', maxDepth: 1, links: 'skip' as const, isWanted: () => true };
    for await (const page of listFolder(session, request, never)) {
      if ('unread' in page) throw new Error(page.unread.message);
      paths.push(...page.entries.map(({ path: name }) => name));
    }
  } finally {
    await session.end();
  }
  expect(paths).toHaveLength(NAMES * (1 + FOLDERS));
  expect(new Set(paths).size).toBe(NAMES * (1 + FOLDERS));
  expect(seen.mostOfOneHandle).toBe(1);
  expect(seen.mostInAll).toBeGreaterThan(1);
});
