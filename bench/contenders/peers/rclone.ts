import type { Lab } from '../../lab/lab.ts';
import type { Line } from '../../lab/line.ts';
import { runCommand } from '../command.ts';
import type { Contender } from '../contender.ts';

/** rclone's view of the server: no configuration file, no hash command over a shell after the copy. */
export function rcloneSftpFlags(lab: Lab, { host, port }: Pick<Line, 'host' | 'port'>): string[] {
  return [
    '--config=',
    '--ignore-checksum',
    `--sftp-host=${host}`,
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
        ...rcloneSftpFlags(job.lab, job.line),
        `--multi-thread-streams=${streams === 1 ? 0 : streams}`,
        '--multi-thread-cutoff=1M',
        ...extraFlags,
      ];
      return runCommand('rclone', ['copyto', ...flags, `:sftp:${job.sample.path}`, job.targetPath], job);
    },
  };
}

/** One stream, as it is. */
export const RCLONE = rclone(1);
/** The best of it over a distance. */
export const RCLONE_WIDE = rclone(8);

export const RCLONE_CONTENDERS: readonly Contender[] = [
  RCLONE,
  RCLONE_WIDE,
  // What its manual recommends for OpenSSH.
  rclone(8, ', 255 KiB reads', ['--sftp-chunk-size=255Ki']),
];
