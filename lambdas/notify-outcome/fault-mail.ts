import { harmlessText } from '../../transfer/text/harmless-text.ts';
import { wrap } from '../../transfer/text/wrap.ts';
import type { Fault } from './fault.ts';
import type { EndedExecution, Mail, MailSettings } from './outcome.ts';
import type { Repeats } from './repeats.ts';

const COLUMNS = 72;
const INDENT = '  ';
const MAX_SUBJECT_CHARACTERS = 100;
/** A folder run names ten files; a server's words are cut before. */
const MAX_ERROR_CHARACTERS = 2_000;
const MAX_NAME_CHARACTERS = 60;
const OTHERS_NAMED = 5;

export interface FaultToMail {
  partner: string;
  isFolderRun: boolean;
  ended: EndedExecution;
  fault: Fault;
  repeats: Repeats;
  /** What became of what had been read. */
  remains: string;
}

/** One mail about one fault, for somebody who has never read the code: 72 columns, commands and links to copy. */
export function faultMail(told: FaultToMail, settings: MailSettings): Mail {
  const { partner, isFolderRun, ended, fault } = told;
  const { guide } = fault;
  const contact = settings.partners[partner];
  const facts: [string, string][] = [
    ['Severity', guide.severity],
    ['Side', guide.side],
    ['Partner', partner],
    ...(contact ? ([['Contact', contact]] as [string, string][]) : []),
    [isFolderRun ? 'Folder' : 'File', harmlessText(fault.subject ?? 'not named by its input')],
    ['Started', utc(ended.startedAtMs)],
    ['Failed', utc(ended.endedAtMs)],
  ];
  const sections = [
    facts.map(([label, value]) => fact(label, value)).join('\n'),
    wrap(guide.meaning, COLUMNS),
    `${harmlessText(fault.errorName, MAX_NAME_CHARACTERS)}:\n${indented(errorText(fault))}`,
    wrap(told.remains, COLUMNS),
    ...describeRepeats(told),
    `First command:\n${command(told, settings.stackName)}`,
    `Runbook:\n${INDENT}${settings.runbookBaseUrl}/${guide.runbook}.md`,
    `Execution:\n${INDENT}${consoleLink(ended.arn)}`,
  ];
  return { subject: subjectLine(told), body: `${sections.join('\n\n')}\n` };
}

function fact(label: string, value: string): string {
  const lines = wrap(value, COLUMNS - 10).split('\n');
  return lines
    .map((line, index) => `${index === 0 ? `${label}:`.padEnd(10) : ' '.repeat(10)}${line}`)
    .join('\n');
}

function indented(text: string): string {
  return wrap(text, COLUMNS - INDENT.length)
    .split('\n')
    .map((line) => INDENT + line)
    .join('\n');
}

function errorText({ errorText: text }: Fault): string {
  return text === '' ? 'no text' : harmlessText(text, MAX_ERROR_CHARACTERS);
}

function describeRepeats({ repeats, fault, isFolderRun }: FaultToMail): string[] {
  const { count, firstAtMs, otherSubjects } = repeats;
  if (count === 1) return [];
  const what = fault.guide.concerns === 'partner' ? 'partner' : isFolderRun ? 'folder' : 'file';
  const named = otherSubjects.slice(0, OTHERS_NAMED).map((subject) => harmlessText(subject));
  const rest = otherSubjects.length - named.length;
  const others =
    named.length === 0 ? '' : ` Also: ${named.join(', ')}${rest > 0 ? `, and ${rest} more` : ''}.`;
  return [
    wrap(
      `This is failure ${count} of this ${what} with this error today (UTC); the first was at ${utc(firstAtMs)}. ` +
        `Failures 1, 2, 4, 8 and so on of a day are mailed.${others}`,
      COLUMNS,
    ),
  ];
}

function command({ fault, partner, ended, isFolderRun }: FaultToMail, stackName: string): string {
  const words = fault.guide.firstCommand.replace('PARTNER', partner).replace('EXECUTION', ended.name);
  const folders = isFolderRun && words.startsWith('history') ? ' --folders' : '';
  // Each line is short, and both are one command when they are pasted.
  return `${INDENT}npx sftp-to-s3 ${words}${folders} \\\n${INDENT}  --stack-name ${stackName} --region ${regionOf(ended.arn)}`;
}

/** The error first: it is what a list of mails shows. Of a long path its end says more than its beginning. */
function subjectLine({ partner, fault, repeats, isFolderRun }: FaultToMail): string {
  const { severity } = fault.guide;
  const urgency = severity === 'normal' ? '' : `[${severity}] `;
  const times = repeats.count === 1 ? '' : ` (failure ${repeats.count} today)`;
  const head = `${urgency}${partner}: ${fault.errorName.slice(0, MAX_NAME_CHARACTERS)}${times}`;
  if (fault.subject === undefined) return toAscii(head);
  const before = isFolderRun ? `${head}, folder ` : `${head}, `;
  return `${toAscii(before)}${endOf(toAscii(fault.subject), MAX_SUBJECT_CHARACTERS - before.length)}`;
}

function endOf(text: string, length: number): string {
  return text.length <= length ? text : `...${text.slice(text.length - length + 3)}`;
}

function toAscii(text: string): string {
  return text.replace(/[^ -~]/g, '?');
}

function utc(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

function regionOf(executionArn: string): string {
  return executionArn.split(':')[3] ?? '';
}

function consoleLink(executionArn: string): string {
  const region = regionOf(executionArn);
  return `https://${region}.console.aws.amazon.com/states/home?region=${region}#/v2/executions/details/${executionArn}`;
}
