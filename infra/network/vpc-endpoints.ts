import { DataAwsVpcEndpoint } from '@cdktf/provider-aws/lib/data-aws-vpc-endpoint/index.js';
import { SecurityGroup } from '@cdktf/provider-aws/lib/security-group/index.js';
import { VpcEndpoint } from '@cdktf/provider-aws/lib/vpc-endpoint/index.js';
import { VpcSecurityGroupIngressRule } from '@cdktf/provider-aws/lib/vpc-security-group-ingress-rule/index.js';
import { Construct } from 'constructs';
import { policyDocument, type ResourceStatement } from '../policy.ts';
import { ANYWHERE } from './zone-subnets.ts';

/** `present`: somebody else made it. `none`: the service is reached over the way out. */
export type EndpointMode = 'create' | 'present' | 'none';

/** Where an egress rule leads. */
export type EgressTarget =
  | { prefixListId: string }
  | { referencedSecurityGroupId: string }
  | { cidrIpv4: string };

export interface VpcEndpointsProps {
  /** First part of every Name tag. */
  name: string;
  region: string;
  /** Only principals of this account pass the S3 endpoint. */
  accountId: string;
  vpcId: string;
  /** Who may use the Secrets Manager endpoint, by the name of each range. */
  clientCidrs: Readonly<Record<string, string>>;
  privateRouteTableIds: readonly string[];
  privateSubnetIds: readonly string[];
  /** The buckets that can be reached through the S3 endpoint; no other can, nor one of the same name that is another's. */
  buckets: readonly { arn: string; accountId: string }[];
  /** Names of the secrets that can be read through the Secrets Manager endpoint. */
  secretNames: readonly string[];
  s3: EndpointMode;
  /** An interface endpoint, about 8 USD a month and zone. */
  secretsManager: EndpointMode;
  /** The ledger's table, where functions in the network use it. A gateway endpoint is made where that of S3 is. */
  ledgerTableArn?: string | undefined;
}

export const HTTPS_PORT = 443;
const SECRET_SUFFIX_CHARACTERS = 6;

/**
 * The ways to AWS that do not lead over the NAT gateways. Every transferred byte goes to S3 by the gateway
 * endpoint, which is free; over NAT it would be paid for twice.
 */
export class VpcEndpoints extends Construct {
  public readonly s3: EgressTarget;
  public readonly secretsManager: EgressTarget;
  /** Undefined where no function in the network uses the ledger's table. */
  public readonly dynamoDb: EgressTarget | undefined;

  constructor(scope: Construct, id: string, props: VpcEndpointsProps) {
    super(scope, id);
    this.s3 = this.wayToS3(props);
    this.secretsManager = this.wayToSecretsManager(props);
    this.dynamoDb =
      props.ledgerTableArn === undefined ? undefined : this.wayToDynamoDb(props.ledgerTableArn, props);
  }

  private wayToS3(props: VpcEndpointsProps): EgressTarget {
    if (props.s3 === 'none') return { cidrIpv4: ANYWHERE };
    const endpoint = props.s3 === 'create' ? this.addS3(props) : this.findEndpoint('s3', 'Gateway', props);
    return { prefixListId: endpoint.prefixListId };
  }

  /** The route tables of a network that exists are not known: DynamoDB is then reached as part of the internet. */
  private wayToDynamoDb(tableArn: string, props: VpcEndpointsProps): EgressTarget {
    if (props.s3 !== 'create') return { cidrIpv4: ANYWHERE };
    return { prefixListId: this.addDynamoDb(tableArn, props).prefixListId };
  }

  /** Secrets Manager has no prefix list: without its endpoint it can only be reached as part of the internet. */
  private wayToSecretsManager(props: VpcEndpointsProps): EgressTarget {
    switch (props.secretsManager) {
      case 'create':
        return { referencedSecurityGroupId: this.addSecretsManager(props) };
      case 'present': {
        const { fqn } = this.findEndpoint('secretsmanager', 'Interface', props);
        return { referencedSecurityGroupId: `\${tolist(${fqn}.security_group_ids)[0]}` };
      }
      case 'none':
        return { cidrIpv4: ANYWHERE };
    }
  }

  /** Fails the plan when the VPC has no such endpoint. */
  private findEndpoint(
    service: string,
    type: 'Gateway' | 'Interface',
    { vpcId, region }: VpcEndpointsProps,
  ): DataAwsVpcEndpoint {
    return new DataAwsVpcEndpoint(this, `existing-${service}`, {
      vpcId,
      serviceName: `com.amazonaws.${region}.${service}`,
      filter: [{ name: 'vpc-endpoint-type', values: [type] }],
    });
  }

