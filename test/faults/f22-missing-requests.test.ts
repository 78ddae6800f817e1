import type { Attributes } from 'ssh2';
import type { SftpServerFaults } from '../support/sftp/faulty-sftp-server.ts';
import { sendStatus } from '../support/sftp/raw-answers.ts';
import { MIB } from '../support/transfer-rig.ts';
import { describeFault } from './support/fault.ts';
import { withPartner } from './support/partner-rig.ts';

const OP_UNSUPPORTED = 8;
const FAILURE = 4;
const without =
  (...kinds: string[]): SftpServerFaults['answer'] =>
  (sftp, { kind, id }) => {
    if (!kinds.includes(kind)) return false;
    sendStatus(sftp, id, OP_UNSUPPORTED);
    return true;
  };
const named =
  (filename: string): SftpServerFaults['answer'] =>
  (sftp, { kind, id }) => {
    if (kind !== 'REALPATH') return false;
    sftp.name(id, [{ filename, longname: filename, attrs: {} as Attributes }]);
    return true;
  };

describeFault('F22', 'servers without REALPATH, STAT or FSTAT, or with odd answers to them', (tell) => {
  test.each<[string, NonNullable<SftpServerFaults['answer']> | undefined]>([
    ['no REALPATH', without('REALPATH')],
    ['an empty REALPATH', named('')],
    ['a relative REALPATH', named('big.bin')],
    ['a REALPATH with a slash more', named('/big.bin/')],
    ['no STAT', without('STAT')],
    ['no STAT and no LSTAT', without('STAT', 'LSTAT')],
    ['no FSTAT', without('FSTAT')],
    ['OPEN and READ alone', without('REALPATH', 'LSTAT', 'STAT')],
    [
      'REALPATH that fails for files',
      (sftp, { kind, id }) => {
        if (kind === 'REALPATH') sendStatus(sftp, id, FAILURE);
        return kind === 'REALPATH';
      },
    ],
  ])('%s: the file lands', async (what, answer) => {
    await withPartner(async (rig) => {
      const { path, sha256 } = await rig.put('big.bin', 6 * MIB);
      if (answer !== undefined) rig.server.faults.answer = answer;

      const { outcome, attempts } = await rig.transfer(rig.source(), {
        sftp_file_path: path,
        target_s3_key: 'big',
      });

      expect(outcome).toMatchObject({ status: 'SUCCEEDED' });
      expect(await rig.store.hashOf('big')).toBe(sha256);
      expect(attempts.filter(({ outcome: ended }) => ended === 'failed')).toEqual([]);
      tell(`${what}: hash equal`);
    });
  });
});
