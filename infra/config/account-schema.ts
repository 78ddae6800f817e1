import { z } from 'zod';
import { bucketName, kmsKeyArn, section, text } from './fields.ts';

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
export const MAX_ROLE_NAME_CHARACTERS = 64;

/** What the account demands of every role. */
export const rolesSchema = section({
  permissionsBoundaryArn: text(
    /^arn:aws:iam::(\d{12}|aws):policy\/[\w+=,.@/-]{1,512}$/,
    'the ARN of an IAM policy (arn:aws:iam::<account>:policy/<name>)',
  )
    .optional()
    .describe('Permissions boundary of every role.'),
  path: text(/^\/([\w+=,.@-]+\/)*$/, 'a path that begins and ends with a slash, as /teams/data/')
    .max(512, 'it must be at most 512 characters')
    .default('/')
    .describe('Path of every role.'),
  namePrefix: text(
    /^[\w+=,.@-]{0,32}$/,
    "at most 32 characters of a role's name: letters, digits and + = , . @ _ -",
  )
    .default('')
    .describe('Put before the name of every role.'),
});
export type RolesConfiguration = Readonly<z.infer<typeof rolesSchema>>;

export const encryptionSchema = section({
  kmsKeyArn: kmsKeyArn()
    .optional()
    .describe(
      'Encrypts logs, queues, the alert topic, secrets and the ledger. The key is yours, and its policy must let ' +
        "AWS's services in: docs/kms-key-policy.json. Default: the keys of AWS, and a key of its own for the topic.",
    ),
});

/** A bucket that others made: the stack changes none of its settings. */
export const existingBucketSchema = section({
  name: bucketName().describe('A bucket of the same region.'),
  accountId: text(/^\d{12}$/, 'the 12 digits of an AWS account')
    .optional()
    .describe(
      "Account that owns it; its bucket policy must let the stack's roles in. Default: the stack's account.",
    ),
});

export const topicArn = () =>
  text(/^arn:aws:sns:[a-z0-9-]+:\d{12}:[\w-]{1,256}$/, 'the ARN of an SNS topic that is not a FIFO topic');

export const functionArchitecture = () => z.enum(['arm64', 'x86_64'], 'it must be one of arm64, x86_64');
