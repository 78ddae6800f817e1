import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hashFile, writeSampleFile } from '../../local/sample-file.ts';
import { runCommand } from '../support/command-line.ts';
import { describeUnless } from '../support/optional-suite.ts';
import { startLandingStore } from '../support/s3/landing-store.ts';
import { sshdMissing, startSshd } from '../support/sftp/sshd.ts';

const GIB = 1_073_741_824;

describeUnless(sshdMissing, 'the command line, 1 GiB from OpenSSH', () => {
  let root: string;

  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'sftp-to-s3-large-'));
  });

  afterAll(() => rm(root, { recursive: true, force: true }));

  test('arrives byte-identical in the default chunks, although the server rekeys every 16 MiB', async () => {
    const file = join(root, 'large file.bin');
    const identity = join(root, 'identity');
    await writeSampleFile(file, GIB);
    const sshd = await startSshd(['RekeyLimit 16M']);
    const store = await startLandingStore(join(root, 's3'));
    try {
      await writeFile(identity, sshd.privateKey, { mode: 0o600 });
      const path = file.split('/').map(encodeURIComponent).join('/');
      const source = `sftp://${sshd.username}@${sshd.host}:${sshd.port}${path}`;
      const trust = ['--identity-file', identity, '--host-key', sshd.hostKeyFingerprint];

      const result = await runCommand(
        [
          'transfer',
          source,
          's3://landing/',
          '--endpoint-url',
          store.endpoint,
          '--json',
          '--progress-interval',
          '0',
          ...trust,
        ],
        store.environment,
      );

      expect(result.stderr).toBe('');
      expect(result.json()).toMatchObject({ status: 'SUCCEEDED', size_bytes: GIB, chunks: 32 });
      expect(await store.hashOf('large file.bin')).toBe(await hashFile(file));
      expect(await store.openUploads()).toEqual([]);
    } finally {
      await store.close();
      await sshd.stop();
    }
  }, 300_000);
});
