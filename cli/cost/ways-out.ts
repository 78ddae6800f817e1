import {
  CROSS_ZONE_USD_PER_GIB,
  NAT_INSTANCE_USD_PER_HOUR,
  NAT_USD_PER_GIB,
  NAT_USD_PER_HOUR,
  PUBLIC_IPV4_USD_PER_HOUR,
  TRANSIT_GATEWAY_USD_PER_ATTACHMENT_HOUR,
  TRANSIT_GATEWAY_USD_PER_GIB,
} from './prices.ts';

/** AWS's own month. */
const HOURS_PER_MONTH = 730;
const GIB_PER_TIB = 1_024;

/** A way out of the VPC to partners, and what it costs. */
export interface WayOut {
  name: string;
  /** Paid whether or not anything moves. */
  usdPerMonth: number;
  /** For what comes from partners; what goes to them is next to nothing. */
  usdPerTib: number;
}

const monthly = (usdPerHour: number) => usdPerHour * HOURS_PER_MONTH;
const perTib = (usdPerGib: number) => usdPerGib * GIB_PER_TIB;

/** With two zones. The stack makes the first two; the others are networks that others made (`network.existing`). */
export const WAYS_OUT: readonly WayOut[] = [
  {
    name: 'a NAT gateway in each zone',
    usdPerMonth: 2 * monthly(NAT_USD_PER_HOUR + PUBLIC_IPV4_USD_PER_HOUR),
    usdPerTib: perTib(NAT_USD_PER_GIB),
  },
  {
    name: 'one NAT gateway',
    // Every zone keeps its address. Half of the bytes are read by functions of the other zone.
    usdPerMonth: monthly(NAT_USD_PER_HOUR + 2 * PUBLIC_IPV4_USD_PER_HOUR),
    usdPerTib: perTib(NAT_USD_PER_GIB + CROSS_ZONE_USD_PER_GIB / 2),
  },
  {
    name: 'central egress over a transit gateway',
    // Our attachment; the central account's gateways and attachment are shared by everybody.
    usdPerMonth: monthly(TRANSIT_GATEWAY_USD_PER_ATTACHMENT_HOUR),
    usdPerTib: perTib(NAT_USD_PER_GIB + TRANSIT_GATEWAY_USD_PER_GIB),
  },
  {
    name: 'a NAT instance in each zone',
    usdPerMonth: 2 * monthly(NAT_INSTANCE_USD_PER_HOUR + PUBLIC_IPV4_USD_PER_HOUR),
    usdPerTib: 0,
  },
];

/** @param tib what partners send in a month, 0 or more */
export function usdOfMonth({ usdPerMonth, usdPerTib }: WayOut, tib: number): number {
  return usdPerMonth + tib * usdPerTib;
}