  private addS3(props: VpcEndpointsProps): VpcEndpoint {
    return new VpcEndpoint(this, 's3', {
      vpcId: props.vpcId,
      serviceName: `com.amazonaws.${props.region}.s3`,
      vpcEndpointType: 'Gateway',
      routeTableIds: [...props.privateRouteTableIds],
      policy: policyDocument(bucketStatements(props)),
      tags: { Name: `${props.name}-s3` },
    });
  }

  private addDynamoDb(tableArn: string, props: VpcEndpointsProps): VpcEndpoint {
    return new VpcEndpoint(this, 'dynamodb', {
      vpcId: props.vpcId,
      serviceName: `com.amazonaws.${props.region}.dynamodb`,
      vpcEndpointType: 'Gateway',
      routeTableIds: [...props.privateRouteTableIds],
      policy: policyDocument([
        {
          Sid: 'LedgerOnly',
          Principal: '*',
          Action: ['dynamodb:Query', 'dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:DeleteItem'],
          Resource: tableArn,
          Condition: { StringEquals: { 'aws:PrincipalAccount': props.accountId } },
        },
      ]),
      tags: { Name: `${props.name}-dynamodb` },
    });
  }

  private addSecretsManager(props: VpcEndpointsProps): string {
    const securityGroup = new SecurityGroup(this, 'secrets-manager-security-group', {
      name: `${props.name}-secrets-manager`,
      description: 'Reaches the Secrets Manager endpoint from the VPC',
      vpcId: props.vpcId,
      tags: { Name: `${props.name}-secrets-manager` },
    });
    for (const [name, cidrIpv4] of Object.entries(props.clientCidrs)) {
      new VpcSecurityGroupIngressRule(this, `secrets-manager-from-${name}`, {
        securityGroupId: securityGroup.id,
        description: 'HTTPS from the VPC',
        cidrIpv4,
        ipProtocol: 'tcp',
        fromPort: HTTPS_PORT,
        toPort: HTTPS_PORT,
      });
    }
    new VpcEndpoint(this, 'secrets-manager', {
      vpcId: props.vpcId,
      serviceName: `com.amazonaws.${props.region}.secretsmanager`,
      vpcEndpointType: 'Interface',
      privateDnsEnabled: true,
      subnetIds: [...props.privateSubnetIds],
      securityGroupIds: [securityGroup.id],
      policy: policyDocument([secretStatement(props)]),
      tags: { Name: `${props.name}-secrets-manager` },
    });
    return securityGroup.id;
  }
}

function bucketStatements({ accountId, buckets }: VpcEndpointsProps): ResourceStatement[] {
  const owners = [...new Set(buckets.map((bucket) => bucket.accountId))];
  return owners.map((owner, index) => ({
    Sid: index === 0 ? 'OurBucketsOnly' : `OurBucketsOnly${index + 1}`,
    Principal: '*',
    Action: [
      's3:PutObject',
      's3:GetObject',
      's3:GetObjectVersion',
      's3:ListBucket',
      's3:ListMultipartUploadParts',
      's3:AbortMultipartUpload',
    ],
    Resource: [
      ...new Set(
        buckets
          .filter((bucket) => bucket.accountId === owner)
          .flatMap((bucket) => [bucket.arn, `${bucket.arn}/*`]),
      ),
    ],
    Condition: { StringEquals: { 'aws:PrincipalAccount': accountId, 'aws:ResourceAccount': owner } },
  }));
}

/**
 * Without a policy the endpoint would carry anybody's credentials to any account's secrets, and so would be a way out.
 * Secrets Manager adds a hyphen and six characters to a secret's name in its ARN:
 * https://docs.aws.amazon.com/secretsmanager/latest/userguide/whats-in-a-secret.html
 */
function secretStatement({ accountId, region, secretNames }: VpcEndpointsProps): ResourceStatement {
  return {
    Sid: 'OurSecretsOnly',
    Principal: '*',
    Action: ['secretsmanager:GetSecretValue'],
    Resource: secretNames.map(
      (name) =>
        `arn:aws:secretsmanager:${region}:${accountId}:secret:${name}-${'?'.repeat(SECRET_SUFFIX_CHARACTERS)}`,
    ),
    Condition: { StringEquals: { 'aws:PrincipalAccount': accountId, 'aws:ResourceAccount': accountId } },
  };
}
