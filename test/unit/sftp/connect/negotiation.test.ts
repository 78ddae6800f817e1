import { negotiate } from '../../../../sftp/connect/negotiation.ts';

const MODERN = {
  kex: ['sntrup761x25519-sha512@openssh.com', 'ecdh-sha2-nistp256', 'curve25519-sha256'],
  serverHostKey: ['rsa-sha2-512', 'ssh-ed25519'],
  cipher: ['chacha20-poly1305@openssh.com', 'aes256-ctr', 'aes128-gcm@openssh.com'],
  hmac: ['hmac-sha2-512', 'hmac-sha2-256-etm@openssh.com'],
};

test('our preference decides among what the server has', () => {
  expect(negotiate(MODERN, [])).toEqual({
    offered: MODERN,
    chosen: {
      kex: 'curve25519-sha256',
      serverHostKey: 'ssh-ed25519',
      cipher: 'aes128-gcm@openssh.com',
      hmac: undefined,
    },
    missing: [],
    legacy: [],
    wouldHelp: [],
    unsupported: [],
  });
});

test('a cipher that proves nothing itself needs a MAC', () => {
  const { chosen } = negotiate({ ...MODERN, cipher: ['aes256-ctr'] }, []);

  expect(chosen).toMatchObject({ cipher: 'aes256-ctr', hmac: 'hmac-sha2-256-etm@openssh.com' });
});

test.each([
  ['an old key exchange', { kex: ['diffie-hellman-group14-sha1'] }, ['kex'], ['diffie-hellman-group14-sha1']],
  ['an old host key', { serverHostKey: ['ssh-rsa'] }, ['serverHostKey'], ['ssh-rsa']],
  ['an old cipher', { cipher: ['aes128-cbc', '3des-cbc'] }, ['cipher'], ['aes128-cbc', '3des-cbc']],
  ['an old MAC', { cipher: ['aes128-ctr'], hmac: ['hmac-md5'] }, ['hmac'], ['hmac-md5']],
  [
    'two old ones',
    { kex: ['diffie-hellman-group1-sha1'], serverHostKey: ['ssh-dss'] },
    ['kex', 'serverHostKey'],
    ['diffie-hellman-group1-sha1', 'ssh-dss'],
  ],
  ['an unknown one', { kex: ['gss-group1-sha1'] }, ['kex'], []],
  [
    'an old and an unknown one',
    { kex: ['gss-group1-sha1'], serverHostKey: ['ssh-rsa'] },
    ['kex', 'serverHostKey'],
    [],
  ],
  ['an old MAC beside a cipher that needs none', { hmac: ['hmac-md5'] }, [], []],
])('%s: what is missing, and what the configuration could add', (_name, offer, missing, wouldHelp) => {
  expect(negotiate({ ...MODERN, ...offer }, [])).toMatchObject({ missing, wouldHelp });
});

test('what the configuration has added is chosen last, and shown as old', () => {
  const offer = { ...MODERN, serverHostKey: ['ssh-rsa'] };

  expect(negotiate(offer, ['ssh-rsa'])).toMatchObject({
    chosen: { serverHostKey: 'ssh-rsa' },
    missing: [],
    legacy: ['ssh-rsa'],
  });
  expect(negotiate(MODERN, ['ssh-rsa']).legacy).toEqual([]);
});

test.each([
  [
    'post-quantum exchanges only',
    {
      kex: [
        'mlkem768x25519-sha256',
        'sntrup761x25519-sha512@openssh.com',
        'ext-info-s',
        'kex-strict-s-v00@openssh.com',
      ],
    },
    ['mlkem768x25519-sha256', 'sntrup761x25519-sha512@openssh.com'],
  ],
  [
    'host certificates only',
    { serverHostKey: ['ssh-ed25519-cert-v01@openssh.com'] },
    ['ssh-ed25519-cert-v01@openssh.com'],
  ],
  ['old exchanges that nobody supports', { kex: ['gss-group1-sha1'] }, []],
  ['old ciphers that nobody supports', { cipher: ['arcfour256', 'blowfish-cbc'] }, []],
])('%s: what the product does not support yet', (_name, offer, unsupported) => {
  expect(negotiate({ ...MODERN, ...offer }, [])).toMatchObject({ wouldHelp: [], unsupported });
});
