import { Duration, type RemovalPolicy } from 'aws-cdk-lib';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { OBJECT_PREFIX, type Resources } from '../core/resources.ts';
import { acknowledge } from './acknowledge.ts';
import { checkOwnBucket } from './check-own-bucket.ts';
import { given } from './given.ts';

export interface ObjectBucketProps {
  readonly objects: Resources['objects'];
  readonly removalPolicy: RemovalPolicy;
  readonly encryptionKey: kms.IKey | undefined;
  /** The user's own. */
  readonly bucket: s3.IBucket | undefined;
}

/** Large bodies, spilled deliveries and claim-checked events. */
export class ObjectBucket extends Construct {
  readonly bucket: s3.IBucket;

  constructor(scope: Construct, id: string, props: ObjectBucketProps) {
    super(scope, id);
    if (props.bucket !== undefined) checkOwnBucket(props.bucket, props.objects);
    this.bucket = props.bucket ?? this.create(props);
  }

  private create({ objects, removalPolicy, encryptionKey }: ObjectBucketProps): s3.IBucket {
    const bucket = new s3.Bucket(this, 'Bucket', {
      blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
      objectOwnership: s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      encryption: encryptionKey === undefined ? s3.BucketEncryption.S3_MANAGED : s3.BucketEncryption.KMS,
      bucketKeyEnabled: encryptionKey !== undefined,
      // An object is written once, or again with the same bytes: older versions would only outlive what users were promised.
      versioned: false,
      removalPolicy,
      // No rule for spilled deliveries: they are all that is left of what was acknowledged.
      lifecycleRules: [
        expire('bodies', objects.bodiesRetentionSeconds),
        expire('events', objects.eventsRetentionSeconds),
      ],
      ...given({ encryptionKey }),
    });
    acknowledge(bucket, {
      'AwsSolutions-S1':
        'Only the two functions and subscribers with a grant reach the objects; CloudTrail data events tell who did, without a second bucket.',
    });
    return bucket as s3.IBucket;
  }
}

function expire(place: 'bodies' | 'events', seconds: number): s3.LifecycleRule {
  return {
    id: `expire-${place}`,
    prefix: OBJECT_PREFIX[place],
    expiration: Duration.seconds(seconds),
    abortIncompleteMultipartUploadAfter: Duration.days(1),
  };
}
