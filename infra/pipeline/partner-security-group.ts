import { SecurityGroup } from '@cdktf/provider-aws/lib/security-group/index.js';
import { VpcSecurityGroupEgressRule } from '@cdktf/provider-aws/lib/vpc-security-group-egress-rule/index.js';
import { Construct } from 'constructs';
import { HTTPS_PORT, type VpcEndpoints } from '../network/vpc-endpoints.ts';
import { ANYWHERE } from '../network/zone-subnets.ts';

export interface PartnerSecurityGroupProps {
  name: string;
  vpcId: string;
  /** The partner's SFTP port, and the addresses that it may be reached at. */
  port: number;
  allowedCidrs: readonly string[];
  endpoints: VpcEndpoints;
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

    const { s3PrefixListId, secretsManagerSecurityGroupId } = props.endpoints;
    for (const cidr of props.allowedCidrs) {
      this.allow(`sftp-${cidr}`, props.port, { description: 'SFTP to the partner', cidrIpv4: cidr });
    }
    this.allow('s3', HTTPS_PORT, { description: 'S3 by the gateway endpoint', prefixListId: s3PrefixListId });
    // Secrets Manager has no prefix list: without its endpoint it can only be reached as part of the internet.
    this.allow('secrets-manager', HTTPS_PORT, {
      description: 'Secrets Manager',
      ...(secretsManagerSecurityGroupId === undefined
        ? { cidrIpv4: ANYWHERE }
        : { referencedSecurityGroupId: secretsManagerSecurityGroupId }),
    });
  }

  private allow(
    id: string,
    port: number,
    target: {
      description: string;
      cidrIpv4?: string;
      prefixListId?: string;
      referencedSecurityGroupId?: string;
    },
  ): void {
    new VpcSecurityGroupEgressRule(this, id, {
      securityGroupId: this.id,
      ipProtocol: 'tcp',
      fromPort: port,
      toPort: port,
      ...target,
    });
  }
}
