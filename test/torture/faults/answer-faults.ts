import type { SftpRequest } from '../../../local/sftp-server/hooks.ts';
import { meaningOf, SFTP_END_OF_FILE } from '../../../sftp/sftp-status.ts';
import type { TransferErrorName } from '../../support/docs/error-names.ts';
import { sendStatus } from '../../support/sftp/raw-answers.ts';
import type { FaultMaker } from '../draft.ts';

/** Of all versions of the protocol. */
const LAST_STATUS = 31;

/** Requests, and whether a transfer can do without their answers. */
const REQUESTS = [
  ['REALPATH', 'dispensable'],
  ['STAT', 'dispensable'],
  ['FSTAT', 'dispensable'],
  ['OPEN', 'needed'],
  ['READ', 'needed'],
  ['CLOSE', 'dispensable'],
] as const;

/** One request is answered with any status, once or from then on. */
export const oddStatus: FaultMaker = (random) => {
  const [kind, need] = random.pick(REQUESTS);
  const code = random.integer(0, LAST_STATUS);
  const first = random.integer(1, 3);
  const forGood = random.chance(0.4);
  let count = 0;
  const isMeant = (request: SftpRequest): boolean => {
    if (request.kind !== kind) return false;
    count += 1;
    return count === first || (forGood && count > first);
  };
  return {
    description: `status ${code} to ${kind} ${first}${forGood ? ' and on' : ''}`,
    mayEndWith: endsOf(kind, code, need === 'needed', forGood),
    arm({ sftp }) {
      sftp.answer = (channel, request) => {
        if (!isMeant(request)) return false;
        sendStatus(channel, request.id, code, 'words of the server');
        return true;
      };
    },
  };
};

/** The errors that the status allows; none where the transfer must land all the same. */
function endsOf(kind: string, code: number, isNeeded: boolean, forGood: boolean): TransferErrorName[] {
  if (kind === 'READ' && code === SFTP_END_OF_FILE) return ['SourceChangedError'];
  const { name } = new (meaningOf(code).error)('');
  // Nobody is asked again whether there is such a file.
  if (kind === 'STAT' && name === 'SourceNotFoundError') return [name];
  if (!isNeeded) return [];
  const passes = name === 'SftpRequestFailedError' && !forGood;
  return passes ? [] : [name as TransferErrorName];
}
