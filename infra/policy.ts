/** IAM documents as plain objects. Values may be Terraform references. */

export interface Statement {
  Sid: string;
  Effect?: 'Allow' | 'Deny';
  Action: string | readonly string[];
  Resource: string | readonly string[];
  Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

/** A statement of a policy that is attached to a resource, and so says who. */
export interface ResourceStatement extends Statement {
  Principal: '*' | Readonly<Record<string, string | readonly string[]>>;
}

const POLICY_VERSION = '2012-10-17';

export function policyDocument(statements: readonly (Statement | ResourceStatement)[]): string {
  return JSON.stringify({
    Version: POLICY_VERSION,
    Statement: statements.map((statement) => ({ Effect: 'Allow', ...statement })),
  });
}

/**
 * Lets an AWS service take a role.
 * @param sourceAccount the only account on whose behalf it may (the confused-deputy guard), for services that say
 */
export function trustPolicy(service: string, sourceAccount?: string): string {
  return JSON.stringify({
    Version: POLICY_VERSION,
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Service: service },
        Action: 'sts:AssumeRole',
        ...(sourceAccount && { Condition: { StringEquals: { 'aws:SourceAccount': sourceAccount } } }),
      },
    ],
  });
}

/** Refuses what is not encrypted on its way, for the policy of a bucket, queue or topic. */
export function denyPlainHttp(action: string, resources: readonly string[]): ResourceStatement {
  return {
    Sid: 'DenyPlainHttp',
    Effect: 'Deny',
    Principal: '*',
    Action: action,
    Resource: resources,
    Condition: { Bool: { 'aws:SecureTransport': 'false' } },
  };
}
