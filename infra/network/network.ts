import { DataAwsAvailabilityZones } from '@cdktf/provider-aws/lib/data-aws-availability-zones/index.js';
import { DefaultSecurityGroup } from '@cdktf/provider-aws/lib/default-security-group/index.js';
import { InternetGateway } from '@cdktf/provider-aws/lib/internet-gateway/index.js';
import { NatGateway } from '@cdktf/provider-aws/lib/nat-gateway/index.js';
import { Route } from '@cdktf/provider-aws/lib/route/index.js';
import { RouteTable } from '@cdktf/provider-aws/lib/route-table/index.js';
import { Vpc } from '@cdktf/provider-aws/lib/vpc/index.js';
import { Construct } from 'constructs';
import { type EgressAddress, EgressAddresses } from './egress-addresses.ts';
import type { TransferNetwork, ZonalNatGateway } from './transfer-network.ts';
import { ANYWHERE, ZoneSubnets } from './zone-subnets.ts';

export interface NetworkProps {
  /** First part of every Name tag. */
  name: string;
  /** Range of the VPC, /16 to /22. A sixteenth of it becomes a subnet. */
  cidr: string;
  /** Zones with a public and a private subnet each; the first holds the NAT gateway of `single`. */
  zones: readonly string[];
  natGateways: 'one-per-az' | 'single';
  /** Elastic IPs that exist already, by zone. */
  egressAllocationIds: Readonly<Record<string, string>>;
  /** Terraform refuses to destroy new Elastic IPs. */
  protectEgressAddresses: boolean;
}

/**
 * The VPC: functions live in private subnets and leave through zonal NAT gateways with fixed addresses.
 *
 * Everything of a zone is keyed by the zone's name and its subnets are numbered by its letter, so that adding a
 * zone or changing the order of zones moves nothing that exists.
 */
export class Network extends Construct implements TransferNetwork {
  public readonly vpcId: string;
  public readonly privateSubnetIds: readonly string[];
  public readonly privateCidrs: readonly string[];
  public readonly clientCidrs: Readonly<Record<string, string>>;
  public readonly securityGroupId = undefined;
  public readonly privateRouteTableIds: readonly string[];
  public readonly natGateways: readonly ZonalNatGateway[];
  /** Every address that transfers may come from, now or after a change of NAT mode. */
  public readonly egressAddresses: readonly string[];

  constructor(scope: Construct, id: string, props: NetworkProps) {
    super(scope, id);
    const { name, zones } = props;
    this.requireZones(zones);
    const vpc = this.addVpc(props);
    const internetGateway = new InternetGateway(this, 'internet-gateway', {
      vpcId: vpc.id,
      tags: { Name: name },
    });
    const publicRouteTableId = this.addPublicRoutes(name, vpc, internetGateway);

    const subnets = zones.map(
      (zone) =>
        new ZoneSubnets(this, zone, { name, zone, vpcId: vpc.id, vpcCidr: props.cidr, publicRouteTableId }),
    );
    const { addresses } = new EgressAddresses(this, 'egress', {
      name,
      zones,
      allocationIds: props.egressAllocationIds,
      protect: props.protectEgressAddresses,
    });
    const natZones = props.natGateways === 'single' ? subnets.slice(0, 1) : subnets;
    this.natGateways = natZones.map((zone) => this.addNatGateway(name, zone, addresses, internetGateway));
    for (const [index, zone] of subnets.entries()) {
      const natGateway = this.natGateways[index] ?? this.natGateways[0];
      if (natGateway) zone.routeThrough(natGateway.id);
    }

    this.vpcId = vpc.id;
    this.privateSubnetIds = subnets.map((zone) => zone.privateSubnet.id);
    this.privateCidrs = subnets.map((zone) => zone.privateCidr);
    this.clientCidrs = { vpc: props.cidr };
    this.privateRouteTableIds = subnets.map((zone) => zone.privateRouteTable.id);
    this.egressAddresses = addresses.map((address) => address.publicIp);
  }

  /** Which zones exist differs from account to account. Seen in the plan, before anything is made. */
  private requireZones(zones: readonly string[]): void {
    new DataAwsAvailabilityZones(this, 'zones-of-the-account', {
      state: 'available',
      lifecycle: {
        postcondition: [
          {
            condition: `\${length(setsubtract(${JSON.stringify(zones)}, self.names)) == 0}`,
            errorMessage: `network.availabilityZones names a zone that this account does not have: ${zones.join(', ')}`,
          },
        ],
      },
    });
  }

  private addVpc({ name, cidr }: NetworkProps): Vpc {
    const vpc = new Vpc(this, 'vpc', {
      cidrBlock: cidr,
      enableDnsSupport: true,
      enableDnsHostnames: true,
      tags: { Name: name },
    });
    // Taken over without rules, so that nothing which forgets to name a group can talk to anything.
    new DefaultSecurityGroup(this, 'default-security-group', {
      vpcId: vpc.id,
      tags: { Name: `${name}-default-unused` },
    });
    return vpc;
  }

  private addPublicRoutes(name: string, vpc: Vpc, internetGateway: InternetGateway): string {
    const routeTable = new RouteTable(this, 'public-route-table', {
      vpcId: vpc.id,
      tags: { Name: `${name}-public` },
    });
    new Route(this, 'way-to-internet', {
      routeTableId: routeTable.id,
      destinationCidrBlock: ANYWHERE,
      gatewayId: internetGateway.id,
    });
    return routeTable.id;
  }

  private addNatGateway(
    name: string,
    { zone, publicSubnet }: ZoneSubnets,
    addresses: readonly EgressAddress[],
    internetGateway: InternetGateway,
  ): ZonalNatGateway {
    const address = addresses.find((candidate) => candidate.zone === zone);
    if (address === undefined) throw new Error(`zone ${zone} has no egress address`);
    const natGateway = new NatGateway(this, `nat-gateway-${zone}`, {
      allocationId: address.allocationId,
      subnetId: publicSubnet.id,
      tags: { Name: `${name}-${zone}` },
      dependsOn: [internetGateway],
      // Only regional gateways have it, yet the provider would show it as unknown in plan after plan:
      // https://github.com/hashicorp/terraform-provider-aws/issues/46242
      lifecycle: { ignoreChanges: ['regional_nat_gateway_address'] },
    });
    return { zone, id: natGateway.id };
  }
}
