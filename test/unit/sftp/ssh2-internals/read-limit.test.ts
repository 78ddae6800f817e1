import type { SFTPWrapper } from 'ssh2';
import { allowReadsOf, readLimitBytes } from '../../../../sftp/ssh2-internals/read-limit.ts';

/** The fields that ssh2 1.17 keeps; sftp-source.test.ts sees them on real channels. */
const channel = (fields: {
  _maxReadLen?: number;
  _isOpenSSH?: boolean;
  _extensions?: Record<string, string>;
}) => fields as unknown as SFTPWrapper & { _maxReadLen?: number };
const announced = (bytes: number) =>
  channel({ _maxReadLen: bytes, _extensions: { 'limits@openssh.com': '1' }, _isOpenSSH: false });

test.each<[string, SFTPWrapper, number]>([
  ['what OpenSSH announces', announced(261_120), 261_120],
  ['what another server announces', announced(65_536), 65_536],
  ['less than the floor, if a server says so', announced(4_096), 4_096],
  ['no less than is reasonable', announced(1), 1_024],
  ['no more than ssh2 takes', announced(16 * 1024 * 1024), 261_120],
  [
    'what an old OpenSSH is known to serve',
    channel({ _maxReadLen: 260_096, _isOpenSSH: true, _extensions: {} }),
    260_096,
  ],
  ['the floor of the protocol', channel({ _maxReadLen: 31_952, _isOpenSSH: false, _extensions: {} }), 32_768],
  ['the floor, where ssh2 says nothing', channel({}), 32_768],
])('is %s', (_case, sftp, expected) => {
  expect(readLimitBytes(sftp)).toBe(expected);
});

test.each<[string, SFTPWrapper & { _maxReadLen?: number }, number | undefined]>([
  ['raises what ssh2 assumes', channel({ _maxReadLen: 31_952 }), 32_768],
  ['leaves what is above it', channel({ _maxReadLen: 260_096 }), 260_096],
  ['leaves another version of ssh2 alone', channel({}), undefined],
])('allowReadsOf %s', (_case, sftp, expected) => {
  allowReadsOf(sftp, 32_768);
  expect(sftp._maxReadLen).toBe(expected);
});
