import { Command } from 'commander';
import { Ssh2ServerProbe } from '../../lambdas/shared/adapters/sftp/server-probe.ts';
import { systemClock } from '../../lambdas/shared/adapters/system-clock.ts';
import { checkServer } from '../../lambdas/shared/server-check/check-server.ts';
import type { ServerCheckReport } from '../../lambdas/shared/server-check/report.ts';
import { describeConclusion, describeStage } from '../check-report.ts';
import { EXIT_CODES } from '../exit-codes.ts';
import { printLine } from '../print.ts';
import { addSftpOptions, readCredentials, type SftpFlags, sftpSettings } from '../sftp-options.ts';
import { countBetween, sizeBetween } from '../transfer-options.ts';
import { parseSftpServerUrl } from '../urls.ts';

const DEFAULT_CONNECT_TIMEOUT_S = 20;

interface CheckFlags extends SftpFlags {
  fileSize?: number;
  connectTimeout: number;
  json?: true;
}

export function checkCommand(): Command {
  const command = new Command('check')
    .description("look at a partner's server, stage by stage, and say whose fault it is when a stage fails")
    .argument('<server>', 'sftp://user@host:port/path; without a path, nothing is read');
  return addSftpOptions(command)
    .option(
      '--file-size <size>',
      "recommend settings for this size instead of the file's",
      sizeBetween(0, Number.MAX_SAFE_INTEGER),
    )
    .option(
      '--connect-timeout <seconds>',
      'from the first packet to the open session',
      countBetween(1, 120),
      DEFAULT_CONNECT_TIMEOUT_S,
    )
    .option('--json', 'print one JSON object')
    .action(check);
}

async function check(server: string, flags: CheckFlags): Promise<void> {
  const report = await checkFromHere(server, flags);
  if (flags.json) printLine(JSON.stringify(report));
  else printLine(`\n${describeConclusion(report)}`);
  process.exitCode = exitCodeOf(report, flags);
}

async function checkFromHere(server: string, flags: CheckFlags): Promise<ServerCheckReport> {
  const { path, ...url } = parseSftpServerUrl(server);
  // Without a pin the check ends at the host key, before anything of the login is sent.
  const credentials =
    flags.hostKey.length === 0
      ? { username: url.username, password: 'unsent' }
      : await readCredentials(url.username, flags);
  const probe = new Ssh2ServerProbe({
    ...sftpSettings(url, flags, credentials),
    connectTimeoutMs: flags.connectTimeout * 1000,
  });
  return checkServer(
    { path, fileSizeBytes: flags.fileSize },
    {
      probe,
      clock: systemClock,
      onStage: (stage) => {
        if (!flags.json) printLine(describeStage(stage));
      },
    },
    { egressAddresses: [], allowedCidrs: [] },
    new AbortController().signal,
  );
}

function exitCodeOf({ failure }: ServerCheckReport, flags: CheckFlags): number {
  if (failure === null) return EXIT_CODES.ok;
  const isUnconfirmed = failure.error === 'HostKeyMismatchError' && flags.hostKey.length === 0;
  return isUnconfirmed ? EXIT_CODES.hostKeyUnconfirmed : EXIT_CODES.failed;
}
