import { S3Bucket } from '@cdktf/provider-aws/lib/s3-bucket/index.js';
import { S3BucketLifecycleConfiguration } from '@cdktf/provider-aws/lib/s3-bucket-lifecycle-configuration/index.js';
import { S3BucketOwnershipControls } from '@cdktf/provider-aws/lib/s3-bucket-ownership-controls/index.js';
import { S3BucketPolicy } from '@cdktf/provider-aws/lib/s3-bucket-policy/index.js';
import { S3BucketPublicAccessBlock } from '@cdktf/provider-aws/lib/s3-bucket-public-access-block/index.js';
import { S3BucketServerSideEncryptionConfigurationA } from '@cdktf/provider-aws/lib/s3-bucket-server-side-encryption-configuration/index.js';
import { Construct } from 'constructs';
import { denyPlainHttp, policyDocument } from './policy.ts';

/** An execution may run for seven days and is shown for ninety; what it came to is in its log as well. */
const RUN_DAYS = 30;

export interface StateBucketProps {
  bucketName: string;
}

/**
 * Listings and plans of folder runs: names, sizes and outcomes, never a partner's bytes. Apart from what lands, so that
 * no lifecycle rule or consumer of the landing bucket touches it. `runs/` expires; `state/` is what the next run
 * compares with.
 */
export class StateBucket extends Construct {
  public readonly bucketName: string;
  public readonly arn: string;

  constructor(scope: Construct, id: string, props: StateBucketProps) {
    super(scope, id);
    const bucket = new S3Bucket(this, 'bucket', { bucket: props.bucketName });
    this.bucketName = bucket.bucket;
    this.arn = bucket.arn;
    const ofBucket = { bucket: bucket.id };
    const publicAccess = new S3BucketPublicAccessBlock(this, 'public-access', {
      ...ofBucket,
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    });
    new S3BucketOwnershipControls(this, 'ownership', {
      ...ofBucket,
      rule: { objectOwnership: 'BucketOwnerEnforced' },
    });
    new S3BucketServerSideEncryptionConfigurationA(this, 'encryption', {
      ...ofBucket,
      rule: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: 'AES256' } }],
    });
    new S3BucketLifecycleConfiguration(this, 'lifecycle', {
      ...ofBucket,
      rule: [
        {
          id: 'expire-runs',
          status: 'Enabled',
          filter: [{ prefix: 'runs/' }],
          expiration: [{ days: RUN_DAYS }],
          abortIncompleteMultipartUpload: [{ daysAfterInitiation: 7 }],
        },
      ],
    });
    new S3BucketPolicy(this, 'policy', {
      ...ofBucket,
      policy: policyDocument([denyPlainHttp('s3:*', [bucket.arn, `${bucket.arn}/*`])]),
      dependsOn: [publicAccess],
    });
  }
}
