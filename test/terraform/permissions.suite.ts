import { actionsOfTerraform, shippedActions } from './rig/deploying-role.ts';
import type { RecordedCall } from './rig/emulator.ts';
import { type Grant, isUsed, refusedCalls } from './rig/granted.ts';

export interface Reason {
  /** An action, or the beginning of one. */
  action: string;
  /** The end of the role's name. @default of every role */
  role?: string;
  /** Part of a resource. @default any */
  resource?: string;
  reason: string;
}

/** What no emulated run can call, or none of these does. */
const NOT_SEEN_HERE: readonly Reason[] = [
  { action: 'logs:', reason: 'Lambda and Step Functions write the logs themselves' },
  { action: 'xray:', reason: 'the X-Ray daemon of Lambda sends the traces' },
  { action: 'ec2:', reason: 'Lambda makes the network interfaces, in the name of the role' },
  { action: 'kms:', reason: 'SNS asks for the key of its topic inside Publish' },
  { action: 'sqs:SendMessage', reason: 'Lambda and Scheduler put undelivered events into the queue' },
  { action: 'states:StartExecution', reason: 'Scheduler starts executions' },
  {
    action: 'dynamodb:GetItem',
    reason: 'the leases are read only where a refused write does not show the row that is in its way',
  },
  {
    action: 's3:ListBucket',
    reason: 'S3 asks for it inside HeadObject, to say "not found" instead of "forbidden"',
  },
  {
    action: 'states:StopExecution',
    role: 'folders-workflow',
    reason: 'Step Functions stops the children and transfers of a run that is stopped; moto lets them go on',
  },
  {
    action: 'states:DescribeExecution',
    role: 'folders-workflow',
    resource: '-folders/',
    reason: "moto runs a Map's children inside their parent",
  },
  {
    action: 'events:PutTargets',
    role: 'folders-workflow',
    reason: 'Step Functions has a rule to hear of the end of transfers; moto asks again and again',
  },
  { action: 'events:PutRule', role: 'folders-workflow', reason: 'the same rule' },
  { action: 'events:DescribeRule', role: 'folders-workflow', reason: 'the same rule' },
  {
    action: 's3:ListMultipartUploadParts',
    role: 'folders-workflow',
    reason: "a Map's results may be so many that Step Functions uploads them in parts",
  },
  { action: 's3:AbortMultipartUpload', role: 'folders-workflow', reason: 'the same upload' },
  {
    action: 's3:GetObject',
    role: 'folders-workflow',
    resource: '/results/',
    reason: 'Step Functions reads results again after a redrive',
  },
  {
    action: 's3:GetObject',
    role: 'copy-batch',
    resource: '-landing-',
    reason: 'what a batch has made that was killed is found by the next one; see pull-killed',
  },
  {
    action: 's3:GetObject',
    role: 'settle-source',
    resource: '-landing-',
    reason: 'objects of a bucket without versions; this one has versions',
  },
  {
    action: 's3:PutObject',
    role: 'settle-source',
    reason: 'it notes a refused login, and the listing of the same run was let in',
  },
];

interface Deployed {
  calls: RecordedCall[];
  grants: Grant[];
}

/**
 * The permissions of the functions and the workflow against the calls that they made, in both directions; and those of
 * the role that deploys.
 * @param deployed is called in the tests only
 */
export function provePermissions(deployed: () => Deployed): void {
  proveGrants(deployed, NOT_SEEN_HERE, 50);

  test('every call of Terraform is in the policy that is shipped for the deploying role', () => {
    const shipped = shippedActions();
    const made = actionsOfTerraform(deployed().calls);
    expect(made.length).toBeGreaterThan(100);
    expect(made.filter((action) => !shipped.includes(action))).toEqual([]);
  });
}

/**
 * Grants against the calls of their roles, in both directions.
 * @param deployed is called in the tests only
 * @param notSeen why some are not called
 * @param fewestCalls that were made for certain
 */
export function proveGrants(deployed: () => Deployed, notSeen: readonly Reason[], fewestCalls: number): void {
  const reasonFor = ({ role, action, resources }: Grant): Reason | undefined =>
    notSeen.find(
      (one) =>
        action.startsWith(one.action) &&
        (one.role === undefined || role.endsWith(one.role)) &&
        (one.resource === undefined || resources.every((arn) => arn.includes(String(one.resource)))),
    );

  test('every call that a role made is allowed by its documents', () => {
    const { calls, grants } = deployed();
    const ofRoles = calls.filter(({ who }) => grants.some(({ role }) => role === who));
    expect(ofRoles.length).toBeGreaterThan(fewestCalls);
    expect(refusedCalls(calls, grants)).toEqual([]);
  });

  test('every action that a role may do was called, or there is a reason why not', () => {
    const { calls, grants } = deployed();
    const unused = grants.filter((grant) => reasonFor(grant) === undefined && !isUsed(grant, calls));
    expect(unused.map(({ role, action }) => `${role} ${action}`)).toEqual([]);
  });

  test('an action that is taken away is missed', () => {
    const { calls, grants } = deployed();
    const unmissed = grants.filter((removed) => {
      const rest = grants.filter((grant) => grant !== removed);
      return reasonFor(removed) === undefined && refusedCalls(calls, rest).length === 0;
    });
    const excused = grants.filter((grant) => reasonFor(grant) !== undefined).length;
    process.stderr.write(
      `Permissions: ${grants.length} allowed actions; ${grants.length - excused - unmissed.length} taken away, one at a ` +
        `time, and missed; ${excused} with a reason; ${calls.length} recorded calls\n`,
    );
    expect(unmissed.map(({ role, action }) => `${role} ${action}`)).toEqual([]);
  });

  test('every reason is still needed', () => {
    const { calls, grants } = deployed();
    for (const reason of notSeen) {
      const excused = grants.filter((grant) => reasonFor(grant) === reason);
      // One role's call does not make another role's permission proved.
      const uncalled = excused.filter((grant) => !isUsed(grant, calls));
      expect([reason, uncalled.length]).not.toEqual([reason, 0]);
    }
  });
}
