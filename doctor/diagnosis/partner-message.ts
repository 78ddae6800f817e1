import type { ConnectionLoss } from '../ports.ts';
import type { StageName } from '../report.ts';
import { faultInWords, knowsOurUser, outcomeInWords, STAGE_WORDS } from './partner-words.ts';

/** The message to the partner when something fails. */
export interface Incident {
  /** ISO 8601 */
  at: string;
  host: string;
  port: number;
  /** Undefined when the host could not be resolved. */
  address: string | undefined;
  /** Addresses that we come from; empty when this machine does not know. */
  egressAddresses: readonly string[];
  /** The last stage that succeeded; undefined when none did. */
  lastPassed: StageName | undefined;
  stage: StageName;
  /** How long the stage took until it failed. */
  milliseconds: number;
  /** How the last connection was lost; undefined where none was. */
  how: ConnectionLoss['how'] | undefined;
  /** Fingerprint and type of our own public key; undefined where the login uses none. */
  publicKey: string | undefined;
  request: string;
}

const FILL_IN_USER = '(fill in: our user name)';
const FILL_IN_ADDRESS = '(fill in: the public address of the machine that ran the check)';
const FILL_IN_SENDER = '(fill in: your name, organisation and telephone number)';

/**
 * A message that can be sent when its blanks are filled in. It holds no secret, no name of our user, and never the host
 * key that the server offered: who is shown an answer says yes.
 */
export function messageToPartner(incident: Incident): string {
  const { at, host, port, address, egressAddresses, lastPassed, stage, request, how, publicKey } = incident;
  const server = address === undefined || address === host ? host : `${host} (${address})`;
  const done = lastPassed === undefined ? undefined : STAGE_WORDS[lastPassed].done;
  const outcome = outcomeInWords(stage, how, incident.milliseconds);
  const isAboutUs = knowsOurUser(stage);
  return [
    `Subject: ${faultInWords(stage, how)}: ${host} port ${port}`,
    '',
    'Hello,',
    '',
    'we tried to reach your SFTP server:',
    `- at:         ${at}`,
    `- from:       ${egressAddresses.join(', ') || FILL_IN_ADDRESS}`,
    `- to:         ${server}, TCP port ${port}`,
    ...(isAboutUs ? [`- as:         ${FILL_IN_USER}`] : []),
    ...(isAboutUs && publicKey !== undefined ? [`- key:        ${publicKey}`] : []),
    `- it failed:  while ${STAGE_WORDS[stage].trying}${done === undefined ? '' : `, after ${done}`}`,
    ...(outcome === undefined ? [] : [`- outcome:    ${outcome}`]),
    '',
    request,
    '',
    'Thank you',
    FILL_IN_SENDER,
  ].join('\n');
}
