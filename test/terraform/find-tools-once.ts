import { findTools, MIRROR_VARIABLE } from './rig/tools.ts';

/**
 * Before the suite: looks for the provider, which may mean the whole disk, and leaves its place in the environment.
 * Says what is missing, since jest passes over a skipped suite in silence.
 */
export default function findToolsOnce(): void {
  const { tools, missing } = findTools();
  if (tools !== undefined) process.env[MIRROR_VARIABLE] = tools.provider.folder;
  else process.stderr.write(`The Terraform suite cannot run here: ${missing}.\n`);
}
