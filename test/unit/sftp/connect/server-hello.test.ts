import { ServerHello } from '../../../../sftp/connect/server-hello.ts';

const list = (names: string) => {
  const bytes = Buffer.from(`....${names}`);
  bytes.writeUInt32BE(names.length);
  return bytes;
};

/** SSH_MSG_KEXINIT as RFC 4253, 7.1 draws it. */
function kexInit(): Buffer {
  const payload = Buffer.concat([
    Buffer.from([20]),
    Buffer.alloc(16, 0xab),
    list('curve25519-sha256,diffie-hellman-group14-sha1'),
    list('ssh-rsa'),
    list('client-to-server'),
    list('aes128-cbc,3des-cbc'),
    list('client-to-server'),
    list('hmac-md5'),
    list('none'),
    list('none'),
    list(''),
    list(''),
    Buffer.alloc(5),
  ]);
  const head = Buffer.alloc(5);
  head.writeUInt32BE(1 + payload.length + 4);
  head[4] = 4;
  return Buffer.concat([head, payload, Buffer.alloc(4)]);
}

const offer = {
  kex: ['curve25519-sha256', 'diffie-hellman-group14-sha1'],
  serverHostKey: ['ssh-rsa'],
  cipher: ['aes128-cbc', '3des-cbc'],
  hmac: ['hmac-md5'],
};
const whole = Buffer.concat([
  Buffer.from('Welcome to ACME\r\nno entry\nSSH-2.0-ACME_1.0 comment\r\n'),
  kexInit(),
  Buffer.alloc(100, 0xff),
]);

test.each([whole.length, 1, 2, 7])('reads what a server says, in pieces of %i bytes', (pieceBytes) => {
  const hello = new ServerHello();
  for (let at = 0; at < whole.length; at += pieceBytes) hello.push(whole.subarray(at, at + pieceBytes));
  expect(hello.greeting).toBe('Welcome to ACME\nno entry\n');
  expect(hello.identification).toBe('SSH-2.0-ACME_1.0 comment');
  expect(hello.offer).toEqual(offer);
});

test.each([
  ['nothing', ''],
  ['half a line', 'SSH-2.0-AC'],
])('knows no identification after %s', (_case, said) => {
  const hello = new ServerHello();
  hello.push(Buffer.from(said));
  expect(hello.identification).toBeUndefined();
});

test.each([
  [
    'something else than KEXINIT',
    Buffer.from([0, 0, 0, 8, 4, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17]),
  ],
  ['an absurd length', Buffer.alloc(40, 0xff)],
  [
    'a list that is longer than its packet',
    Buffer.concat([
      Buffer.from([0, 0, 0, 24, 4, 20]),
      Buffer.alloc(16),
      Buffer.from([0, 0, 255, 255, 65, 65]),
    ]),
  ],
])('gives no offer for %s', (_case, bytes) => {
  const hello = new ServerHello();
  hello.push(Buffer.from('SSH-2.0-x\r\n'));
  hello.push(bytes);
  expect(hello.offer).toBeUndefined();
});

test('keeps no more than it needs of a server that never stops talking', () => {
  const hello = new ServerHello();
  for (let times = 0; times < 100; times += 1) hello.push(Buffer.alloc(10_000, 0x61));
  hello.push(Buffer.from('\nSSH-2.0-x\r\n'));
  expect(hello).toMatchObject({ identification: undefined, greeting: '' });
});
