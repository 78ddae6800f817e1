/** A NAT gateway and the zone that it is in. */
export interface ZonalNatGateway {
  zone: string;
  id: string;
}

/** The network that the functions run in, whoever made it. Values may be Terraform references. */
export interface TransferNetwork {
  readonly vpcId: string;
  readonly privateSubnetIds: readonly string[];
  /** IPv4 ranges of the private subnets: what a partner sees that is reached without address translation. */
  readonly privateCidrs: readonly string[];
  /** For a gateway endpoint; empty where none is to be made. */
  readonly privateRouteTableIds: readonly string[];
  /** Ranges from which the functions reach endpoints inside the VPC, by the name of each. */
  readonly clientCidrs: Readonly<Record<string, string>>;
  /** Every public address that transfers may come from, now or after a change of the way out. */
  readonly egressAddresses: readonly string[];
  /** Those of this stack; empty where the way out is somebody else's. */
  readonly natGateways: readonly ZonalNatGateway[];
  /** The functions' security group, where it is somebody else's; undefined: each partner has one of its own. */
  readonly securityGroupId: string | undefined;
}
