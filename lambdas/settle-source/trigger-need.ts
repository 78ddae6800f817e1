import type { Decision } from '../../folder/decision.ts';
import { triggerPathOf } from '../../folder/ready/trigger.ts';
import type { FolderSettings } from '../../folder/settings.ts';

/** Those that no trigger will ever release, or that need none any more. */
const SETTLED_OUTCOMES: ReadonlySet<string> = new Set([
  'landed',
  'excluded',
  'ignored-temporary',
  'link',
  'not-a-file',
  'bad-name',
]);

/**
 * Whether some file that has not landed yet is released by a trigger.
 * @param landed paths of what has landed since the decisions were made
 */
export function triggerNeed(
  { ready }: FolderSettings,
  decisions: readonly Pick<Decision, 'path' | 'outcome'>[],
  landed: ReadonlySet<string>,
): (triggerPath: string) => boolean {
  const { trigger } = ready;
  if (trigger === undefined) return () => false;
  const needed = new Set(
    decisions
      .filter(({ outcome, path }) => !SETTLED_OUTCOMES.has(outcome) && !landed.has(path))
      .map(({ path }) => triggerPathOf(trigger, path)),
  );
  return (triggerPath) => needed.has(triggerPath);
}
