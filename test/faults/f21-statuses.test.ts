import type { SftpRequest } from '../../local/sftp-server/hooks.ts';
import { sendStatus } from '../support/sftp/raw-answers.ts';
import { MIB } from '../support/transfer-rig.ts';
import { describeFault } from './support/fault.ts';
import { withPartner } from './support/partner-rig.ts';

const WORDS = `the words\r\nof the server \u001b[31m${'and more '.repeat(1_000)}`;
const MAX_CAUSE_CHARACTERS = 1_000;

describeFault('F21', 'statuses that will not change', (tell) => {
  test.each<[string, (request: SftpRequest) => boolean, number, string, RegExp]>([
    [
      'OPEN, unsupported',
      ({ kind }) => kind === 'OPEN',
      8,
      'SftpRequestRefusedError',
      /status 8 \(OP_UNSUPPORTED\)/,
    ],
    [
      'OPEN, bad message',
      ({ kind }) => kind === 'OPEN',
      5,
      'SftpRequestRefusedError',
      /status 5 \(BAD_MESSAGE\)/,
    ],
    [
      'OPEN, locked',
      ({ kind }) => kind === 'OPEN',
      17,
      'SftpRequestRefusedError',
      /status 17 \(LOCK_CONFLICT\)/,
    ],
    ['OPEN, of a later version', ({ kind }) => kind === 'OPEN', 10, 'SourceNotFoundError', /status 10/],
    [
      'OPEN, OK without a handle',
      ({ kind }) => kind === 'OPEN',
      0,
      'SftpRequestRefusedError',
      /OK, but without/,
    ],
    [
      'OPEN, a status of no version',
      ({ kind }) => kind === 'OPEN',
      99,
      'SftpRequestRefusedError',
      /status 99/,
    ],
    [
      'READ, corrupt',
      ({ kind }) => kind === 'READ',
      28,
      'SftpRequestRefusedError',
      /status 28 \(FILE_CORRUPT\)/,
    ],
    [
      'READ, OK without bytes',
      ({ kind }) => kind === 'READ',
      0,
      'SftpRequestRefusedError',
      /OK, but without/,
    ],
  ])('%s: named, at once, and the words are harmless', async (what, isMeant, code, error, expected) => {
    await withPartner(async (rig) => {
      const { path } = await rig.put('big.bin', MIB);
      rig.server.faults.answer = (sftp, request) => {
        if (!isMeant(request)) return false;
        sendStatus(sftp, request.id, code, WORDS);
        return true;
      };

      const { outcome, attempts } = await rig.transfer(rig.source(), {
        sftp_file_path: path,
        target_s3_key: 'big',
      });

      expect(outcome).toMatchObject({ status: 'FAILED', error });
      const { errorMessage } = JSON.parse('cause' in outcome ? outcome.cause : '{}') as {
        errorMessage: string;
      };
      expect(errorMessage).toMatch(expected);
      expect(errorMessage.length).toBeLessThan(MAX_CAUSE_CHARACTERS);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
      expect(errorMessage).not.toMatch(/[\u0000-\u001f]/);
      expect(attempts.filter(({ outcome: ended }) => ended === 'failed')).toHaveLength(1);
      expect(await rig.store.keys('big')).toEqual([]);
      tell(`${what}: ${error}, once`);
    });
  });
});
