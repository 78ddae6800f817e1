import {
  type AfterProofStep,
  type NamesSeen,
  nextAfterProofStep,
  type ObjectProof,
} from '../../../folder/after-proof.ts';

const LANDED = { sizeBytes: 10, modifiedAtSeconds: 500 };
const OTHER = { sizeBytes: 10, modifiedAtSeconds: 501 };
const NOTHING: AfterProofStep = { do: 'nothing', because: 'done' };

test.each<[string, 'move' | 'delete', NamesSeen, ObjectProof | undefined, AfterProofStep]>([
  ['moves', 'move', { source: LANDED, target: undefined }, 'as-recorded', { do: 'rename' }],
  ['deletes', 'delete', { source: LANDED, target: undefined }, 'as-recorded', { do: 'remove' }],
  ['moved: the answer was lost', 'move', { source: undefined, target: LANDED }, undefined, NOTHING],
  ['moved by the partner, who touched it', 'move', { source: undefined, target: OTHER }, undefined, NOTHING],
  ['deleted: the answer was lost', 'delete', { source: undefined, target: undefined }, undefined, NOTHING],
  [
    'gone without a trace',
    'move',
    { source: undefined, target: undefined },
    undefined,
    { do: 'nothing', because: 'vanished' },
  ],
  [
    'gone, and another file where it should be',
    'move',
    { source: undefined, target: { sizeBytes: 11, modifiedAtSeconds: 1 } },
    undefined,
    { do: 'nothing', because: 'vanished' },
  ],
  [
    'replaced since it landed: the new file stays',
    'move',
    { source: OTHER, target: undefined },
    'as-recorded',
    { do: 'leave', because: 'changed-after-landing' },
  ],
  [
    'replaced since it landed: never deleted',
    'delete',
    { source: OTHER, target: undefined },
    'as-recorded',
    { do: 'leave', because: 'changed-after-landing' },
  ],
  [
    'the object is gone: the source may be all that is left',
    'delete',
    { source: LANDED, target: undefined },
    'gone',
    { do: 'leave', because: 'object-gone' },
  ],
  [
    'the object is another',
    'move',
    { source: LANDED, target: undefined },
    'different',
    { do: 'leave', because: 'object-different' },
  ],
  [
    'the object was not looked at',
    'delete',
    { source: LANDED, target: undefined },
    undefined,
    { do: 'leave', because: 'object-gone' },
  ],
  [
    'both names are there: not done',
    'move',
    { source: LANDED, target: LANDED },
    'as-recorded',
    { do: 'rename-with-suffix' },
  ],
])('%s', (_name, action, seen, proof, expected) => {
  expect(nextAfterProofStep({ action, landed: LANDED, onConflict: 'suffix' }, seen, proof)).toEqual(expected);
});

test.each<['suffix' | 'replace' | 'leave', AfterProofStep]>([
  ['suffix', { do: 'rename-with-suffix' }],
  ['replace', { do: 'rename-over' }],
  ['leave', { do: 'leave', because: 'target-exists' }],
])('the target exists: %s', (onConflict, expected) => {
  const seen = { source: LANDED, target: OTHER };
  expect(nextAfterProofStep({ action: 'move', landed: LANDED, onConflict }, seen, 'as-recorded')).toEqual(
    expected,
  );
});
