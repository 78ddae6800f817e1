import { join } from 'node:path';
import { startTcpProxy } from '../support/network/tcp-proxy.ts';
import { describeUnless } from '../support/optional-suite.ts';
import { sourceOf } from '../support/sftp/partner.ts';
import { type Sshd, sshdMissing, startSshd } from '../support/sftp/sshd.ts';
import { MIB, startTransferRig, type TransferRig } from '../support/transfer-rig.ts';

const CHUNKS = 12;

describeUnless(sshdMissing, 'logins of a transfer on this machine, as sshd has logged them', () => {
  let rig: TransferRig;
  let sshd: Sshd;

  beforeAll(async () => {
    rig = await startTransferRig();
    sshd = await startSshd();
  });
  afterAll(async () => {
    await sshd?.stop();
    await rig?.close();
  });

  const loginsSoFar = async (): Promise<number> =>
    (await sshd.logged()).match(/^Accepted publickey for /gm)?.length ?? 0;
  const credentials = async () => ({ username: sshd.username, privateKey: sshd.privateKey });

  test.each([1, 3])(
    '%i sessions at a time log in so often, whatever the number of segments',
    async (width) => {
      const { sha256 } = await rig.put('file.bin', CHUNKS * 5 * MIB);
      const before = await loginsSoFar();
      const { outcome } = await rig.transfer(
        sourceOf(sshd, { credentials }),
        { sftp_file_path: join(rig.folder, 'file.bin'), target_s3_key: 'file', max_concurrency: width },
        { handsSessionsOn: true },
      );
      expect(outcome).toMatchObject({ status: 'SUCCEEDED', object: { parts: CHUNKS } });
      expect(await rig.store.hashOf('file')).toBe(sha256);
      expect((await loginsSoFar()) - before).toBe(width);
    },
  );

  test('a session that is cut between two steps is made anew', async () => {
    const { sha256 } = await rig.put('file.bin', 5 * MIB);
    const proxy = await startTcpProxy({ targetPort: sshd.port });
    try {
      const before = await loginsSoFar();
      const { outcome } = await rig.transfer(
        sourceOf({ ...sshd, port: proxy.port }, { credentials }),
        { sftp_file_path: join(rig.folder, 'file.bin'), target_s3_key: 'cut', max_concurrency: 1 },
        { handsSessionsOn: true, observer: { uploadStarted: () => proxy.breakAll('reset') } },
      );
      expect(outcome.status).toBe('SUCCEEDED');
      expect(await rig.store.hashOf('cut')).toBe(sha256);
      expect((await loginsSoFar()) - before).toBe(2);
    } finally {
      await proxy.close();
    }
  });
});
