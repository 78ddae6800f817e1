import { DataAwsEip } from '@cdktf/provider-aws/lib/data-aws-eip/index.js';
import { Eip } from '@cdktf/provider-aws/lib/eip/index.js';
import { propertyAccess, TerraformIterator, Token } from 'cdktf';
import { Construct } from 'constructs';

export interface EgressAddressesProps {
  /** Name tag of new addresses. */
  name: string;
  /** Zones that have an address each, whether or not a NAT gateway uses it now. */
  zones: readonly string[];
  /** Allocation ids of addresses that exist already, by zone. */
  allocationIds: Readonly<Record<string, string>>;
  /** True: Terraform refuses any plan that destroys an address made here. */
  protect: boolean;
}

/** An Elastic IP of one zone; both are Terraform references. */
export interface EgressAddress {
  zone: string;
  allocationId: string;
  publicIp: string;
}

/**
 * The addresses that partners allowlist: one per zone, kept whatever the NAT gateways do.
 *
 * All new ones are instances of a single resource block. Terraform enforces `prevent_destroy` only while the
 * block is there, so a block per zone would lose its protection together with its zone; see docs/adr/0010.
 */
export class EgressAddresses extends Construct {
  /** In the order of `zones`. */
  public readonly addresses: readonly EgressAddress[];

  constructor(scope: Construct, id: string, props: EgressAddressesProps) {
    super(scope, id);
    const newZones = props.zones.filter((zone) => props.allocationIds[zone] === undefined);
    const made = newZones.length > 0 ? this.makeAddresses(newZones, props) : [];
    this.addresses = props.zones.map((zone) => {
      const address = made.find((candidate) => candidate.zone === zone);
      return address ?? this.broughtAddress(zone, props.allocationIds[zone] ?? '');
    });
  }

  private makeAddresses(zones: string[], { name, protect }: EgressAddressesProps): EgressAddress[] {
    const eachZone = TerraformIterator.fromList(zones);
    const addresses = new Eip(this, 'made', {
      forEach: eachZone,
      domain: 'vpc',
      tags: { Name: `${name}-egress-${eachZone.value}` },
      lifecycle: { preventDestroy: protect },
    });
    const attribute = (zone: string, attributeName: string) =>
      Token.asString(propertyAccess(addresses.fqn, [zone, attributeName]));
    return zones.map((zone) => ({
      zone,
      allocationId: attribute(zone, 'allocation_id'),
      publicIp: attribute(zone, 'public_ip'),
    }));
  }

  private broughtAddress(zone: string, allocationId: string): EgressAddress {
    const found = new DataAwsEip(this, `brought-${zone}`, { id: allocationId });
    return { zone, allocationId, publicIp: found.publicIp };
  }
}
