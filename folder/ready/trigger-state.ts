import type { FileIdentity } from '../../ledger/entry.ts';
import { type ListedEntry, mayBeFile } from '../../transfer/source/listed-entry.ts';
import { identityOf } from '../identity.ts';
import { type Manifest, missingMembers } from './manifest.ts';
import type { TriggerState } from './readiness.ts';
import { type TriggerRule, triggerPathOf } from './trigger.ts';

interface TriggerFacts {
  /** What the manifests say, by their paths; a manifest that could not be read has a message. */
  manifests: ReadonlyMap<string, Manifest | { problem: string }>;
  /** A trigger of this identity has released a delivery before. */
  isSpentTrigger: (path: string, trigger: FileIdentity) => boolean;
}

/** The state of a file's trigger: found or not, spent or not, and what its manifest says. */
export function triggerStateOf(
  filePath: string,
  trigger: TriggerRule | undefined,
  filesByPath: ReadonlyMap<string, ListedEntry>,
  known: TriggerFacts,
): (TriggerState & { path: string }) | undefined {
  if (trigger === undefined) return undefined;
  const path = triggerPathOf(trigger, filePath);
  const listed = filesByPath.get(path);
  const found = listed !== undefined && mayBeFile(listed) ? identityOf(listed) : undefined;
  const state = { required: trigger.required, path };
  if (found === undefined) return state;
  const withTrigger = { ...state, found, isSpent: known.isSpentTrigger(path, found) };
  if (trigger.kind !== 'manifest') return withTrigger;

  const manifest = known.manifests.get(path);
  if (manifest === undefined || 'problem' in manifest)
    return { ...withTrigger, problem: 'manifest-incomplete' };
  if (!manifest.members.some((member) => member.path === filePath)) {
    return { ...withTrigger, problem: 'not-in-manifest' };
  }
  const missing = missingMembers(manifest, (member) => filesByPath.get(member)?.sizeBytes);
  return missing.length === 0 ? withTrigger : { ...withTrigger, problem: 'manifest-incomplete' };
}
