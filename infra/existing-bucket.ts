import { DataAwsS3Bucket } from '@cdktf/provider-aws/lib/data-aws-s3-bucket/index.js';
import { Construct } from 'constructs';
import type { LandingPlace } from './landing-bucket.ts';

export interface ExistingBucketProps {
  name: string;
  /** Who owns it. */
  accountId: string;
  region: string;
  /** False for a bucket of another account, which the deploying role need not be able to see. */
  isOurs: boolean;
}

/** A landing bucket that others made: nothing of it is in the plan, it is only read. */
export class ExistingBucket extends Construct implements LandingPlace {
  public readonly bucketName: string;
  public readonly arn: string;
  public readonly accountId: string;

  constructor(scope: Construct, id: string, { name, accountId, region, isOurs }: ExistingBucketProps) {
    super(scope, id);
    this.bucketName = name;
    this.arn = `arn:aws:s3:::${name}`;
    this.accountId = accountId;
    if (isOurs) {
      new DataAwsS3Bucket(this, 'bucket', {
        bucket: name,
        lifecycle: {
          postcondition: [
            {
              condition: `\${self.bucket_region == "${region}"}`,
              errorMessage: `landingBucket.existing.name ${name} is a bucket of another region than ${region}`,
            },
          ],
        },
      });
    }
  }
}
