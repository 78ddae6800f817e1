import { logInAtOnce } from '../../../../sftp/ssh2-internals/log-in-at-once.ts';

const OPENSSH = 'SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u10';

/** A connection that records when it began to log in, and what it knew by then. */
function connection() {
  const begun: string[] = [];
  const known: string[] = [];
  const _handlers = {
    EXT_INFO: (_protocol: object, extensions: unknown): void => void known.push(String(extensions)),
    SERVICE_ACCEPT: (_protocol: object, service: string): void =>
      void begun.push(`${service}, knowing ${known.join() || 'nothing'}`),
  };
  return { begun, client: { _protocol: { _handlers } } };
}

test('begins when OpenSSH has listed its signature algorithms, once', () => {
  const { begun, client } = connection();
  const { _protocol: protocol } = client;
  logInAtOnce(client, OPENSSH);
  protocol._handlers.EXT_INFO(protocol, 'server-sig-algs');
  expect(begun).toEqual(['ssh-userauth, knowing server-sig-algs']);
  protocol._handlers.SERVICE_ACCEPT(protocol, 'ssh-userauth');
  protocol._handlers.EXT_INFO(protocol, 'server-sig-algs');
  expect(begun).toHaveLength(1);
});

test('waits for the service where the server lists nothing, and does not begin again when it lists late', () => {
  const { begun, client } = connection();
  const { _protocol: protocol } = client;
  logInAtOnce(client, OPENSSH);
  protocol._handlers.SERVICE_ACCEPT(protocol, 'ssh-userauth');
  protocol._handlers.EXT_INFO(protocol, 'server-sig-algs');
  expect(begun).toEqual(['ssh-userauth, knowing nothing']);
});

test.each(['SSH-2.0-mod_sftp', 'SSH-2.0-APACHE-SSHD-2.9', 'SSH-2.0-OpenSSHlike_1.0', undefined])(
  'waits for the service at any other server: %s',
  (identification) => {
    const { begun, client } = connection();
    const { _protocol: protocol } = client;
    logInAtOnce(client, identification);
    protocol._handlers.EXT_INFO(protocol, 'server-sig-algs');
    expect(begun).toEqual([]);
    protocol._handlers.SERVICE_ACCEPT(protocol, 'ssh-userauth');
    expect(begun).toHaveLength(1);
  },
);

test.each([{}, { _protocol: undefined }, { _protocol: {} }, { _protocol: { _handlers: {} } }])(
  'leaves another version of ssh2 alone: %j',
  (client) => {
    const before = structuredClone(client);
    logInAtOnce(client, OPENSSH);
    expect(client).toEqual(before);
  },
);
