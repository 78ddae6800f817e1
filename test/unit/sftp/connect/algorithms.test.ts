import ssh2 from 'ssh2';
import { generateKeyPair } from '../../../../local/sftp-server/host-key.ts';
import { LEGACY_ALGORITHMS, offeredAlgorithms } from '../../../../sftp/connect/algorithms.ts';

test('prefers AES-GCM and compresses nothing', () => {
  const { cipher, compress } = offeredAlgorithms([]);
  expect(cipher.slice(0, 2)).toEqual(['aes128-gcm@openssh.com', 'aes256-gcm@openssh.com']);
  expect(compress).toEqual(['none']);
});

test('offers nothing legacy by itself', () => {
  const offered = Object.values(offeredAlgorithms([])).flat();
  expect(offered.filter((name) => LEGACY_ALGORITHMS.includes(name as string))).toEqual([]);
  expect(offered.filter((name) => /cbc|md5|group1-|dss|^ssh-rsa$|group14-sha1/.test(name as string))).toEqual(
    [],
  );
});

test('puts what was asked for last, in its own list', () => {
  const offered = offeredAlgorithms(['aes128-cbc', 'ssh-rsa', 'diffie-hellman-group14-sha1', 'hmac-md5']);
  expect(offered.cipher.at(-1)).toBe('aes128-cbc');
  expect(offered.serverHostKey.at(-1)).toBe('ssh-rsa');
  expect(offered.kex.at(-1)).toBe('diffie-hellman-group14-sha1');
  expect(offered.hmac.at(-1)).toBe('hmac-md5');
});

test.each(['none', 'aes128-gcm@openssh.com', 'arcfour', ''])('refuses %j as a legacy algorithm', (name) => {
  expect(() => offeredAlgorithms([name])).toThrow(
    expect.objectContaining({ name: 'InvalidTransferRequestError', field: 'legacyAlgorithms' }),
  );
});

test('everything that it offers is known to ssh2', () => {
  const config = { hostKeys: [generateKeyPair().private] };
  const server = () => new ssh2.Server({ ...config, algorithms: offeredAlgorithms(LEGACY_ALGORITHMS) });
  expect(server).not.toThrow();
});
