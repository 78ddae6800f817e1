import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { buffer } from 'node:stream/consumers';
import ssh2, { type Attributes, type SFTPWrapper } from 'ssh2';
import type { SftpRequest } from '../../../local/sftp-server/hooks.ts';
import type { Ssh2SftpSession } from '../../../sftp/sftp-session.ts';
import { type FaultySftpServer, startFaultySftpServer } from '../../support/sftp/faulty-sftp-server.ts';
import { never, PASSWORD, sourceOf, USERNAME } from '../../support/sftp/partner.ts';
import { sendStatus } from '../../support/sftp/raw-answers.ts';
import { readRange } from '../../support/sftp/read-range.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';
import { within } from '../../support/within.ts';

const { STATUS_CODE } = ssh2.utils.sftp;
const directory = temporaryDirectory();
const FILE_BYTES = 100_000;
const FILE = '/file.bin';
let server: FaultySftpServer;
let session: Ssh2SftpSession;

type Answer = (sftp: SFTPWrapper, request: SftpRequest) => void;

beforeAll(async () => {
  writeFileSync(path.join(directory, 'file.bin'), Buffer.alloc(FILE_BYTES, 7));
  writeFileSync(path.join(directory, 'empty.bin'), '');
  server = await startFaultySftpServer({ rootDirectory: directory, username: USERNAME, password: PASSWORD });
});
afterAll(() => server.close());
beforeEach(async () => {
  session = await sourceOf(server, { idleTimeoutMs: 2_000 }).connect(never);
});
afterEach(async () => {
  delete server.faults.answer;
  await session.end();
});

/** From now on the server answers requests of these kinds so; `true` leaves one to the server. */
function answering(answers: Readonly<Record<string, (...args: Parameters<Answer>) => unknown>>): void {
  server.faults.answer = (sftp, request) => {
    const answer = answers[request.kind];
    return answer !== undefined && answer(sftp, request) !== true;
  };
}

const status =
  (code: number, words = ''): Answer =>
  (sftp, { id }) =>
    sendStatus(sftp, id, code, words);
const name =
  (filename: string): Answer =>
  (sftp, { id }) =>
    sftp.name(id, [{ filename, longname: filename, attrs: {} as Attributes }]);
const attributes =
  (attrs: Partial<Attributes>): Answer =>
  (sftp, { id }) =>
    sftp.attrs(id, attrs as Attributes);
const errorNamed = (expected: string) => expect.objectContaining({ name: expected });

describe('every status is a named error, permanent or retryable, with the words of the server', () => {
  const retryable = [4, 6, 7, 9];
  test.each(Array.from({ length: 34 }, (_, code) => code).filter((code) => code !== 1))(
    '%d',
    async (code) => {
      answering({ OPEN: status(code, 'no \u001b[31mway\r\nat all') });
      const error = (await session.hasByteAt(FILE, 5, never).catch((thrown) => thrown)) as Error & {
        retryable: boolean;
      };
      expect(error).toMatchObject({ retryable: retryable.includes(code) });
      expect(error.name).not.toBe('SftpConnectionError');
      expect(error.name).not.toBe('TypeError');
      const shown = `${error.message}${error.cause}${error.stack}`;
      expect(shown).not.toContain('\u001b');
      expect(shown).not.toContain('\r');
    },
  );

  test.each([
    [2, 'SourceNotFoundError'],
    [3, 'SourcePermissionError'],
    [4, 'SftpRequestFailedError'],
    [5, 'SftpRequestRefusedError'],
    [8, 'SftpRequestRefusedError'],
    [10, 'SourceNotFoundError'],
    [17, 'SftpRequestRefusedError'],
    [24, 'SourceNotAFileError'],
    [99, 'SftpRequestRefusedError'],
  ])('%d is %s', async (code, expected) => {
    answering({ OPEN: status(code, 'words of the server') });
    await expect(session.hasByteAt(FILE, 5, never)).rejects.toThrow(errorNamed(expected));
  });

  test('30,000 characters of a server are cut, in the cause as well', async () => {
    answering({ OPEN: status(8, `\u001b]0;${'x'.repeat(30_000)}`) });
    const error = (await session.hasByteAt(FILE, 5, never).catch((thrown) => thrown)) as Error;
    expect(error.message.length).toBeLessThan(500);
    expect((error.cause as Error).message.length).toBeLessThan(10_000);
    expect((error.cause as Error).message).not.toContain('\u001b');
  });
});

