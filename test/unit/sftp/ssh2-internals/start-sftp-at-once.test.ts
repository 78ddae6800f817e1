import { EventEmitter, once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import ssh2, { type Client, type SFTPWrapper } from 'ssh2';
import { generateKeyPair } from '../../../../local/sftp-server/host-key.ts';
import { startSftpAtOnce } from '../../../../sftp/ssh2-internals/start-sftp-at-once.ts';

const REMOTE_CHANNEL = 7;

/** What ssh2 has right before it asks for the subsystem; `sent` is what the server gets, in order. */
function fakeConnection() {
  const sent: string[] = [];
  const channel = Object.assign(new EventEmitter(), {
    outgoing: { id: REMOTE_CHANNEL },
    _init(): void {
      sent.push('version?');
    },
  });
  const client = {
    _protocol: { subsystem: (id: number, name: string): void => void sent.push(`${name} on ${id}`) },
    _chanMgr: { _channels: { 0: () => {}, 1: true, 2: { outgoing: { id: 8 } }, 3: channel } },
    sftp: () => client,
  };
  return { sent, channel, client: client as typeof client & Client };
}

test('asks for the version right behind the subsystem', () => {
  const { sent, client } = fakeConnection();
  startSftpAtOnce(client);
  client._protocol.subsystem(REMOTE_CHANNEL, 'sftp');
  expect(sent).toEqual(['sftp on 7', 'version?']);
});

test('leaves channels alone that carry no SFTP', () => {
  const { sent, client } = fakeConnection();
  startSftpAtOnce(client);
  client._protocol.subsystem(8, 'other');
  expect(sent).toEqual(['other on 8']);
});

test.each<[string, unknown[]]>([
  ['ready', []],
  ['error', [new Error('a word before the version')]],
])('repeats what came before the server confirmed the subsystem: %s', (event, values) => {
  const { channel, client } = fakeConnection();
  startSftpAtOnce(client);
  client._protocol.subsystem(REMOTE_CHANNEL, 'sftp');
  channel.emit(event, ...values);

  const heard = jest.fn();
  channel.on(event, heard);
  channel._init(); // as ssh2 does when the subsystem is confirmed
  expect(heard.mock.calls).toEqual([values]);
});

test.each([{}, { _protocol: {} }, { _protocol: { subsystem: 'other' }, _chanMgr: { _channels: {} } }])(
  'leaves another version of ssh2 alone: %j',
  (client) => {
    const before = structuredClone(client);
    startSftpAtOnce(client as unknown as Client);
    expect(client).toEqual(before);
  },
);

describe('on a real connection', () => {
  const stops: (() => unknown)[] = [];
  afterEach(async () => {
    for (const stop of stops.splice(0).reverse()) await stop();
  });

  /** A server that treats the subsystem's request as `onSftp` says. */
  async function connectTo(onSftp: (accept: () => unknown, reject: () => void, count: number) => void) {
    const server = new ssh2.Server({ hostKeys: [generateKeyPair().private] }, (connection) => {
      let count = 0;
      connection
        .on('error', () => {})
        .on('authentication', (context) => context.accept())
        .on('session', (accept) => {
          accept().on('sftp', (acceptSftp, reject) => onSftp(acceptSftp, reject, ++count));
        });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const client = new ssh2.Client();
    client.on('error', () => {});
    client.once('handshake', () => startSftpAtOnce(client, 300));
    client.connect({ host: '127.0.0.1', port, username: 'partner' });
    await once(client, 'ready');
    stops.push(
      () => new Promise((resolve) => server.close(resolve)),
      async () => {
        client.end();
        await once(client, 'close');
      },
    );
    return promisify<SFTPWrapper>((callback) => client.sftp(callback));
  }

  test('opens channels', async () => {
    const openSftp = await connectTo((accept) => accept());
    await openSftp();
    await openSftp();
  });

  test('says that the server refuses the subsystem', async () => {
    const openSftp = await connectTo((_accept, reject) => reject());
    await expect(openSftp()).rejects.toThrow('Unable to start subsystem: sftp');
  });

  test('goes the patient way at a server that drops what comes before it confirms', async () => {
    let opened = 0;
    const openSftp = await connectTo((accept, _reject, count) => {
      opened = count;
      setTimeout(accept, 50);
    });
    await openSftp();
    expect(opened).toBe(2);
    await openSftp();
    expect(opened).toBe(3);
  });

  test('keeps waiting for the first channel where a second one is refused', async () => {
    const openSftp = await connectTo((accept, reject, count) => {
      if (count === 1) setTimeout(accept, 50);
      else reject();
    });
    const outcome = openSftp().then(
      () => 'opened',
      (error: Error) => error.message,
    );
    await expect(Promise.race([outcome, delay(700, 'waits')])).resolves.toBe('waits');
  });
});
