import { mkdir, symlink } from 'node:fs/promises';
import { join, posix } from 'node:path';
import type { PlannedTransfer } from '../../transfer/contracts.ts';
import { sourceOf } from '../support/sftp/partner.ts';
import { sshdMissing, startSshd } from '../support/sftp/sshd.ts';
import { startTransferRig } from '../support/transfer-rig.ts';
import { describeFault } from './support/fault.ts';
import { withPartner } from './support/partner-rig.ts';

const NAMES = [
  'Übersicht ½ – 決算 (final) 🚚.zip',
  // Composed and decomposed are two names: the bytes must not be normalised.
  'caf\u00e9.bin',
  'cafe\u0301.bin',
  ' leading, trailing and  double spaces ',
  'quotes \' " ` and $(echo) ; & | \\ * ? [x] {y} ~ # % + =',
  'line\nbreak\tand tab',
  '-rf',
];

describeFault(
  'F13',
  'unicode, spaces, symlinks and a chroot',
  (tell) => {
    test('names reach OpenSSH byte by byte', async () => {
      const rig = await startTransferRig();
      const sshd = await startSshd();
      try {
        const { username, privateKey } = sshd;
        const server = sourceOf(sshd, { credentials: async () => ({ username, privateKey }) });
        for (const [index, name] of NAMES.entries()) {
          const { sha256 } = await rig.put(name, 1_000 + index);
          const path = join(rig.folder, name);
          const { outcome } = await rig.transfer(server, { sftp_file_path: path });
          expect(outcome).toMatchObject({ status: 'SUCCEEDED', object: { key: `partner${path}` } });
          expect(await rig.store.hashOf(`partner${path}`)).toBe(sha256);
        }
        tell(`${NAMES.length} names at sshd landed under their own`);
      } finally {
        await sshd.stop();
        await rig.close();
      }
    });

    test('a symlink to a regular file is followed, and the resolved path is told', async () => {
      await withPartner(async (rig) => {
        await mkdir(join(rig.folder, 'real folder'));
        const { sha256 } = await rig.put('real folder/file.bin', 1_000);
        await symlink(join(rig.folder, 'real folder'), join(rig.folder, 'latest'));
        await symlink('file.bin', join(rig.folder, 'real folder/today.bin'));
        const found: PlannedTransfer[] = [];

        const { outcome } = await rig.transfer(
          rig.source(),
          { sftp_file_path: '/latest/today.bin', target_s3_key: 'linked' },
          { observer: { fileFound: (file) => void found.push(file) } },
        );

        expect(outcome).toMatchObject({ status: 'SUCCEEDED' });
        expect(await rig.store.hashOf('linked')).toBe(sha256);
        expect(found.map(({ path }) => path)).toEqual(['/real folder/file.bin']);
        tell('a link in a chroot followed to /real folder/file.bin');
      });
    });

    test.each([
      ['a file, by dots', '/folder/../a.bin', 'partner/a.bin'],
      ['a file, by dots above the root', '/../../a.bin', 'partner/a.bin'],
      ['a file, from the home folder', '../folder/./../a.bin', 'partner/a.bin'],
      ['a name with a line end', '/line\n{"level":"ERROR"}', 'partner/line\n{"level":"ERROR"}'],
    ])('a path to %s', async (_name, path, key) => {
      await withPartner(async (rig) => {
        await mkdir(join(rig.folder, 'folder'));
        const { sha256 } = await rig.put(posix.resolve('/', path), 1_000);

        const { outcome, written } = await rig.transfer(rig.source(), { sftp_file_path: path });

        expect(outcome).toMatchObject({ status: 'SUCCEEDED', object: { key } });
        expect(await rig.store.hashOf(key)).toBe(sha256);
        for (const line of written) expect(line).not.toContain('\n');
      });
    });

    test.each([
      ['NUL', { sftp_file_path: '/a.bin\0/b' }, 'must not contain a NUL character'],
      ['NUL in the key', { target_s3_key: 'a\0b' }, 'must not contain a NUL character'],
      ['4,097 bytes', { sftp_file_path: `/${'x'.repeat(4_096)}` }, 'at most 4096 bytes, not 4097'],
      ['a default key too long', { sftp_file_path: `/${'x'.repeat(1_017)}` }, 'at most 1024 bytes, not 1025'],
      ['a key too long', { target_s3_key: 'ä'.repeat(513) }, 'at most 1024 bytes, not 1026'],
    ])('%s is refused before anything is connected', async (_name, request, cause) => {
      await withPartner(async (rig) => {
        const { path } = await rig.put('a.bin', 1);

        const { outcome } = await rig.transfer(rig.source(), { sftp_file_path: path, ...request });

        expect(outcome).toMatchObject({ status: 'FAILED', error: 'InvalidTransferRequestError' });
        expect(outcome).toHaveProperty('cause', expect.stringContaining(cause));
        expect(rig.server.record.connections).toBe(0);
        expect(rig.front.count('CreateMultipartUpload')).toBe(0);
      });
    });

    test.each([
      ['a file above the root', '/../../../../etc/hostname', 'SourceNotFoundError'],
      ['the root itself', '/..', 'SourceNotAFileError'],
      ['a name of 256 bytes', `/${'n'.repeat(256)}`, 'SourceNotFoundError'],
      ['a path of 4,096 bytes', `/${'folder/'.repeat(585)}`.padEnd(4_096, 'x'), 'SourceNotFoundError'],
    ])('a path to %s', async (_name, path, error) => {
      await withPartner(async (rig) => {
        await mkdir(join(rig.folder, 'folder'));

        const { outcome, attempts } = await rig.transfer(rig.source(), {
          sftp_file_path: path,
          target_s3_key: 'never',
        });

        expect(outcome).toMatchObject({ status: 'FAILED', error });
        expect(attempts.filter(({ step }) => step === 'GetFileMetadata')).toHaveLength(1);
        expect(await rig.store.keys()).toEqual([]);
      });
    });

    afterAll(() =>
      tell('4 paths with dots or a line end landed below the prefix, 9 that cannot be were named, once'),
    );

    test.each([
      ['out of the chroot', '/etc/hostname', 'SourcePermissionError'],
      ['to a folder', '.', 'SourceNotAFileError'],
      ['to nothing', 'nothing', 'SourceNotFoundError'],
    ])('a symlink that leads %s', async (name, target, error) => {
      await withPartner(async (rig) => {
        await symlink(target, join(rig.folder, 'link'));
        const { outcome } = await rig.transfer(rig.source(), { sftp_file_path: '/link' });
        expect(outcome).toMatchObject({ status: 'FAILED', error });
        tell(`a link ${name}: ${error}`);
      });
    });
  },
  sshdMissing,
);
