import { Command } from 'commander';
import { checkServer } from '../../doctor/check-server.ts';
import { serverCheckEventSchema } from '../../doctor/event.ts';
import { Ssh2ServerProbe } from '../../doctor/probe/server-probe.ts';
import { type ServerCheckReport, STAGES, type StageName } from '../../doctor/report.ts';
import { folderSettingsSchema } from '../../folder/settings.ts';
import { pipelineName } from '../../infra/pipeline/names.ts';
import { systemClock } from '../../transfer/clock.ts';
import { parseContract } from '../../transfer/contracts.ts';
import { MAX_FILE_SIZE_BYTES } from '../../transfer/plan/plan-chunks.ts';
import { describeUnknownFolder, findConfiguredPartner } from '../deployed/configured-partner.ts';
import { locationOf, parsePipelineTarget } from '../deployed/find-target.ts';
import { invokeCheck } from '../deployed/invoke-check.ts';
import { EXIT_CODES } from '../exit-codes.ts';
import { type AwsFlags, addAwsOptions } from '../options/aws-options.ts';
import {
  AFTER_OPTION,
  addSelectionOptions,
  folderSettings,
  type SelectionFlags,
} from '../options/pull-options.ts';
import { addSftpOptions, readCredentials, type SftpFlags, sftpSettings } from '../options/sftp-options.ts';
import { sizeBetween } from '../options/transfer-options.ts';
import { parseSftpFolderUrl, parseSftpServerUrl } from '../options/urls.ts';
import { printLine } from '../print.ts';
import { onInterrupt } from '../process/interrupt.ts';
import { describeConclusion, describeStage, describeWaiting } from '../results/describe-check.ts';
import { columnsOf } from '../terminal/terminal-kind.ts';
import { WaitingLine } from '../terminal/waiting-line.ts';
import { UsageError } from '../usage-error.ts';

interface CheckFlags extends SftpFlags, AwsFlags, SelectionFlags {
  path?: string;
  folder?: string;
  afterProof?: true;
  oneMore?: true;
  after?: string;
  fileSize?: number;
  json?: true;
}

const FOR_A_URL = 'For a URL:';
const FOR_A_PARTNER = 'For a partner:';
/** Options that are about a folder, by the names of their flags. */
const FOLDER_OPTIONS = ['include', 'exclude', 'maxDepth', 'ignore', 'after', 'afterProof'];

export function checkCommand(): Command {
  const command = new Command('check')
    .description("check a partner's server, stage by stage, and say whose fault it is when a stage fails")
    .argument(
      '<server>',
      'a partner, checked from the deployed network; or sftp://user@host:port/path of a file or a folder, checked from here',
    )
    .option(
      '--path <path>',
      "the file to read, or the folder to list, on a partner's server; without it, neither",
    )
    .option('--folder <name>', "a folder of a partner's configuration: what a first run over it would do")
    .option(
      '--after-proof',
      'try in the folder, with a file of ours of 0 bytes, whether files may be renamed and removed',
    )
    .option('--one-more', 'log in once even where transfers hold all sessions that the partner grants')
    .option(
      '--file-size <size>',
      "recommend settings for this size instead of the file's",
      sizeBetween(0, MAX_FILE_SIZE_BYTES),
    )
    .option('--json', 'print one JSON object')
    .optionsGroup(FOR_A_URL);
  addSelectionOptions(command).option(...AFTER_OPTION);
  addSftpOptions(command).optionsGroup(FOR_A_PARTNER);
  return addAwsOptions(command).action(check);
}

async function check(server: string, flags: CheckFlags, command: Command): Promise<void> {
  const isUrl = server.includes('://');
  const waiting = new WaitingLine(process.stderr);
  const interrupt = onInterrupt('Stopping.');
  const report = await (isUrl
    ? checkFromHere(server, flags, command, waiting, interrupt.signal)
    : checkFromAws(server, flags, command, waiting, interrupt.signal)
  ).finally(() => {
    interrupt.release();
    waiting.clear();
  });
  printLine(
    flags.json
      ? JSON.stringify(report)
      : `\n${describeConclusion(report, columnsOf(process.stdout), isUrl ? undefined : contactOf(server, flags))}`,
  );
  const isUnpinned = isUrl && flags.hostKey.length === 0;
  process.exitCode = exitCodeOf(report, isUnpinned);
}

/** Options that would do nothing. A profile may be that of every command of somebody. @throws UsageError */
function refuseOptionsOf(group: string, command: Command): void {
  const ignored = command.options.find(
    (option) =>
      option.helpGroupHeading === group &&
      option.attributeName() !== 'profile' &&
      command.getOptionValueSource(option.attributeName()) === 'cli',
  );
  if (ignored === undefined) return;
  throw new UsageError(
    group === FOR_A_URL
      ? `${ignored.long} goes with a URL; a partner's host keys, login and folders are those of the stack`
      : `${ignored.long} goes with a partner; a URL is checked from this machine`,
  );
}

