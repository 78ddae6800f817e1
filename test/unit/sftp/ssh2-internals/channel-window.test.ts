import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { SFTPWrapper } from 'ssh2';
import { type EmbeddedSftpServer, startSftpServer } from '../../../../local/sftp-server/sftp-server.ts';
import { widenChannelWindow } from '../../../../sftp/ssh2-internals/channel-window.ts';
import { connectSsh2 } from '../../../support/sftp/ssh2-connection.ts';
import { temporaryDirectory } from '../../../support/temporary-directory.ts';
import { waitUntil } from '../../../support/wait-until.ts';

const MIB = 1024 ** 2;

describe('with the internals of ssh2 1.17', () => {
  function fakeChannel(): { sftp: SFTPWrapper; granted: [number, number][] } {
    const granted: [number, number][] = [];
    const channelWindowAdjust = (id: number, bytes: number) => granted.push([id, bytes]);
    const channel = { outgoing: { id: 7 }, _protocol: { channelWindowAdjust } };
    return { sftp: channel as unknown as SFTPWrapper, granted };
  }

  test('grants what is missing to the wanted window, once', () => {
    const { sftp, granted } = fakeChannel();
    expect(widenChannelWindow(sftp, 32 * MIB)).toBe(true);
    expect(widenChannelWindow(sftp, 32 * MIB)).toBe(true);
    expect(widenChannelWindow(sftp, 8 * MIB)).toBe(true);
    expect(widenChannelWindow(sftp, 33 * MIB)).toBe(true);
    expect(granted).toEqual([
      [7, 31_457_280],
      [7, 1_048_576],
    ]);
  });

  test('grants nothing where the usual window will do', () => {
    const { sftp, granted } = fakeChannel();
    expect(widenChannelWindow(sftp, 2 * MIB)).toBe(true);
    expect(granted).toEqual([]);
  });
});

test.each([
  ['no channel id', { _protocol: { channelWindowAdjust: () => {} } }],
  ['no protocol', { outgoing: { id: 7 } }],
  ['no such method', { outgoing: { id: 7 }, _protocol: {} }],
])('leaves a channel alone that has %s', (_case, channel) => {
  expect(widenChannelWindow(channel as unknown as SFTPWrapper, 32 * MIB)).toBe(false);
});

describe('on a real connection', () => {
  const directory = temporaryDirectory();
  const login = { username: 'partner', password: 'secret' };
  let server: EmbeddedSftpServer;
  beforeAll(async () => {
    writeFileSync(path.join(directory, 'zeros'), Buffer.alloc(8 * MIB));
    server = await startSftpServer({ rootDirectory: directory, ...login });
  });
  afterAll(() => server.close());

  /** Asks for 8 MiB, then falls silent: how much does the server send without another word from the client? */
  async function bytesSentUnasked(atLeast: number, prepare: (sftp: SFTPWrapper) => void): Promise<number> {
    const connection = await connectSsh2(server, login);
    const { sftp, socket } = connection;
    const handle = await promisify<string, 'r', Buffer>(sftp.open.bind(sftp))('/zeros', 'r');
    const before = socket.bytesRead;
    prepare(sftp);
    for (let position = 0; position < 8 * MIB; position += 31_744) {
      sftp.read(handle, Buffer.alloc(31_744), 0, 31_744, position, () => {});
    }
    socket.write = () => true;
    await waitUntil(`${atLeast} bytes`, () => socket.bytesRead - before > atLeast);
    await sleep(300); // for what should not come
    socket.destroy();
    return socket.bytesRead - before;
  }

  test('the server sends no more than 2 MiB as ssh2 is', async () => {
    const bytes = await bytesSentUnasked(1.9 * MIB, () => {});
    expect(bytes).toBeLessThan(2.1 * MIB);
  });

  test('the server sends up to the widened window', async () => {
    const bytes = await bytesSentUnasked(5.9 * MIB, (sftp) =>
      expect(widenChannelWindow(sftp, 6 * MIB)).toBe(true),
    );
    expect(bytes).toBeLessThan(6.1 * MIB);
  });
});
