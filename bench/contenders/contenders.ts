import { isOnPath } from './command.ts';
import type { Contender } from './contender.ts';
import { OUR_READER, OUR_UPLOAD, OUR_UPLOAD_TLS, SSH2_SFTP_CLIENT } from './node/node-contenders.ts';
import { LFTP } from './peers/lftp.ts';
import { OPENSSH_SFTP } from './peers/openssh-sftp.ts';
import { RCLONE_CONTENDERS } from './peers/rclone.ts';

/** Peers by the program that they need. */
const PEERS: readonly { program: string; contenders: readonly Contender[] }[] = [
  { program: 'sftp', contenders: [OPENSSH_SFTP] },
  { program: 'rclone', contenders: RCLONE_CONTENDERS },
  { program: 'lftp', contenders: [LFTP] },
];

/** Everyone that can run on this machine, ours first, and who cannot. */
export function availableContenders(): {
  contenders: readonly Contender[];
  missing: readonly string[];
} {
  const present = PEERS.filter(({ program }) => isOnPath(program));
  return {
    contenders: [
      OUR_READER,
      OUR_UPLOAD,
      OUR_UPLOAD_TLS,
      SSH2_SFTP_CLIENT,
      ...present.flatMap(({ contenders }) => contenders),
    ],
    missing: PEERS.filter((peer) => !present.includes(peer)).map(({ program }) => program),
  };
}
