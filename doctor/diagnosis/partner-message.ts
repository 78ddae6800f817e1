import type { StageName } from '../report.ts';

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
  request: string;
}

/** The stages in the partner's words: what is tried, and what has then happened. */
const WORDS: Readonly<Record<StageName, { trying: string; done?: string }>> = {
  configuration: { trying: 'reading our configuration' },
  dns: { trying: 'resolving the host name', done: 'the host name was resolved' },
  egress: { trying: 'measuring our own address' },
  tcp: { trying: 'opening the TCP connection', done: 'the TCP connection was accepted' },
  banner: { trying: "waiting for the server's SSH identification", done: 'the server identified itself' },
  algorithms: { trying: 'agreeing on algorithms', done: 'the algorithms were agreed on' },
  'host-key': { trying: 'checking the host key', done: 'the host key was found right' },
  login: { trying: 'logging in', done: 'the login was accepted' },
  'sftp-session': { trying: 'opening the SFTP session', done: 'the SFTP session was opened' },
  realpath: { trying: 'resolving the path', done: 'the path was resolved' },
  stat: { trying: 'looking up the file', done: 'the file was found' },
  'read-start': {
    trying: 'reading the beginning of the file',
    done: 'the beginning of the file was read',
  },
  'read-middle': { trying: 'reading the middle of the file', done: 'the middle of the file was read' },
  'read-end': { trying: 'reading the end of the file', done: 'the end of the file was read' },
  'throughput-one-channel': { trying: 'reading much of the file', done: 'much of the file was read' },
  'throughput-many-channels': {
    trying: 'reading much of the file over several channels',
    done: 'much of the file was read',
  },
  unchanged: { trying: 'looking at the file again', done: 'the file was found unchanged' },
  channels: { trying: 'opening further SFTP channels', done: 'further SFTP channels were opened' },
  connections: { trying: 'opening further connections' },
};

/** A message that can be sent as it is; it holds no secret and no name of our user. */
export function messageToPartner(incident: Incident): string {
  const { at, host, port, address, egressAddresses, lastPassed, stage, request } = incident;
  const server = address === undefined || address === host ? host : `${host} (${address})`;
  const done = lastPassed === undefined ? undefined : WORDS[lastPassed].done;
  const from =
    egressAddresses.join(', ') || '(fill in: the public address of the machine that ran the check)';
  return [
    `Subject: SFTP connection to ${host} port ${port}`,
    '',
    'Hello,',
    '',
    'we tried to reach your SFTP server:',
    `- at:         ${at}`,
    `- from:       ${from}`,
    `- to:         ${server}, TCP port ${port}`,
    `- it failed:  while ${WORDS[stage].trying}${done === undefined ? '' : `, after ${done}`}`,
    '',
    request,
    '',
    'Thank you',
  ].join('\n');
}
