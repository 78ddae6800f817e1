import { lookup } from 'node:dns/promises';
import { writeFile } from 'node:fs/promises';
import { isIPv4 } from 'node:net';
import { Command } from 'commander';
import { configurationFile } from '../../../infra/config/load-configuration.ts';
import { ConfigurationError } from '../../../infra/config/mistakes.ts';
import { readConfigurationText } from '../../../infra/config/read-json-file.ts';
import { SftpConnectionError } from '../../../transfer/errors.ts';
import { EXIT_CODES } from '../../exit-codes.ts';
import { relativeFile } from '../../format/relative-file.ts';
import { shellWordIfNeeded } from '../../format/shell-word.ts';
import { offeredHostKeys } from '../../offered-host-key.ts';
import { addPartner, type NewPartner, partnerBlock } from '../../onboarding/add-partner.ts';
import { onboardingLetter } from '../../onboarding/letter.ts';
import { collectFingerprints } from '../../options/sftp-options.ts';
import { countBetween } from '../../options/transfer-options.ts';
import { parseSftpServerUrl } from '../../options/urls.ts';
import { printLine } from '../../print.ts';
import { ask } from '../../terminal/ask.ts';
import { UsageError } from '../../usage-error.ts';

interface OnboardFlags {
  hostKey: string[];
  allowedCidr: string[];
  maxSessions?: number;
  contact?: string;
  cron?: string;
  timeZone?: string;
  dryRun?: true;
}

const MOST_SESSIONS = 900;
const collect = (value: string, earlier: string[]): string[] => [...earlier, value];

export function onboardCommand(): Command {
  return new Command('onboard')
    .description(
      'add a partner to the configuration: resolve the host, compare the host key, print the letter',
    )
    .argument('<name>', 'what the partner is called here: 2 to 24 lower-case letters, digits, hyphens')
    .argument('<url>', 'sftp://user@host:port/path; the path is that of a daily file, with --cron')
    .option(
      '--host-key <fingerprint>',
      'as the partner gave it, not as the server offers it (asked for); repeatable',
      collectFingerprints,
      [],
    )
    .option(
      '--allowed-cidr <range>',
      'what our functions may reach (default: the addresses of the host)',
      collect,
      [],
    )
    .option(
      '--max-sessions <count>',
      'sessions at a time that the partner grants',
      countBetween(1, MOST_SESSIONS),
    )
    .option('--contact <text>', "whom to call at the partner's")
    .option('--cron <expression>', 'when the daily file is fetched, as EventBridge Scheduler writes it')
    .option('--time-zone <zone>', 'of --cron (default: UTC)')
    .option('--dry-run', 'print the block instead of writing it')
    .addHelpText(
      'after',
      '\nExample:\n  npx sftp-to-s3 onboard acme sftp://ours@sftp.acme.example/outbound/big.zip --cron "cron(30 3 * * ? *)"',
    )
    .action(onboard);
}

async function onboard(name: string, urlText: string, flags: OnboardFlags): Promise<void> {
  const url = parseSftpServerUrl(urlText);
  const file = configurationFile();
  const text = readConfigurationText(file);
  const addresses = await resolveHost(url.host);
  process.stderr.write(`${url.host} has ${addresses.join(', ') || 'no IPv4 address'}.\n`);
  const given = flags.hostKey.length > 0 ? flags.hostKey : [await askForFingerprint()];
  const isConfirmed = await compareHostKeys(url, given);
  if (!isConfirmed) {
    process.exitCode = EXIT_CODES.hostKeyUnconfirmed;
    return;
  }
  const partner = partnerOf(name, url, { ...flags, hostKey: given }, addresses);
  const changed = addOrRefuse(text, partner, file);
  if (flags.dryRun) {
    printLine(JSON.stringify(partnerBlock(partner), null, 2));
    return;
  }
  await writeFile(file, changed);
  process.stderr.write(`Added ${name} to ${relativeFile(file)}.\n\n`);
  const maxSessions = flags.maxSessions ?? 8;
  printLine(onboardingLetter({ ...url, maxSessions, addresses: undefined, hostKeyFingerprints: given }));
  process.stderr.write(`\n${nextSteps(name, url.username, flags)}\n`);
}

