import type { Lab } from '../lab/lab.ts';
import { runCommand } from './command.ts';
import type { Contender } from './contender.ts';

/** rclone's view of the server: no configuration file, no hash command over a shell after the copy. */
export function rcloneSftpFlags(lab: Lab, port: number): string[] {
  return [
    '--config=',
    '--ignore-checksum',
    '--sftp-host=127.0.0.1',
    `--sftp-port=${port}`,
    `--sftp-user=${lab.sftp.username}`,
    `--sftp-key-file=${lab.keyFile}`,
    '--sftp-disable-hashcheck',
    '--sftp-shell-type=none',
  ];
}

/** @param streams each on a connection of its own; 1 is one stream */
function rclone(streams: number, extraName = '', extraFlags: readonly string[] = []): Contender {
  return {
    name: `rclone, ${streams} ${streams === 1 ? 'stream' : 'streams'}${extraName}`,
    connections: streams,
    run(job) {
      const flags = [
        ...rcloneSftpFlags(job.lab, job.line.port),
        `--multi-thread-streams=${streams === 1 ? 0 : streams}`,
        '--multi-thread-cutoff=1M',
        ...extraFlags,
      ];
      return runCommand('rclone', ['copyto', ...flags, `:sftp:${job.sample.path}`, job.targetPath], job);
    },
  };
}

export const RCLONE_CONTENDERS: readonly Contender[] = [
  rclone(1),
  rclone(8),
  // What its manual recommends for OpenSSH.
  rclone(8, ', 255 KiB reads', ['--sftp-chunk-size=255Ki']),
];
