import { runCommand } from '../command.ts';
import type { Contender } from '../contender.ts';
import { SSH_OPTIONS } from './openssh-sftp.ts';

export const LFTP: Contender = {
  name: 'lftp pget -n 8',
  connections: 8,
  run(job) {
    const { lab, line, sample, targetPath } = job;
    const script = [
      `set sftp:connect-program "ssh -a -x ${SSH_OPTIONS.join(' ')} -i ${lab.keyFile}"`,
      'set xfer:use-temp-file no',
      'set net:max-retries 1',
      `open -p ${line.port} -u ${lab.sftp.username},none sftp://${line.host}`,
      `pget -n 8 ${sample.path} -o ${targetPath}`,
    ];
    return runCommand('lftp', ['--norc', '-c', script.join('; ')], job);
  },
};