async function resolveHost(host: string): Promise<string[]> {
  if (isIPv4(host)) return [host];
  try {
    const found = await lookup(host, { all: true, family: 4 });
    return [...new Set(found.map(({ address }) => address))].sort();
  } catch (error) {
    throw new UsageError(`${host} cannot be resolved here: ${(error as Error).message}`, { cause: error });
  }
}

/** Before anything that the server offers is shown: who sees an answer tends to say yes to it. */
async function askForFingerprint(): Promise<string> {
  const question = "Fingerprint of the server's host key, from the partner's letter or telephone (SHA256:…):";
  const [fingerprint = ''] = collectFingerprints(await ask(question, '--host-key'), []);
  return fingerprint;
}

/** @returns false when the server offers none of the given keys; nothing of a login is sent */
async function compareHostKeys(
  server: { host: string; port: number },
  given: readonly string[],
): Promise<boolean> {
  try {
    const offered = await offeredHostKeys({ ...server, legacyAlgorithms: [] });
    const match = offered.find((fingerprint) => given.includes(fingerprint));
    if (match !== undefined) {
      process.stderr.write(`The server offers the key that you were given: ${match}.\n`);
      return true;
    }
    process.stderr.write(
      `The server offers other keys than you were given. Nothing was written.\n  given:    ${given.join(', ')}\n` +
        `  offered:  ${offered.join(', ')}\nCall the partner, and have the fingerprint read to you again from the server itself.\n`,
    );
    return false;
  } catch (error) {
    if (!(error instanceof SftpConnectionError)) throw error;
    process.stderr.write(
      `The server cannot be reached from here, so the key is taken as given; check compares it later.\n  ${error.message}\n`,
    );
    return true;
  }
}

function partnerOf(
  name: string,
  { host, port, path }: ReturnType<typeof parseSftpServerUrl>,
  flags: OnboardFlags,
  addresses: readonly string[],
): NewPartner {
  const { hostKey, allowedCidr, maxSessions, contact, cron, timeZone } = flags;
  if (cron !== undefined && path === undefined)
    throw new UsageError('--cron needs the path of the file in the URL');
  return {
    name,
    ...(contact !== undefined && { contact }),
    host,
    port,
    hostKeyFingerprints: hostKey,
    allowedCidrs: allowedCidr.length > 0 ? allowedCidr : addresses.map((address) => `${address}/32`),
    ...(maxSessions !== undefined && { maxSessions }),
    ...(cron !== undefined &&
      path !== undefined && { schedule: { cron, path, ...(timeZone !== undefined && { timeZone }) } }),
  };
}

function addOrRefuse(text: string, partner: NewPartner, file: string): string {
  try {
    return addPartner(text, partner, relativeFile(file));
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    throw new UsageError(`nothing was written: with the new partner ${error.message}`, { cause: error });
  }
}

function nextSteps(name: string, user: string, { cron }: OnboardFlags): string {
  return [
    'Next:',
    '  npm run deploy',
    ...(cron === undefined ? [] : [`  npx sftp-to-s3 pause ${name} --reason onboarding`]),
    `  npx sftp-to-s3 letter ${name}`,
    `  npx sftp-to-s3 secret ${name} --user ${shellWordIfNeeded(user)} --identity-file FILE`,
    `  npx sftp-to-s3 check ${name} --path /path/of/the/file`,
    `  npx sftp-to-s3 start ${name} /path/of/the/file`,
    ...(cron === undefined ? [] : [`  npx sftp-to-s3 unpause ${name}`]),
  ].join('\n');
}
