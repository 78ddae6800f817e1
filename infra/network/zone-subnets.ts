import { Route } from '@cdktf/provider-aws/lib/route/index.js';
import { RouteTable } from '@cdktf/provider-aws/lib/route-table/index.js';
import { RouteTableAssociation } from '@cdktf/provider-aws/lib/route-table-association/index.js';
import { Subnet } from '@cdktf/provider-aws/lib/subnet/index.js';
import { Construct } from 'constructs';
import { formatCidr, parseCidr, subnet } from '../config/cidr.ts';

export interface ZoneSubnetsProps {
  /** First part of every Name tag. */
  name: string;
  /** As `eu-west-1a`; its letter decides which part of the range its subnets get. */
  zone: string;
  vpcId: string;
  /** Range of the VPC. */
  vpcCidr: string;
  /** Route table with the way to the internet gateway. */
  publicRouteTableId: string;
}

export const ANYWHERE = '0.0.0.0/0';
/** Sixteen parts: the first eight for the public subnets of zones a to h, the others for the private ones. */
const SUBNET_BITS = 4;
const FIRST_PRIVATE_PART = 8;

/** A public and a private subnet in one zone. The private one gets its way out by `routeThrough`. */
export class ZoneSubnets extends Construct {
  public readonly zone: string;
  public readonly publicSubnet: Subnet;
  public readonly privateSubnet: Subnet;
  public readonly privateCidr: string;
  public readonly privateRouteTable: RouteTable;

  constructor(scope: Construct, id: string, props: ZoneSubnetsProps) {
    super(scope, id);
    const { name, zone, vpcId } = props;
    const part = zone.charCodeAt(zone.length - 1) - 'a'.charCodeAt(0);
    this.zone = zone;

    this.publicSubnet = new Subnet(this, 'public', {
      vpcId,
      availabilityZone: zone,
      cidrBlock: partOf(props.vpcCidr, part),
      mapPublicIpOnLaunch: false,
      tags: { Name: `${name}-public-${zone}` },
    });
    new RouteTableAssociation(this, 'public-routes', {
      subnetId: this.publicSubnet.id,
      routeTableId: props.publicRouteTableId,
    });

    this.privateCidr = partOf(props.vpcCidr, FIRST_PRIVATE_PART + part);
    this.privateSubnet = new Subnet(this, 'private', {
      vpcId,
      availabilityZone: zone,
      cidrBlock: this.privateCidr,
      mapPublicIpOnLaunch: false,
      tags: { Name: `${name}-private-${zone}` },
    });
    this.privateRouteTable = new RouteTable(this, 'private-route-table', {
      vpcId,
      tags: { Name: `${name}-private-${zone}` },
    });
    new RouteTableAssociation(this, 'private-routes', {
      subnetId: this.privateSubnet.id,
      routeTableId: this.privateRouteTable.id,
    });
  }

  /** Sends whatever leaves the private subnet for the internet through a NAT gateway. */
  routeThrough(natGatewayId: string): void {
    new Route(this, 'way-out', {
      routeTableId: this.privateRouteTable.id,
      destinationCidrBlock: ANYWHERE,
      natGatewayId,
    });
  }
}

function partOf(vpcCidr: string, part: number): string {
  const range = parseCidr(vpcCidr);
  if (range === undefined) throw new RangeError(`network.cidr ${vpcCidr} is not an IPv4 range`);
  return formatCidr(subnet(range, SUBNET_BITS, part));
}
