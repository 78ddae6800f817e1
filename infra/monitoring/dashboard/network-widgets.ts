import { natGatewayMetric } from '../../metrics.ts';
import { graph, type Widget } from './widgets.ts';

/** The graphs of the NAT gateways: how much passes, and what does not. */
export function networkGraphs(
  region: string,
  natGateways: readonly { zone: string; id: string }[],
): Widget[] {
  const lines = (names: Readonly<Record<string, string>>) =>
    natGateways.flatMap(({ zone, id }) =>
      Object.entries(names).map(([name, label]) => ({
        metric: natGatewayMetric(id, name),
        label: `${zone} ${label}`,
      })),
    );
  return [
    graph(region, 'NAT: bytes in five minutes', lines({ BytesInFromDestination: 'from partners' })),
    graph(
      region,
      'NAT: connections',
      lines({ ConnectionAttemptCount: 'attempted', ConnectionEstablishedCount: 'established' }),
    ),
    graph(
      region,
      'NAT: faults',
      lines({ ErrorPortAllocation: 'no port', PacketsDropCount: 'packets dropped' }),
    ),
  ];
}
