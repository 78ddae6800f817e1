import type { ConnectionLoss } from '../ports.ts';
import type { StageName } from '../report.ts';

/** The stages in the partner's words: what is tried, and what has then happened. */
export const STAGE_WORDS: Readonly<Record<StageName, { trying: string; done?: string }>> = {
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
  listing: { trying: 'listing the folder', done: 'the folder was listed' },
  'after-proof': {
    trying: 'renaming and removing a file of ours',
    done: 'a file of ours was renamed and removed',
  },
  'read-start': {
    trying: 'reading the beginning of the file',
    done: 'the beginning of the file was read',
  },
  'read-middle': { trying: 'reading the middle of the file', done: 'the middle of the file was read' },
  'read-end': { trying: 'reading the end of the file', done: 'the end of the file was read' },
  'throughput-one-channel': { trying: 'reading much of the file', done: 'much of the file was read' },
  'throughput-many-connections': {
    trying: 'reading over several connections at once',
    done: 'several connections read at once',
  },
  'throughput-many-channels': {
    trying: 'reading much of the file over several channels',
    done: 'much of the file was read',
  },
  unchanged: { trying: 'looking at the file again', done: 'the file was found unchanged' },
  channels: { trying: 'opening further SFTP channels', done: 'further SFTP channels were opened' },
  connections: { trying: 'opening further connections' },
};

/** From here on the server knows who we are, and its log names our user and key. */
const STAGES_WITH_LOGIN: readonly StageName[] = [
  'login',
  'sftp-session',
  'realpath',
  'stat',
  'listing',
  'after-proof',
  'channels',
];

export function knowsOurUser(stage: StageName): boolean {
  return STAGES_WITH_LOGIN.includes(stage) || stage.startsWith('read-') || stage.startsWith('throughput-');
}

/** What an administrator sees in a list of mails: the fault, with the server at its end. */
export function faultInWords(stage: StageName, how: ConnectionLoss['how'] | undefined): string {
  switch (stage) {
    case 'dns':
      return 'Host name not found';
    case 'tcp':
      return how === 'refused' ? 'Connection refused' : 'No answer to our connections';
    case 'banner':
      return how === 'timed-out'
        ? 'No SSH identification'
        : "Connection closed before the server's first word";
    case 'algorithms':
      return 'No SSH algorithms in common';
    case 'host-key':
      return 'SSH host key that we do not know';
    case 'login':
      return 'SFTP login refused or broken off';
    case 'sftp-session':
      return 'No SFTP session after the login';
    case 'realpath':
    case 'stat':
      return 'SFTP file not found or not readable';
    case 'listing':
      return 'SFTP folder cannot be listed';
    case 'after-proof':
      return 'SFTP connection lost while a file was renamed';
    default:
      return 'SFTP read failed';
  }
}

const AT_ONCE_MS = 1_000;

/** What became of the connection, as a firewall's administrator asks first; undefined where the server answered. */
export function outcomeInWords(
  stage: StageName,
  how: ConnectionLoss['how'] | undefined,
  milliseconds: number,
): string | undefined {
  const seconds = `${Math.round(milliseconds / 1_000)} s`;
  const when = milliseconds < AT_ONCE_MS ? 'at once' : `after ${seconds}`;
  if (stage === 'tcp') {
    if (how === 'refused') return `refused ${when}`;
    return how === 'timed-out' ? `no answer for ${seconds}` : undefined;
  }
  if (stage === 'banner') {
    return how === 'timed-out'
      ? `no first word from the server for ${seconds}`
      : `closed before the server's first word, ${when}`;
  }
  if (stage === 'login' && how !== undefined && how !== 'other')
    return how === 'timed-out' ? `no answer for ${seconds}` : `closed by the server ${when}`;
  return undefined;
}
