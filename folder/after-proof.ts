import { type FileIdentity, isSameFile } from '../ledger/entry.ts';

/** What is to become of a source file whose generation landed. */
export interface AfterProofRequest {
  action: 'move' | 'delete';
  /** The generation that landed: nothing else is ever moved or deleted. */
  landed: FileIdentity;
  onConflict: 'suffix' | 'replace' | 'leave';
}

/** The names as the server just showed them; undefined: the file is not there. */
export interface NamesSeen {
  source: FileIdentity | undefined;
  /** Of a move: the name that it is to get. */
  target: FileIdentity | undefined;
}

/** What HeadObject says of the recorded version; `unprovable`: neither a checksum nor an ETag distinguishes it from others. */
export type ObjectProof = 'as-recorded' | 'gone' | 'different' | 'unprovable';

const LEFT_BECAUSE = {
  gone: 'object-gone',
  different: 'object-different',
  unprovable: 'object-unprovable',
} as const satisfies Partial<Record<ObjectProof, string>>;

export type AfterProofStep =
  | { do: 'rename' | 'rename-over' | 'rename-with-suffix' | 'remove' }
  /** Somebody did it: we, with the answer lost, or the partner. */
  | { do: 'nothing'; because: 'done' | 'vanished' }
  /** The source stays. */
  | { do: 'leave'; because: 'changed-after-landing' | ObjectDoubt | 'target-exists' };

type ObjectDoubt = (typeof LEFT_BECAUSE)[keyof typeof LEFT_BECAUSE];

/**
 * The next step towards the end, from what is there, and never from what was asked before: an answer may have been
 * lost. Asked again after the step it says `nothing` once it is done.
 * @param proof undefined where the object was not looked at, as is needless once the source is gone
 */
export function nextAfterProofStep(
  { action, landed, onConflict }: AfterProofRequest,
  { source, target }: NamesSeen,
  proof: ObjectProof | undefined,
): AfterProofStep {
  if (source === undefined) {
    if (action === 'delete') return { do: 'nothing', because: 'done' };
    const arrived = target !== undefined && target.sizeBytes === landed.sizeBytes;
    return { do: 'nothing', because: arrived ? 'done' : 'vanished' };
  }
  if (!isSameFile(source, landed)) return { do: 'leave', because: 'changed-after-landing' };
  // Its source may be the only copy that is left.
  if (proof !== 'as-recorded') return { do: 'leave', because: LEFT_BECAUSE[proof ?? 'gone'] };
  if (action === 'delete') return { do: 'remove' };
  if (target === undefined) return { do: 'rename' };
  if (onConflict === 'leave') return { do: 'leave', because: 'target-exists' };
  return { do: onConflict === 'replace' ? 'rename-over' : 'rename-with-suffix' };
}
