import { parseBenchOptions } from '../../../bench/options.ts';
import {
  FULL_DISTANCE_PLAN,
  FULL_FOLDER_PLAN,
  FULL_PLAN,
  QUICK_DISTANCE_PLAN,
  QUICK_FOLDER_PLAN,
  QUICK_PLAN,
} from '../../../bench/plan.ts';

const FULL = { plan: FULL_PLAN, distancePlan: FULL_DISTANCE_PLAN, folderPlan: FULL_FOLDER_PLAN };
const QUICK = { plan: QUICK_PLAN, distancePlan: QUICK_DISTANCE_PLAN, folderPlan: QUICK_FOLDER_PLAN };

test.each([
  ['', { quick: false, ...FULL }],
  ['--quick', { quick: true, ...QUICK }],
  ['--folder', { quick: false, folderPlan: FULL_FOLDER_PLAN }],
  ['--folder --quick', { quick: true, folderPlan: QUICK_FOLDER_PLAN }],
  [
    '--folder --files 300 --rounds 2 --distance 100',
    {
      quick: false,
      folderPlan: {
        ...FULL_FOLDER_PLAN,
        files: 300,
        rounds: 2,
        distance: { roundTripMs: 100, lossPpm: 0 },
      },
    },
  ],
  ['--relay', { quick: false, plan: FULL_PLAN }],
  ['--line', { quick: false, distancePlan: FULL_DISTANCE_PLAN }],
  ['--line --relay', { quick: false, plan: FULL_PLAN, distancePlan: FULL_DISTANCE_PLAN }],
  ['--line --rounds 1', { quick: false, distancePlan: { ...FULL_DISTANCE_PLAN, rounds: 1 } }],
  ['--relay --json report.json', { quick: false, plan: FULL_PLAN, jsonFile: 'report.json' }],
])('npm run bench -- %s', (text, expected) => {
  expect(parseBenchOptions(text.split(' ').filter((word) => word !== ''))).toEqual(expected);
});

test('--mib sets what every contender of a distance transfers', () => {
  expect(parseBenchOptions(['--line', '--mib', '64']).distancePlan).toMatchObject({
    oneConnectionBytes: 67_108_864,
    manyConnectionsBytes: 67_108_864,
  });
});

test('--only takes parts of the names of contenders', () => {
  const { distancePlan } = parseBenchOptions(['--line', '--only', 'transfer, 8', '--only', 'rclone']);
  expect(distancePlan?.only).toEqual(['transfer, 8', 'rclone']);
});

test('--distance takes round trips, and how many packets of a million are lost', () => {
  const { distancePlan } = parseBenchOptions(['--line', '--distance', '50', '--distance', '100,200']);
  expect(distancePlan).toMatchObject({
    distances: [
      { roundTripMs: 50, lossPpm: 0 },
      { roundTripMs: 100, lossPpm: 200 },
    ],
  });
});

test.each(['', 'far', '50,', '50,1,2', '0.5'])('refuses the distance %p', (text) => {
  expect(() => parseBenchOptions(['--line', `--distance=${text}`])).toThrow(`--distance ${text} must be`);
});

test.each(['0', '-1', '1.5', 'many', ''])('refuses %p rounds', (text) => {
  expect(() => parseBenchOptions(['--line', `--rounds=${text}`])).toThrow(
    `--rounds ${text} must be a whole number from 1`,
  );
});

test('refuses an option that it does not have', () => {
  expect(() => parseBenchOptions(['--fast'])).toThrow('--fast');
});
