import { describeAsJson, describeForPeople } from '../../../cli/results/describe-local-transfer.ts';
import { judge } from '../../torture/judge.ts';
import type { Observed } from '../../torture/observed.ts';
import type { Scenario } from '../../torture/scenario.ts';
import { emptyStage, type StagedFault } from '../../torture/staged-faults.ts';

const NOTHING_LEFT = { upload: { state: 'gone' }, object: 'none' } as const;

const SOURCE = 'aa'.repeat(32);
const OTHER = 'bb'.repeat(32);
const EARLIER = 'cc'.repeat(32);
const PASSWORD = 'pä"ss \\ wörd';

const passing: StagedFault = { description: 'a reset', mayEndWith: [], arm() {} };
const fatal: StagedFault = {
  description: 'the source changes',
  mayEndWith: ['SourceChangedError'],
  forbidsLanding: () => true,
  arm() {},
};

const landed: Observed['outcome'] = {
  status: 'SUCCEEDED',
  seconds: 1,
  object: {
    bucket: 'landing',
    key: 'k',
    size_bytes: 1,
    parts: 1,
    etag: '"e"',
    checksum_crc64nvme: 'c',
    version_id: null,
  },
};
const failed = (error: string): Observed['outcome'] => ({
  status: 'FAILED',
  error,
  cause: 'why',
  seconds: 1,
  remains: NOTHING_LEFT,
});

const printedOf = (outcome: Observed['outcome']): Observed['printed'] => ({
  text: describeForPeople(outcome, undefined),
  json: describeAsJson(outcome, undefined),
});

function complaints(faults: StagedFault[], changes: Partial<Observed>): string[] {
  const request = { sftp_file_path: '/f', chunk_size_bytes: 1, max_concurrency: 1 };
  const scenario = { faults, request, login: { secrets: { password: PASSWORD } } } as unknown as Scenario;
  return judge(scenario, emptyStage(request), {
    outcome: landed,
    printed: printedOf(changes.outcome ?? landed),
    steps: [],
    sourceBytes: 1,
    loggedInConnections: undefined,
    sourceSha256: SOURCE,
    landed: new Map([['k', SOURCE]]),
    earlier: new Map(),
    openUploads: [],
    connections: 1,
    openConnections: 0,
    loginAttempts: 1,
    loginAttemptsAtStrangers: 0,
    written: ['a line'],
    warnings: [],
    ...changes,
  });
}

test.each<[string, StagedFault[], Partial<Observed>]>([
  ['landed with no fault', [], {}],
  ['landed in spite of a fault that passes', [passing], {}],
  [
    'failed as its fault allows',
    [passing, fatal],
    { outcome: failed('SourceChangedError'), landed: new Map() },
  ],
  [
    'failed, and what was there before is still there',
    [fatal],
    {
      outcome: failed('SourceChangedError'),
      earlier: new Map([['k', EARLIER]]),
      landed: new Map([['k', EARLIER]]),
    },
  ],
])('nothing is wrong with a transfer that %s', (_name, faults, observed) => {
  expect(complaints(faults, observed)).toEqual([]);
});

test.each<[string, StagedFault[], Partial<Observed>, RegExp]>([
  ['other bytes landed', [], { landed: new Map([['k', OTHER]]) }, /not the source/],
  ['nothing landed', [], { landed: new Map() }, /not the source/],
  [
    'it failed for no reason',
    [passing],
    { outcome: failed('SourceChangedError') },
    /allow only landing: why/,
  ],
  ['it failed for another reason', [fatal], { outcome: failed('UploadGoneError') }, /UploadGoneError/],
  ['it failed with a name that is not ours', [fatal], { outcome: failed('TypeError') }, /TypeError/],
  [
    'it was stopped by nobody',
    [],
    { outcome: { status: 'ABORTED', seconds: 1, remains: NOTHING_LEFT } },
    /ABORTED/,
  ],
  ['it landed where it must not', [fatal], {}, /in spite of: the source changes/],
  [
    'it failed and left a broken object',
    [fatal],
    { outcome: failed('SourceChangedError'), landed: new Map([['k', OTHER]]) },
    /neither the source/,
  ],
  [
    'it lost what was there before',
    [fatal],
    { outcome: failed('SourceChangedError'), earlier: new Map([['k', EARLIER]]), landed: new Map() },
    /was lost/,
  ],
  ['an upload is left', [], { openUploads: ['u'] }, /upload u was left/],
  ['a connection is left', [], { openConnections: 1 }, /1 SFTP connections/],
  ['a stranger was given a login', [], { loginAttemptsAtStrangers: 1 }, /not pinned/],
  ['a warning came', [], { warnings: ['a warning: leak'] }, /leak/],
  ['the password is in a line', [], { written: ['x', `y ${PASSWORD} z`] }, /secret was written: password/],
  [
    'the password is in JSON',
    [],
    { written: [JSON.stringify({ password: PASSWORD })] },
    /secret was written/,
  ],
])('it is noticed when %s', (_name, faults, observed, complaint) => {
  expect(complaints(faults, observed)).toContainEqual(expect.stringMatching(complaint));
});

test('a refused login may have been tried once only', () => {
  const refused: StagedFault = { ...fatal, mayEndWith: ['SftpAuthenticationError'] };
  const observed = { outcome: failed('SftpAuthenticationError'), landed: new Map(), loginAttempts: 2 };
  expect(complaints([refused], observed)).toEqual([expect.stringMatching(/2 login attempts/)]);
});
