import { S3Bucket } from '@cdktf/provider-aws/lib/s3-bucket/index.js';
import { S3BucketLifecycleConfiguration } from '@cdktf/provider-aws/lib/s3-bucket-lifecycle-configuration/index.js';
import { S3BucketNotification } from '@cdktf/provider-aws/lib/s3-bucket-notification/index.js';
import { S3BucketOwnershipControls } from '@cdktf/provider-aws/lib/s3-bucket-ownership-controls/index.js';
import { S3BucketPolicy } from '@cdktf/provider-aws/lib/s3-bucket-policy/index.js';
import { S3BucketPublicAccessBlock } from '@cdktf/provider-aws/lib/s3-bucket-public-access-block/index.js';
import { S3BucketServerSideEncryptionConfigurationA } from '@cdktf/provider-aws/lib/s3-bucket-server-side-encryption-configuration/index.js';
import { S3BucketVersioningA } from '@cdktf/provider-aws/lib/s3-bucket-versioning/index.js';
import { Construct } from 'constructs';
import { denyPlainHttp, policyDocument } from './policy.ts';

/** Where files land, whoever made it. Values may be Terraform references. */
export interface LandingPlace {
  readonly bucketName: string;
  readonly arn: string;
  /** Who owns it. */
  readonly accountId: string;
}

export interface LandingBucketProps {
  bucketName: string;
  accountId: string;
  /** Encrypts objects by this KMS key; by SSE-S3 without it. */
  kmsKeyArn?: string | undefined;
  versioning: boolean;
  /** Days after which the parts of an upload that was neither completed nor aborted are removed. */
  expireIncompleteUploadsAfterDays: number;
  /** Days for which a version that a later transfer replaced is kept. */
  expireReplacedVersionsAfterDays: number;
}

/** Where transferred files land: private, encrypted at rest and on the way, with events to EventBridge. */
export class LandingBucket extends Construct implements LandingPlace {
  public readonly bucketName: string;
  public readonly arn: string;
  public readonly accountId: string;

  constructor(scope: Construct, id: string, props: LandingBucketProps) {
    super(scope, id);
    const bucket = new S3Bucket(this, 'bucket', { bucket: props.bucketName });
    this.bucketName = bucket.bucket;
    this.arn = bucket.arn;
    this.accountId = props.accountId;
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
      rule: [
        props.kmsKeyArn === undefined
          ? { applyServerSideEncryptionByDefault: { sseAlgorithm: 'AES256' } }
          : {
              applyServerSideEncryptionByDefault: {
                sseAlgorithm: 'aws:kms',
                kmsMasterKeyId: props.kmsKeyArn,
              },
              bucketKeyEnabled: true,
            },
      ],
    });
    new S3BucketVersioningA(this, 'versioning', {
      ...ofBucket,
      versioningConfiguration: { status: props.versioning ? 'Enabled' : 'Suspended' },
    });
    new S3BucketLifecycleConfiguration(this, 'lifecycle', {
      ...ofBucket,
      rule: [
        {
          id: 'expire-incomplete-uploads',
          status: 'Enabled',
          filter: [{ prefix: '' }],
          abortIncompleteMultipartUpload: [{ daysAfterInitiation: props.expireIncompleteUploadsAfterDays }],
        },
        // Also while versioning is suspended: the versions from before are still there, and paid for.
        {
          id: 'expire-replaced-versions',
          status: 'Enabled',
          filter: [{ prefix: '' }],
          noncurrentVersionExpiration: [{ noncurrentDays: props.expireReplacedVersionsAfterDays }],
        },
      ],
    });
    new S3BucketPolicy(this, 'policy', {
      ...ofBucket,
      policy: policyDocument([denyPlainHttp('s3:*', [bucket.arn, `${bucket.arn}/*`])]),
      dependsOn: [publicAccess],
    });
    new S3BucketNotification(this, 'notification', { ...ofBucket, eventbridge: true });
  }
}
