import { execFileSync, spawnSync } from 'node:child_process';
import { symlinkSync } from 'node:fs';
import path from 'node:path';
import { PROJECT } from './synthesised-stack.ts';

/**
 * A version that was deployed before sessions served more than one chunk, before folders, expectations and the ledger,
 * and before `infra/` had its present layout.
 */
const EARLIER_COMMIT = '868fbcc';

/** Why there is no earlier version here; undefined when there is one. */
export const earlierVersionMissing: string | undefined =
  spawnSync('git', ['cat-file', '-e', `${EARLIER_COMMIT}^{commit}`], { cwd: PROJECT, stdio: 'ignore' })
    .status === 0
    ? undefined
    : `the history lacks ${EARLIER_COMMIT}, as a shallow clone does`;

/**
 * Unpacks the earlier version, to be run with the packages of this one.
 * @param folder an empty one
 */
export function unpackEarlierVersion(folder: string): void {
  const archive = path.join(folder, 'earlier.tar');
  execFileSync('git', ['archive', '-o', archive, EARLIER_COMMIT], { cwd: PROJECT });
  execFileSync('tar', ['xf', archive], { cwd: folder });
  symlinkSync(path.join(PROJECT, 'node_modules'), path.join(folder, 'node_modules'));
}
