import { RUNBOOK_FOLDER } from '../../../transfer/runbook.ts';

export interface Introduction {
  name: string;
  partners: readonly string[];
  /** May be Terraform references. */
  egressAddresses: readonly string[];
  /** Stems of the files in docs/runbooks. */
  runbooks: readonly string[];
  /** Where runbooks can be read in a browser. @default their folder in the repository is named */
  runbookBaseUrl?: string | undefined;
}

/** The text on top of the dashboard, as Markdown: what this is, what partners must allow, where help is. */
export function introduction({
  name,
  partners,
  egressAddresses,
  runbooks,
  runbookBaseUrl,
}: Introduction): string {
  return [
    `# ${name}`,
    `Files from SFTP servers (${partners.join(', ')}) into S3.`,
    `Addresses that partners must allow: **${egressAddresses.join(', ')}**`,
    runbookBaseUrl === undefined
      ? `Runbooks: \`${RUNBOOK_FOLDER}\` in the repository; each alarm names its own.`
      : `Runbooks: ${runbooks.map((stem) => `[${stem}](${runbookBaseUrl}/${stem}.md)`).join(' · ')}`,
  ].join('\n\n');
}
