import ssh2 from 'ssh2';
import { MIB } from '../support/transfer-rig.ts';
import { describeFault } from './support/fault.ts';
import { withPartner } from './support/partner-rig.ts';

const LEGACY = ['diffie-hellman-group14-sha1', 'ssh-rsa', 'aes128-cbc'];

describeFault('F07', 'a server that knows ssh-rsa, group14-sha1 and aes128-cbc only', (tell) => {
  const legacyServer = {
    hostKey: ssh2.utils.generateKeyPairSync('rsa', { bits: 2048 }).private,
    algorithms: {
      kex: ['diffie-hellman-group14-sha1'],
      serverHostKey: ['ssh-rsa'],
      cipher: ['aes128-cbc'],
      hmac: ['hmac-sha1'],
    },
  } as const;

  test('by default: refused once, with what the server offers and the setting that would help', async () => {
    await withPartner(
      async (rig) => {
        const { path } = await rig.put('file.bin', 1);

        const { outcome, attempts } = await rig.transfer(rig.source(), { sftp_file_path: path });

        expect(outcome).toMatchObject({ status: 'FAILED', error: 'InvalidTransferRequestError' });
        const cause = 'cause' in outcome ? outcome.cause : '';
        expect(cause).toMatch(
          /It offers key exchange diffie-hellman-group14-sha1.*; host key ssh-rsa; cipher aes128-cbc; MAC hmac-sha1/,
        );
        expect(cause).toContain(`This setting could enable: ${LEGACY.join(', ')}`);
        expect(attempts.filter(({ step }) => step === 'GetFileMetadata')).toHaveLength(1);
        expect(rig.server.record.attempts).toEqual([]);
        tell('by default InvalidTransferRequestError with the offer');
      },
      { server: structuredClone(legacyServer) as never },
    );
  });

  test('with the names added for the partner: lands', async () => {
    await withPartner(
      async (rig) => {
        const { path, sha256 } = await rig.put('big.bin', 12 * MIB);

        const { outcome } = await rig.transfer(rig.source({ legacyAlgorithms: LEGACY }), {
          sftp_file_path: path,
          target_s3_key: 'big',
        });

        expect(outcome).toMatchObject({ status: 'SUCCEEDED' });
        expect(await rig.store.hashOf('big')).toBe(sha256);
        tell('allowed for the partner: landed, hash equal');
      },
      { server: structuredClone(legacyServer) as never },
    );
  });
});
