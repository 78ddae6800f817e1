import { applyEdits, findNodeAtLocation, modify, parseTree } from 'jsonc-parser';
import { parseConfiguration } from '../../infra/config/load-configuration.ts';
import { parseJsonText } from '../../infra/config/read-json-file.ts';

/** What is asked for and found out about a new partner. */
export interface NewPartner {
  name: string;
  contact?: string;
  host: string;
  port: number;
  hostKeyFingerprints: readonly string[];
  allowedCidrs: readonly string[];
  maxSessions?: number;
  schedule?: { cron: string; timeZone?: string; path: string };
}

const DEFAULT_PORT = 22;

/**
 * The configuration's text with the partner at the end of its list; what was there stays as it was written.
 * @param file only names the configuration in messages
 * @throws ConfigurationError when the result would not be sound
 */
export function addPartner(text: string, partner: NewPartner, file: string): string {
  const edits = modify(text, ['partners', -1], partnerBlock(partner), {
    isArrayInsertion: true,
    formattingOptions: {
      insertSpaces: true,
      tabSize: indentOf(text),
      eol: text.includes('\r\n') ? '\r\n' : '\n',
    },
  });
  const changed = applyEdits(text, edits);
  parseConfiguration(parseJsonText(changed, file), file);
  return changed;
}

/** In the order of the documents; what has its default is left out. */
export function partnerBlock({ port, schedule, maxSessions, ...rest }: NewPartner): Record<string, unknown> {
  const { name, contact, host, hostKeyFingerprints, allowedCidrs } = rest;
  return {
    name,
    ...(contact !== undefined && { contact }),
    host,
    ...(port !== DEFAULT_PORT && { port }),
    hostKeyFingerprints,
    allowedCidrs,
    ...(maxSessions !== undefined && { maxSessions }),
    ...(schedule !== undefined && {
      schedules: [
        {
          name: 'daily',
          cron: schedule.cron,
          ...(schedule.timeZone !== undefined && { timeZone: schedule.timeZone }),
          input: { sftp_file_path: schedule.path },
        },
      ],
    }),
  };
}

/** Blanks before the first setting of the file. */
function indentOf(text: string): number {
  const root = parseTree(text);
  const first = root && findNodeAtLocation(root, [])?.children?.[0];
  if (first === undefined) return 2;
  const line = text.slice(0, first.offset).split('\n').at(-1) ?? '';
  return /^ +$/.test(line) ? line.length : 2;
}
