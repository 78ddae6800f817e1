import { counted } from '../../transfer/text/counted.ts';
import { wrap } from '../../transfer/text/wrap.ts';

/** Lines of a mail: RFC 5322 recommends 78; 72 leaves room to be quoted. */
const COLUMNS = 72;

export interface LetterFacts {
  host: string;
  port: number;
  maxSessions: number;
  /** Undefined before the stack is deployed. */
  addresses: readonly string[] | undefined;
  hostKeyFingerprints: readonly string[];
}

/** What a partner's administrator needs from us, and what we need from him. It holds no secret and no offered key. */
export function onboardingLetter({
  host,
  port,
  maxSessions,
  addresses,
  hostKeyFingerprints,
}: LetterFacts): string {
  const from =
    addresses === undefined || addresses.length === 0
      ? ['   (will follow as soon as they are allocated)']
      : addresses.map((address) => `   ${address}`);
  const paragraphs = [
    `Subject: SFTP downloads from ${host} port ${port}: addresses to allow`,
    '',
    'Hello,',
    '',
    `we would like to fetch files from your SFTP server ${host}, TCP port ${port}.`,
    '',
    '1. Please allow connections from these addresses; we use no others:',
    ...from,
    '',
    `2. We open at most ${counted(maxSessions, 'session')} at a time, and log in by SFTP only. Please tell us if our account may open fewer.`,
    '',
    '3. Which user name do we have? Our public key is attached (or: how do we get a password?).',
    '',
    hostKeyFingerprints.length === 0
      ? '4. Please read us the SHA-256 fingerprints of your host keys, as this shows them on the server:'
      : '4. We trust the host key fingerprints that you gave us. Please tell us before they change. On the server, this shows them:',
    '   ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub',
    '',
    '5. Please send us the path of the files, when they are complete, and whom we may call.',
    '',
    'Thank you',
  ];
  return paragraphs.map((line) => wrap(line, COLUMNS)).join('\n');
}
