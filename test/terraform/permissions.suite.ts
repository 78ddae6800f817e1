import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { RecordedCall } from './rig/emulator.ts';
import { actionOf, type Grant, refusedCalls } from './rig/granted.ts';
import { TERRAFORM_NAME } from './rig/terraform.ts';

const DEPLOYING_ROLE_POLICY = path.join(import.meta.dirname, '../../docs/deploying-role-policy.json');

/** What no emulated run can call, by action or by the beginning of one. */
const NOT_SEEN_HERE: readonly [action: string, reason: string][] = [
  ['logs:', 'Lambda and Step Functions write the logs themselves'],
  ['xray:', 'the X-Ray daemon of Lambda sends the traces'],
  ['ec2:', 'Lambda makes the network interfaces, in the name of the role'],
  ['sqs:SendMessage', 'Lambda and Scheduler put undelivered events into the queue'],
  ['states:StartExecution', 'Scheduler starts executions'],
  [
    'dynamodb:GetItem',
    'the leases are read only where a refused write does not show the row that is in its way',
  ],
  ['kms:', 'SNS asks for the key of its topic inside Publish'],
  ['s3:ListBucket', 'S3 asks for it inside HeadObject, to say "not found" instead of "forbidden"'],
];

const reasonFor = (action: string): string | undefined =>
  NOT_SEEN_HERE.find(([beginning]) => action.startsWith(beginning))?.[1];

/**
 * The permissions of the functions and the workflow against the calls that they made, in both directions.
 * @param deployed is called in the tests only
 */
export function provePermissions(deployed: () => { calls: RecordedCall[]; grants: Grant[] }): void {
  test('every call that a role made is allowed by its documents', () => {
    const { calls, grants } = deployed();
    expect(calls.filter(({ who }) => grants.some(({ role }) => role === who)).length).toBeGreaterThan(50);
    expect(refusedCalls(calls, grants)).toEqual([]);
  });

  test('every action that a role may do was called, or there is a reason why not', () => {
    const { calls, grants } = deployed();
    const unused = grants.filter(
      ({ role, action }) =>
        reasonFor(action) === undefined &&
        !calls.some((call) => call.who === role && actionOf(call) === action),
    );
    expect(unused.map(({ role, action }) => `${role} ${action}`)).toEqual([]);
  });

  test('an action that is taken away is missed', () => {
    const { calls, grants } = deployed();
    const unmissed = grants.filter((removed) => {
      const rest = grants.filter((grant) => grant !== removed);
      return reasonFor(removed.action) === undefined && refusedCalls(calls, rest).length === 0;
    });
    const excused = grants.filter(({ action }) => reasonFor(action) !== undefined).length;
    process.stderr.write(
      `Permissions: ${grants.length} allowed actions; ${grants.length - excused - unmissed.length} taken away, one at a ` +
        `time, and missed; ${excused} with a reason; ${calls.length} recorded calls\n`,
    );
    expect(unmissed.map(({ role, action }) => `${role} ${action}`)).toEqual([]);
  });

  test('every call of Terraform is in the policy that is shipped for the deploying role', () => {
    const { Statement } = JSON.parse(readFileSync(DEPLOYING_ROLE_POLICY, 'utf8')) as {
      Statement: { Action: string[] }[];
    };
    const shipped = Statement.flatMap(({ Action }) => Action);
    const made = new Set(
      deployed()
        .calls.filter(({ who }) => who === TERRAFORM_NAME)
        .map(actionOf),
    );
    expect(made.size).toBeGreaterThan(100);
    expect([...made].filter((action) => !shipped.includes(action))).toEqual([]);
  });

  test('every reason is still needed', () => {
    const { calls, grants } = deployed();
    for (const [beginning] of NOT_SEEN_HERE) {
      // One role's call does not make another role's permission proved.
      const excused = grants.filter(({ action }) => action.startsWith(beginning));
      const uncalled = excused.filter(
        ({ role, action }) => !calls.some((call) => call.who === role && actionOf(call) === action),
      );
      expect([beginning, uncalled.length]).not.toEqual([beginning, 0]);
    }
  });
}
