import { findTools } from './rig/tools.ts';

/** Jest passes over a skipped suite in silence; this says why it is skipped. */
export default function sayWhatIsMissing(): void {
  const { missing } = findTools();
  if (missing !== undefined) process.stderr.write(`The Terraform suite cannot run here: ${missing}.\n`);
}