describe('REALPATH is a help, not a condition', () => {
  test.each<[string, Answer]>([
    ['unsupported', status(STATUS_CODE.OP_UNSUPPORTED)],
    ['failing', status(STATUS_CODE.FAILURE)],
    ['for folders only', status(STATUS_CODE.NO_SUCH_FILE)],
    ['denied', status(STATUS_CODE.PERMISSION_DENIED)],
    ['OK without a name', status(STATUS_CODE.OK)],
    ['no name at all', (sftp, { id }) => sftp.name(id, [])],
    ['an empty name', name('')],
    ['a relative name', name('file.bin')],
    ['a name in which bytes were lost', name('/M\ufffdller/file.bin')],
  ])('%s: the path as it was given', async (_case, answer) => {
    answering({ REALPATH: answer });
    await expect(session.realpath(FILE, never)).resolves.toBe(FILE);
    await expect(session.realpath('file.bin', never)).resolves.toBe('file.bin');
  });

  test('a slash more is dropped', async () => {
    answering({ REALPATH: name('/file.bin/') });
    await expect(session.realpath(FILE, never)).resolves.toBe(FILE);
  });

  test('the root stays the root', async () => {
    await expect(session.realpath('/', never)).resolves.toBe('/');
  });
});

describe('STAT falls back to LSTAT and FSTAT', () => {
  const found = { kind: 'file', sizeBytes: FILE_BYTES };
  test.each<[string, Answer]>([
    ['unsupported', status(STATUS_CODE.OP_UNSUPPORTED)],
    ['denied', status(STATUS_CODE.PERMISSION_DENIED)],
    ['failing', status(STATUS_CODE.FAILURE)],
    ['OK without attributes', status(STATUS_CODE.OK)],
    ['attributes without a size', attributes({ mode: 0o100644 })],
    ['a size of 2^63', attributes({ mode: 0o100644, size: 2 ** 63 })],
  ])('%s', async (_case, answer) => {
    answering({ STAT: answer });
    await expect(session.stat(FILE, never)).resolves.toMatchObject(found);
    answering({ STAT: answer, LSTAT: answer });
    await expect(session.stat(FILE, never)).resolves.toMatchObject(found);
    answering({ STAT: answer, LSTAT: answer, FSTAT: answer });
    await expect(session.stat(FILE, never)).rejects.toThrow(
      expect.objectContaining({ retryable: expect.any(Boolean), message: expect.stringContaining(FILE) }),
    );
    expect(server.record.openConnections).toBe(1);
  });

  test('LSTAT of a link is not believed: the open file is asked', async () => {
    answering({
      STAT: status(STATUS_CODE.OP_UNSUPPORTED),
      LSTAT: attributes({ mode: 0o120777, size: 8 }),
    });
    await expect(session.stat(FILE, never)).resolves.toMatchObject(found);
  });

  test('what does not exist is not looked for three times', async () => {
    let asked = 0;
    const count = () => {
      asked += 1;
      return true;
    };
    answering({ STAT: count, LSTAT: count, FSTAT: count, OPEN: count });
    await expect(session.stat('/nothing', never)).rejects.toThrow(errorNamed('SourceNotFoundError'));
    expect(asked).toBe(1);
  });

  test('a file that the server gives no kind is of unknown kind', async () => {
    answering({ STAT: attributes({ mode: 0o644, size: FILE_BYTES }) });
    await expect(session.stat(FILE, never)).resolves.toMatchObject({
      kind: 'unknown',
      sizeBytes: FILE_BYTES,
    });
  });
});

