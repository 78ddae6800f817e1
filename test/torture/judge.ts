import type { TransferOutcome } from '../../local/local-transfer.ts';
import { findSecrets } from '../support/secret-forms.ts';
import { judgeLoginCounts } from './judge-logins.ts';
import { judgeWords, namedUploads } from './judge-words.ts';
import type { Observed } from './observed.ts';
import type { Scenario } from './scenario.ts';
import type { Stage } from './staged-faults.ts';

/** What is wrong with a transfer: nothing when it landed byte-identical, or failed as its faults allow. */
export function judge(scenario: Scenario, stage: Stage, observed: Observed): string[] {
  return [
    ...judgeOutcome(scenario, stage, observed),
    ...judgeObjects(observed),
    ...unnamedUploads(stage, observed).map((uploadId) => `multipart upload ${uploadId} was left`),
    ...judgeWords(observed, stage.uploadMayBeLeft === true),
    ...(observed.openConnections > 0 ? [`${observed.openConnections} SFTP connections were left`] : []),
    ...judgeLogins(observed),
    ...judgeLoginCounts(observed.steps, observed.loggedInConnections),
    ...findSecrets(scenario.login.secrets, observed.written.join('\n')).map(
      (found) => `a secret was written: ${found}`,
    ),
    ...observed.warnings,
  ];
}

/** What ended the transfer: an error's name, `ABORTED`, or `SUCCEEDED`. */
export const endOf = (outcome: TransferOutcome): string =>
  outcome.status === 'FAILED' ? outcome.error : outcome.status;

/** Those that S3 would have removed, or of which not even the printed words tell. */
function unnamedUploads({ uploadMayBeLeft }: Stage, { openUploads, printed }: Observed): string[] {
  const named = uploadMayBeLeft === true ? namedUploads(printed) : [];
  return openUploads.filter((uploadId) => !named.includes(uploadId));
}

function judgeOutcome({ faults }: Scenario, stage: Stage, { connections, outcome }: Observed): string[] {
  const end = endOf(outcome);
  if (end === 'SUCCEEDED') {
    return faults
      .filter(({ forbidsLanding }) => forbidsLanding?.(stage, connections))
      .map(({ description }) => `it landed in spite of: ${description}`);
  }
  const allowed: readonly string[] = faults.flatMap(({ mayEndWith }) => mayEndWith);
  if (allowed.includes(end)) return [];
  const cause = outcome.status === 'FAILED' ? `: ${outcome.cause}` : '';
  return [`it ended with ${end}, but its faults allow only ${['landing', ...allowed].join(', ')}${cause}`];
}

function judgeObjects({ earlier, landed, outcome, sourceSha256 }: Observed): string[] {
  const wrong = [...landed]
    .filter(([key, sha256]) => sha256 !== sourceSha256 && sha256 !== earlier.get(key))
    .map(([key, sha256]) => `object ${key} is neither the source nor what was there before: ${sha256}`);
  if (outcome.status === 'SUCCEEDED' && landed.get(outcome.object.key) !== sourceSha256)
    wrong.push(`the landed object ${outcome.object.key} is not the source`);
  for (const key of earlier.keys()) {
    if (!landed.has(key)) wrong.push(`object ${key} was lost`);
  }
  return wrong;
}

function judgeLogins({ loginAttempts, loginAttemptsAtStrangers, outcome }: Observed): string[] {
  const complaints: string[] = [];
  if (loginAttemptsAtStrangers > 0)
    complaints.push(`${loginAttemptsAtStrangers} logins at a server whose host key is not pinned`);
  if (endOf(outcome) === 'SftpAuthenticationError' && loginAttempts > 1)
    complaints.push(`${loginAttempts} login attempts, although the first was refused`);
  return complaints;
}
