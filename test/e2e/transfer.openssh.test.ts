import { describeUnless } from '../support/optional-suite.ts';
import { sshdMissing, startSshd } from '../support/sftp/sshd.ts';
import { describeTransfers } from './transfer.suite.ts';

describeUnless(sshdMissing, 'transfers from OpenSSH, which rekeys every 16 MiB', () => {
  describeTransfers(async () => {
    const sshd = await startSshd(['RekeyLimit 16M']);
    const { host, port, hostKeyFingerprint, username, privateKey } = sshd;
    return {
      host,
      port,
      hostKeyFingerprint,
      credentials: async () => ({ username, privateKey }),
      remotePath: (file) => file,
      stop: () => sshd.stop(),
    };
  });
});
