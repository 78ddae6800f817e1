import { runCommand } from '../command.ts';
import type { Contender } from '../contender.ts';

/** A server whose key changes with every run; nothing of the user's own configuration. */
export const SSH_OPTIONS = [
  '-F/dev/null',
  '-oBatchMode=yes',
  '-oStrictHostKeyChecking=no',
  '-oUserKnownHostsFile=/dev/null',
  '-oLogLevel=ERROR',
];

export const OPENSSH_SFTP: Contender = {
  name: 'OpenSSH sftp',
  connections: 1,
  run(job) {
    const { lab, line, sample, targetPath } = job;
    const source = `${lab.sftp.username}@${line.host}:${sample.path}`;
    const args = ['-q', ...SSH_OPTIONS, '-i', lab.keyFile, '-P', String(line.port), source, targetPath];
    return runCommand('sftp', args, job);
  },
};