async function checkFromHere(
  server: string,
  flags: CheckFlags,
  command: Command,
  waiting: WaitingLine,
  signal: AbortSignal,
): Promise<ServerCheckReport> {
  if (flags.path !== undefined)
    throw new UsageError('the path is part of the URL; --path goes with a partner');
  if (flags.oneMore)
    throw new UsageError('nobody counts the sessions of a URL; --one-more goes with a partner');
  if (flags.folder !== undefined)
    throw new UsageError('the folder is the path of the URL; --folder goes with a partner');
  refuseOptionsOf(FOR_A_PARTNER, command);
  // The root and the home folder are listed where something of a folder is asked for: a server alone is written so, too.
  const asksForFolder = FOLDER_OPTIONS.some((name) => command.getOptionValueSource(name) === 'cli');
  const { path, ...url } = asksForFolder ? parseSftpFolderUrl(server) : parseSftpServerUrl(server);
  // Without a pin the check ends at the host key, before anything of the login is sent.
  const hasCredentials = flags.identityFile !== undefined || flags.passwordEnv !== undefined;
  const credentials =
    flags.hostKey.length === 0 && !hasCredentials
      ? { username: url.username, password: 'unsent' }
      : await readCredentials(url.username, flags);
  const probe = new Ssh2ServerProbe(sftpSettings(url, flags, credentials), hasCredentials);
  const onStage = (stage: ServerCheckReport['stages'][number]) => {
    if (flags.json) return;
    waiting.clear();
    printLine(describeStage(stage));
    const next = stageAfter(stage.stage);
    if (next !== undefined) waiting.show((seconds) => describeWaiting(next, seconds));
  };
  return checkServer(
    {
      path,
      folder:
        path === undefined
          ? undefined
          : folderSettings(path, { ...flags, quietSeconds: 0, target: '{path}', allowDelete: true }),
      afterProof: flags.afterProof,
      fileSizeBytes: flags.fileSize,
    },
    { probe, clock: systemClock, onStage },
    { egressAddresses: [], allowedCidrs: [] },
    signal,
  );
}

async function checkFromAws(
  partner: string,
  flags: CheckFlags,
  command: Command,
  waiting: WaitingLine,
  signal: AbortSignal,
): Promise<ServerCheckReport> {
  refuseOptionsOf(FOR_A_URL, command);
  const target = parsePipelineTarget(partner, flags);
  const event = parseContract(serverCheckEventSchema, {
    check: {
      path: flags.path,
      ...(flags.folder !== undefined && { folder: configuredFolder(partner, flags.folder) }),
      ...(flags.afterProof && { after_proof: true }),
      file_size_bytes: flags.fileSize,
    },
  });
  const location = locationOf(target, flags);
  const show = (): void => {
    // The function answers when all is over.
    if (!flags.json) waiting.show((seconds) => describeWaiting('from the network', seconds));
  };
  show();
  const say = (words: string): void => {
    waiting.clear();
    process.stderr.write(`${words}\n`);
    show();
  };
  const report = await invokeCheck(target, event, location, {
    mayExceed: flags.oneMore === true,
    signal,
    onWaiting: (errorName, waitedMs) =>
      say(
        `The function is waking up after weeks without a call (${errorName}); waiting for it, ${waitedMs / 1_000} s so far.`,
      ),
    onUnreserved: (reason, sessions) => say(describeUnreserved(reason, sessions)),
  });
  waiting.clear();
  if (!flags.json) for (const stage of report.stages) printLine(describeStage(stage));
  return report;
}

/** Beside transfers that hold all sessions, the partner may refuse the check, or a transfer. */
function describeUnreserved(reason: string, sessions: number | undefined): string {
  const logins = sessions === 1 ? 'it logs in once' : 'it may log in more than once';
  return `Nothing is reserved for this check (${reason}): ${logins}, beside the transfers that run.`;
}

/** A check from here has no address to be told of, and only of a folder there is a listing. */
const SOMETIMES: readonly StageName[] = ['egress', 'listing', 'after-proof'];

/** Its settings, without what is none of a listing's. @throws UsageError */
function configuredFolder(partnerName: string, name: string): unknown {
  const { partner } = findConfiguredPartner(partnerName);
  const folder = partner.folders.find((each) => each.name === name);
  if (folder === undefined) throw new UsageError(describeUnknownFolder(partner, name));
  const known = Object.keys(folderSettingsSchema.shape);
  return Object.fromEntries(Object.entries(folder).filter(([key]) => known.includes(key)));
}

/** The stage that is at work after this one, as far as that is certain. */
function stageAfter(stage: (typeof STAGES)[number]): string | undefined {
  return STAGES.slice(STAGES.indexOf(stage) + 1).find((next) => !SOMETIMES.includes(next));
}

/** Whom the configuration names, where it describes this stack: the contact of an example would be a stranger. */
function contactOf(server: string, flags: CheckFlags): string | undefined {
  const target = parsePipelineTarget(server, flags);
  if (target.by === 'arn') return undefined;
  try {
    const { configuration, partner } = findConfiguredPartner(server);
    return pipelineName(configuration.name, partner.name) === target.name ? partner.contact : undefined;
  } catch (error) {
    if (error instanceof UsageError) return undefined;
    throw error;
  }
}

function exitCodeOf({ failure }: ServerCheckReport, isUnpinned: boolean): number {
  if (failure === null) return EXIT_CODES.ok;
  const isUnconfirmed = isUnpinned && failure.error === 'HostKeyMismatchError';
  return isUnconfirmed ? EXIT_CODES.hostKeyUnconfirmed : EXIT_CODES.failed;
}
