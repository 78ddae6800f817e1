import { DataAwsSubnet } from '@cdktf/provider-aws/lib/data-aws-subnet/index.js';
import { DataAwsVpc } from '@cdktf/provider-aws/lib/data-aws-vpc/index.js';
import { Construct } from 'constructs';
import type { ExistingNetworkConfiguration } from '../config/network/existing-network-schema.ts';
import type { TransferNetwork } from './transfer-network.ts';

/**
 * A network that others made and keep: nothing of it is in the plan, it is only read. What synthesis cannot know is
 * seen in the plan: that the subnets are there, that they are of this VPC, and that names can be resolved in it.
 */
export class ExistingNetwork extends Construct implements TransferNetwork {
  public readonly vpcId: string;
  public readonly privateSubnetIds: readonly string[];
  public readonly privateCidrs: readonly string[];
  public readonly privateRouteTableIds: readonly string[];
  public readonly clientCidrs: Readonly<Record<string, string>>;
  /** As told: whoever runs the way out knows them, and `check` measures them. */
  public readonly egressAddresses: readonly string[];
  public readonly natGateways = [];
  public readonly securityGroupId: string | undefined;

  constructor(scope: Construct, id: string, settings: ExistingNetworkConfiguration) {
    super(scope, id);
    const { vpcId, privateSubnetIds } = settings;
    new DataAwsVpc(this, 'vpc', {
      id: vpcId,
      lifecycle: {
        postcondition: [
          {
            condition: `\${self.enable_dns_support}`,
            errorMessage: `network.existing.vpcId ${vpcId} is a VPC without DNS support: no partner's name can be resolved in it`,
          },
        ],
      },
    });
    const subnets = privateSubnetIds.map((subnetId) => this.findSubnet(subnetId, vpcId));
    this.vpcId = vpcId;
    this.privateSubnetIds = privateSubnetIds;
    this.privateCidrs = subnets.map((subnet) => subnet.cidrBlock);
    this.privateRouteTableIds = settings.privateRouteTableIds;
    this.clientCidrs = Object.fromEntries(
      subnets.map((subnet, index) => [privateSubnetIds[index] ?? '', subnet.cidrBlock]),
    );
    this.egressAddresses = settings.egressAddresses;
    this.securityGroupId = settings.securityGroupId;
  }

  private findSubnet(subnetId: string, vpcId: string): DataAwsSubnet {
    return new DataAwsSubnet(this, subnetId, {
      id: subnetId,
      lifecycle: {
        postcondition: [
          {
            condition: `\${self.vpc_id == "${vpcId}"}`,
            errorMessage: `network.existing.privateSubnetIds names ${subnetId}, which is not a subnet of ${vpcId}`,
          },
        ],
      },
    });
  }
}