describe('the end of a file is what a read shows', () => {
  const atEnd =
    (answer: Answer): ((...args: Parameters<Answer>) => unknown) =>
    (sftp, request) => {
      const [, offsetBytes] = request.parameters as [Buffer, number];
      return offsetBytes < FILE_BYTES || answer(sftp, request);
    };

  test.each<[string, Answer]>([
    ['FAILURE', status(STATUS_CODE.FAILURE)],
    ['OK without data', status(STATUS_CODE.OK)],
    ['no bytes', (sftp, { id }) => sftp.data(id, Buffer.alloc(0))],
  ])('%s in place of EOF: the byte before proves it', async (_case, answer) => {
    answering({ READ: atEnd(answer) });
    await expect(session.hasByteAt(FILE, FILE_BYTES, never)).resolves.toBe(false);
    await expect(session.hasByteAt(FILE, FILE_BYTES - 1, never)).resolves.toBe(true);
  });

  test('a server that fails at every read proves nothing', async () => {
    answering({ READ: status(STATUS_CODE.FAILURE) });
    await expect(session.hasByteAt(FILE, FILE_BYTES, never)).rejects.toThrow(
      errorNamed('SftpRequestFailedError'),
    );
    await expect(session.hasByteAt('/empty.bin', 0, never)).rejects.toThrow(
      errorNamed('SftpRequestFailedError'),
    );
  });
});

describe('a read of a range', () => {
  const range = { path: FILE, startByte: 0, endByte: FILE_BYTES, maxReadBytes: 32_768 };
  test.each<[string, Record<string, Answer>, string]>([
    ['OPEN answered OK without a handle', { OPEN: status(0) }, 'SftpRequestRefusedError'],
    ['OPEN answered EOF', { OPEN: status(1) }, 'SftpRequestRefusedError'],
    ['READ answered OK without data', { READ: status(0) }, 'SftpRequestRefusedError'],
    ['READ unsupported', { READ: status(8) }, 'SftpRequestRefusedError'],
    ['READ failing', { READ: status(4) }, 'SftpRequestFailedError'],
  ])('%s', async (_case, answers, expected) => {
    answering(answers);
    await expect(buffer(readRange(session, range, never))).rejects.toThrow(errorNamed(expected));
  });
});

describe('whatever is awaited ends with the reason of the signal', () => {
  test.each<[string, string, (signal: AbortSignal) => Promise<unknown>]>([
    ['realpath', 'REALPATH', (signal) => session.realpath(FILE, signal)],
    ['stat', 'STAT', (signal) => session.stat(FILE, signal)],
    ['hasByteAt, at OPEN', 'OPEN', (signal) => session.hasByteAt(FILE, 0, signal)],
    ['hasByteAt, at READ', 'READ', (signal) => session.hasByteAt(FILE, 0, signal)],
  ])('%s, which the server does not answer', async (_name, kind, call) => {
    const controller = new AbortController();
    const reason = new Error('nobody waits any more');
    answering({ [kind]: () => controller.abort(reason) });
    await expect(within(1_000, call(controller.signal))).rejects.toBe(reason);
  });
});

describe('a read that is too large for the server', () => {
  test.each([
    ['16 KiB, below what the protocol promises', 16_384, 4],
    ['32 KiB, though 256 KiB were announced', 32_768, 4],
    ['4 KiB', 4_096, 8],
  ])('%s: is asked for in less, and the next read begins with that', async (_case, mostBytes, code) => {
    const asked: number[] = [];
    answering({
      READ: (sftp, { id, parameters }) => {
        const lengthBytes = parameters[2] as number;
        asked.push(lengthBytes);
        if (lengthBytes <= mostBytes) return true;
        sendStatus(sftp, id, code, 'Failure');
        return undefined;
      },
    });
    const range = { path: FILE, startByte: 0, endByte: FILE_BYTES, maxReadBytes: 261_120 };
    await expect(buffer(readRange(session, range, never))).resolves.toEqual(Buffer.alloc(FILE_BYTES, 7));
    asked.length = 0;
    await expect(buffer(readRange(session, range, never))).resolves.toHaveLength(FILE_BYTES);
    expect(Math.max(...asked)).toBeLessThanOrEqual(mostBytes);
  });
});
