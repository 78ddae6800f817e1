import { SecurityGroup } from '@cdktf/provider-aws/lib/security-group/index.js';
import { VpcSecurityGroupEgressRule } from '@cdktf/provider-aws/lib/vpc-security-group-egress-rule/index.js';
import { Construct } from 'constructs';
import { type EgressTarget, HTTPS_PORT, type VpcEndpoints } from '../network/vpc-endpoints.ts';

export interface PartnerSecurityGroupProps {
  name: string;
  vpcId: string;
  /** The partner's SFTP port, and the addresses that it may be reached at. */
  port: number;
  allowedCidrs: readonly string[];
  endpoints: Pick<VpcEndpoints, 's3' | 'secretsManager' | 'dynamoDb'>;
  /** What answers with the address that it sees. @default none */
  echo?: { port: number; allowedCidrs: readonly string[] } | undefined;
  /** Whether functions in the network use the ledger's table, as those of folder runs do. */
  usesLedger: boolean;
}

/** What a partner's functions can reach: that partner's port, S3, and Secrets Manager. Nothing reaches them. */
export class PartnerSecurityGroup extends Construct {
  public readonly id: string;

  constructor(scope: Construct, id: string, props: PartnerSecurityGroupProps) {
    super(scope, id);
    const group = new SecurityGroup(this, 'group', {
      name: props.name,
      description: `Egress of ${props.name}: the partner, S3 and Secrets Manager`,
      vpcId: props.vpcId,
      tags: { Name: props.name },
    });
    this.id = group.id;

    const { s3, secretsManager } = props.endpoints;
    for (const cidr of props.allowedCidrs) {
      this.allow(`sftp-${cidr}`, props.port, { description: 'SFTP to the partner', cidrIpv4: cidr });
    }
    const isS3Anywhere = 'cidrIpv4' in s3;
    this.allow('s3', HTTPS_PORT, {
      description: isS3Anywhere ? 'S3' : 'S3 by the gateway endpoint',
      ...s3,
    });
    const { dynamoDb } = props.endpoints;
    // AWS refuses a second rule that is the same but for its description.
    const isSecretsManagerCovered = isS3Anywhere && 'cidrIpv4' in secretsManager;
    if (!isSecretsManagerCovered) {
      this.allow('secrets-manager', HTTPS_PORT, { description: 'Secrets Manager', ...secretsManager });
    }
    const isDynamoDbCovered =
      dynamoDb !== undefined && 'cidrIpv4' in dynamoDb && (isS3Anywhere || 'cidrIpv4' in secretsManager);
    if (props.usesLedger && dynamoDb !== undefined && !isDynamoDbCovered) {
      this.allow('dynamodb', HTTPS_PORT, { description: 'DynamoDB', ...dynamoDb });
    }
    const isHttpsOpen = isS3Anywhere || 'cidrIpv4' in secretsManager;
    for (const cidr of props.echo?.allowedCidrs ?? []) {
      if (isHttpsOpen && props.echo?.port === HTTPS_PORT) break;
      this.allow(`egress-echo-${cidr}`, props.echo?.port ?? HTTPS_PORT, {
        description: 'The echo that check measures our address by',
        cidrIpv4: cidr,
      });
    }
  }

  private allow(id: string, port: number, target: { description: string } & EgressTarget): void {
    new VpcSecurityGroupEgressRule(this, id, {
      securityGroupId: this.id,
      ipProtocol: 'tcp',
      fromPort: port,
      toPort: port,
      ...target,
    });
  }
}
