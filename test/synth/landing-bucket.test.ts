import { S3Bucket } from '@cdktf/provider-aws/lib/s3-bucket/index.js';
import { S3BucketLifecycleConfiguration } from '@cdktf/provider-aws/lib/s3-bucket-lifecycle-configuration/index.js';
import { S3BucketNotification } from '@cdktf/provider-aws/lib/s3-bucket-notification/index.js';
import { S3BucketOwnershipControls } from '@cdktf/provider-aws/lib/s3-bucket-ownership-controls/index.js';
import { S3BucketPolicy } from '@cdktf/provider-aws/lib/s3-bucket-policy/index.js';
import { S3BucketPublicAccessBlock } from '@cdktf/provider-aws/lib/s3-bucket-public-access-block/index.js';
import { S3BucketServerSideEncryptionConfigurationA } from '@cdktf/provider-aws/lib/s3-bucket-server-side-encryption-configuration/index.js';
import { S3BucketVersioningA } from '@cdktf/provider-aws/lib/s3-bucket-versioning/index.js';
import { loadWorkflow } from '../../local/workflow-definition.ts';
import { partner, synthesise } from './synthesised.ts';

const stack = synthesise();
const KEY = 'arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab';
const SECONDS_PER_DAY = 86_400;

test('its name holds account and region unless one is given', () => {
  expect(stack.one(S3Bucket.tfResourceType).bucket).toMatch(
    /^test-landing-\$\{data\.aws_caller_identity\.account\.account_id\}-eu-west-1$/,
  );
  const named = synthesise({ landingBucket: { name: 'our-landing' } });
  expect(named.one(S3Bucket.tfResourceType).bucket).toBe('our-landing');
});

test('the public is shut out, in all four ways', () => {
  expect(stack.one(S3BucketPublicAccessBlock.tfResourceType)).toMatchObject({
    block_public_acls: true,
    block_public_policy: true,
    ignore_public_acls: true,
    restrict_public_buckets: true,
  });
});

test('what is not TLS is refused', () => {
  const policy = stack.one(S3BucketPolicy.tfResourceType).policy;
  expect(JSON.parse(policy).Statement).toEqual([
    expect.objectContaining({
      Effect: 'Deny',
      Principal: '*',
      Action: 's3:*',
      Condition: { Bool: { 'aws:SecureTransport': 'false' } },
    }),
  ]);
});

test('objects are encrypted by S3, or by the key that is configured', () => {
  const algorithm = (stackWith: typeof stack) =>
    stackWith.one(S3BucketServerSideEncryptionConfigurationA.tfResourceType).rule[0]
      .apply_server_side_encryption_by_default;
  expect(algorithm(stack)).toEqual({ sse_algorithm: 'AES256' });
  expect(algorithm(synthesise({ landingBucket: { kmsKeyArn: KEY } }))).toEqual({
    sse_algorithm: 'aws:kms',
    kms_master_key_id: KEY,
  });
});

test('the bucket owns its objects, keeps versions, and tells EventBridge', () => {
  expect(stack.one(S3BucketOwnershipControls.tfResourceType).rule).toEqual({
    object_ownership: 'BucketOwnerEnforced',
  });
  expect(stack.one(S3BucketVersioningA.tfResourceType).versioning_configuration).toEqual({
    status: 'Enabled',
  });
  expect(stack.one(S3BucketNotification.tfResourceType).eventbridge).toBe(true);
});

test('incomplete uploads expire, but not while their execution may still run', () => {
  const [rule] = stack.one(S3BucketLifecycleConfiguration.tfResourceType).rule;
  const days = rule.abort_incomplete_multipart_upload[0].days_after_initiation;
  expect(days).toBe(8);
  expect(days * SECONDS_PER_DAY).toBeGreaterThan(loadWorkflow().TimeoutSeconds ?? Number.POSITIVE_INFINITY);
});

test('incomplete uploads expire later than any partner keeps parts, an execution before included', () => {
  const daysWith = (changes: object) =>
    synthesise(changes).one(S3BucketLifecycleConfiguration.tfResourceType).rule[0]
      .abort_incomplete_multipart_upload[0].days_after_initiation;
  const partners = [partner({ keepPartsDays: 3 }), partner({ name: 'globex', keepPartsDays: 14 })];
  expect(daysWith({ partners })).toBe(22);
  expect(daysWith({ partners, landingBucket: { expireIncompleteUploadsAfterDays: 30 } })).toBe(30);
});

test('what a later transfer replaced expires, after 30 days unless told otherwise', () => {
  const expiry = (changes: object) =>
    synthesise(changes)
      .one(S3BucketLifecycleConfiguration.tfResourceType)
      .rule.find((rule: { id: string }) => rule.id === 'expire-replaced-versions');
  expect(expiry({})).toMatchObject({
    status: 'Enabled',
    noncurrent_version_expiration: [{ noncurrent_days: 30 }],
  });
  expect(expiry({ landingBucket: { versioning: false, expireReplacedVersionsAfterDays: 7 } })).toMatchObject({
    status: 'Enabled',
    noncurrent_version_expiration: [{ noncurrent_days: 7 }],
  });
});
