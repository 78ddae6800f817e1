import type { RecordedCall } from './emulator.ts';

/** One action that a role's documents allow. */
export interface Grant {
  role: string;
  action: string;
  resources: string[];
}

interface StateResource {
  type: string;
  values: Record<string, unknown>;
}

/** What a recorded operation needs, where the action has another name. Source: the service authorization reference. */
const ACTION_OF_OPERATION: Readonly<Record<string, string>> = {
  'lambda:Invoke': 'lambda:InvokeFunction',
  's3:HeadObject': 's3:GetObject',
  's3:HeadObjectVersion': 's3:GetObjectVersion',
  's3:HeadBucket': 's3:ListBucket',
};
const PREFIX_OF_SERVICE: Readonly<Record<string, string>> = { awslambda: 'lambda', stepfunctions: 'states' };

export function actionOf({ service, operation }: RecordedCall): string {
  const name = `${PREFIX_OF_SERVICE[service] ?? service}:${operation}`;
  return ACTION_OF_OPERATION[name] ?? name;
}

/** Every allowed action of every role in Terraform's state, one entry each. */
export function grantsIn(resources: readonly StateResource[]): Grant[] {
  return resources
    .filter(({ type }) => type === 'aws_iam_role_policy')
    .flatMap(({ values }) => {
      const { Statement } = JSON.parse(String(values.policy)) as {
        Statement: { Effect: string; Action: string | string[]; Resource: string | string[] }[];
      };
      return Statement.filter(({ Effect }) => Effect === 'Allow').flatMap(({ Action, Resource }) =>
        [Action]
          .flat()
          .map((action) => ({ role: String(values.role), action, resources: [Resource].flat() })),
      );
    });
}

/** Whether one of the calls needs exactly this grant, or another one of the same role that is like it. */
export function isUsed({ role, action, resources }: Grant, calls: readonly RecordedCall[]): boolean {
  return calls.some(
    (call) =>
      call.who === role &&
      actionOf(call) === action &&
      (!call.resource.startsWith('arn:') || resources.some((pattern) => matches(pattern, call.resource))),
  );
}

/** The calls of roles that no grant allows, by role and action. */
export function refusedCalls(calls: readonly RecordedCall[], grants: readonly Grant[]): string[] {
  const roles = new Set(grants.map(({ role }) => role));
  const refused = calls.filter(
    (call) =>
      roles.has(call.who) &&
      !grants.some(
        ({ role, action, resources }) =>
          role === call.who &&
          action === actionOf(call) &&
          (!call.resource.startsWith('arn:') || resources.some((pattern) => matches(pattern, call.resource))),
      ),
  );
  return [...new Set(refused.map((call) => `${call.who} ${actionOf(call)} ${call.resource}`))];
}

/** Whether a resource of a policy, in which * stands for anything and ? for one character, means the ARN. */
function matches(pattern: string, arn: string): boolean {
  const expression = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${expression}$`).test(arn);
}
