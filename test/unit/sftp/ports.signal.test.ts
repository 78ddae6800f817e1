import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { buffer } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import type { SftpServer, SftpSession } from '../../../sftp/ports.ts';
import { startTcpProxy, type TcpProxy } from '../../support/network/tcp-proxy.ts';
import { type FaultySftpServer, startFaultySftpServer } from '../../support/sftp/faulty-sftp-server.ts';
import { never, PASSWORD, sourceOf, USERNAME } from '../../support/sftp/partner.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';
import { within } from '../../support/within.ts';

/** Every await has a way out: whatever a method of the ports waits for, its signal ends it, with the signal's reason. */

const WAY_OUT_WITHIN_MS = 100;
/** Enough for a request to be on its way. */
const UNDER_WAY_MS = 50;
const reason = new Error('nobody waits any more');
const directory = temporaryDirectory();
let server: FaultySftpServer;
let proxy: TcpProxy;
let session: SftpSession;

beforeAll(async () => {
  writeFileSync(path.join(directory, 'file.bin'), Buffer.alloc(1_000, 7));
  server = await startFaultySftpServer({ rootDirectory: directory, username: USERNAME, password: PASSWORD });
});
afterAll(() => server.close());
beforeEach(async () => {
  proxy = await startTcpProxy({ targetPort: server.port });
  session = await connect();
});
afterEach(async () => {
  delete server.faults.answer;
  await session.end();
  await proxy.close();
});

const FILE = '/file.bin';
const connect = () => sourceOf({ ...server, port: proxy.port }).connect(never);
const answerNothing = (): void => {
  server.faults.answer = () => true;
};

type Call = (signal: AbortSignal) => Promise<unknown>;

async function firstOf<T>(pages: AsyncIterable<T>): Promise<T | undefined> {
  for await (const page of pages) return page;
  return undefined;
}

/** Those of SftpSession and FolderOperations that ask the server something. */
const CALLS: Readonly<Record<string, Call>> = {
  realpath: (signal) => session.realpath(FILE, signal),
  stat: (signal) => session.stat(FILE, signal),
  hasByteAt: (signal) => session.hasByteAt(FILE, 0, signal),
  open: (signal) => session.open(FILE, { maxReadBytes: 32_768 }, signal),
  'folders.readFolder': (signal) => firstOf(session.folders.readFolder('/', signal)),
  'folders.lookAt': (signal) => session.folders.lookAt(FILE, signal),
  'folders.readWhole': (signal) => session.folders.readWhole(FILE, 1_000, signal),
  'folders.makeEmptyFile': (signal) => session.folders.makeEmptyFile('/new.bin', signal),
  'folders.rename': (signal) => session.folders.rename(FILE, '/other.bin', signal),
  'folders.remove': (signal) => session.folders.remove(FILE, signal),
  'folders.makeFolder': (signal) => session.folders.makeFolder('/new', signal),
};
/** What may be known already, or is decided without the server. */
const CALLS_WITHOUT_ANSWER: Readonly<Record<string, Call>> = {
  maxReadBytes: (signal) => session.maxReadBytes(signal),
  'folders.renameOver': (signal) => session.folders.renameOver(FILE, '/other.bin', signal),
};

test.each(Object.entries({ ...CALLS, ...CALLS_WITHOUT_ANSWER }))(
  '%s with an aborted signal',
  async (_name, call) => {
    answerNothing();
    await expect(within(WAY_OUT_WITHIN_MS, call(AbortSignal.abort(reason)))).rejects.toBe(reason);
  },
);

test.each(Object.entries(CALLS))('%s, aborted while the server is silent', async (_name, call) => {
  answerNothing();
  const controller = new AbortController();
  const outcome = call(controller.signal).catch((error: unknown) => error);
  await sleep(UNDER_WAY_MS);
  controller.abort(reason);
  await expect(within(WAY_OUT_WITHIN_MS, outcome)).resolves.toBe(reason);
});

test('every method of the session and of its folders is tried here', () => {
  const tried = Object.keys({ ...CALLS, ...CALLS_WITHOUT_ANSWER });
  const methodsOf = (object: object): string[] =>
    Object.getOwnPropertyNames(Object.getPrototypeOf(object)).filter(
      (name) =>
        name !== 'constructor' &&
        typeof Object.getOwnPropertyDescriptor(Object.getPrototypeOf(object), name)?.value === 'function',
    );
  const ofSession = methodsOf(session).filter((name) => !['end', 'release'].includes(name)); // have a time limit of their own
  const ofFolders = methodsOf(session.folders).map((name) => `folders.${name}`);
  expect([...ofSession, ...ofFolders].toSorted()).toEqual(tried.toSorted());
});

test.each(['stat', 'read'] as const)(
  '%s of an open file, aborted while the server is silent',
  async (what) => {
    const controller = new AbortController();
    const file = await session.open(FILE, { maxReadBytes: 32_768 }, controller.signal);
    answerNothing();
    const work = what === 'stat' ? file.stat() : buffer(file.read({ startByte: 0, endByte: 1_000 }));
    const outcome = work.catch((error: unknown) => error);
    await sleep(UNDER_WAY_MS);
    controller.abort(reason);
    await expect(within(WAY_OUT_WITHIN_MS, outcome)).resolves.toBe(reason);
  },
);

describe('a server', () => {
  const waitForAbort = (signal: AbortSignal): Promise<never> =>
    new Promise((_resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    });
  const cases: [string, () => SftpServer, (server: SftpServer) => Call][] = [
    [
      'that does not speak',
      () => sourceOf({ ...server, port: proxy.port }),
      (one) => (signal) => one.connect(signal),
    ],
    [
      'whose name is not resolved',
      () => sourceOf({ ...server, host: 'sftp.partner.test' }, { lookup: () => new Promise(() => {}) }),
      (one) => (signal) => one.connect(signal),
    ],
    [
      'whose credentials do not come',
      () => sourceOf(server, { credentials: (_version, signal) => waitForAbort(signal) }),
      (one) => (signal) => one.connect(signal),
    ],
    [
      'whose earlier credentials do not come',
      () => sourceOf(server, { previousCredentials: waitForAbort }),
      (one) => (signal) => one.withPreviousSecret(signal),
    ],
  ];

  test.each(cases)('%s', async (_case, make, callOf) => {
    await session.end();
    await proxy.close();
    proxy = await startTcpProxy({
      targetPort: server.port,
      faultOf: () => ({ afterBytes: 0, how: 'stall' }),
    });
    const call = callOf(make());
    await expect(within(WAY_OUT_WITHIN_MS, call(AbortSignal.abort(reason)))).rejects.toBe(reason);
    const controller = new AbortController();
    const outcome = call(controller.signal).catch((error: unknown) => error);
    await sleep(UNDER_WAY_MS);
    controller.abort(reason);
    await expect(within(WAY_OUT_WITHIN_MS, outcome)).resolves.toBe(reason);
  });
});
