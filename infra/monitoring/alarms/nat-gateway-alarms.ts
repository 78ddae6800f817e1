import { natGatewayMetric } from '../../metrics.ts';
import { type AlarmDefinition, FIVE_MINUTES_SECONDS, onCount } from './alarm-definition.ts';

/** AWS calls more than 0.01 % of dropped packets a fault: docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-troubleshooting.html */
const DROPPED_PERCENT = 0.01;
/** Failed connections in five minutes. One partner down during one transfer makes about eleven in its first. */
const FAILED_CONNECTIONS = 20;

/** What a NAT gateway reports about connections that fail. `zone` makes the names unique. */
export function natGatewayAlarms(zone: string, natGatewayId: string): AlarmDefinition[] {
  const metric = (name: string) => natGatewayMetric(natGatewayId, name);
  return [
    onCount({
      name: `nat-port-allocation-${zone}`,
      firstCommand: 'list --status RUNNING',
      runbook: 'nat-port-allocation',
      meaning: 'The NAT gateway had no free port for a connection: too many at once to one address and port.',
      signal: metric('ErrorPortAllocation'),
    }),
    {
      name: `nat-packets-dropped-${zone}`,
      firstCommand: 'list --status RUNNING',
      runbook: 'nat-packets-dropped',
      meaning: 'The NAT gateway drops packets: AWS has a problem, or its bandwidth is used up.',
      signal: {
        label: 'Dropped packets, percent',
        expression: '100 * dropped / (outward + inward)',
        metrics: {
          dropped: metric('PacketsDropCount'),
          outward: metric('PacketsInFromSource'),
          inward: metric('PacketsInFromDestination'),
        },
      },
      periodSeconds: FIVE_MINUTES_SECONDS,
      evaluationPeriods: 3,
      datapointsToAlarm: 2,
      comparison: 'above',
      threshold: DROPPED_PERCENT,
      missingData: 'notBreaching',
      isState: true,
    },
    {
      name: `nat-connections-failed-${zone}`,
      firstCommand: 'list --limit 20',
      runbook: 'nat-connections-failed',
      meaning:
        "Connections through the NAT gateway are not answered: a partner's server is down or blocks us.",
      signal: {
        label: 'Failed connections',
        expression: 'attempted - established',
        metrics: {
          attempted: metric('ConnectionAttemptCount'),
          established: metric('ConnectionEstablishedCount'),
        },
      },
      periodSeconds: FIVE_MINUTES_SECONDS,
      evaluationPeriods: 3,
      datapointsToAlarm: 2,
      comparison: 'at-least',
      threshold: FAILED_CONNECTIONS,
      missingData: 'notBreaching',
      // Nobody connects any more once the transfers have failed: that is not an all-clear.
      isState: false,
    },
  ];
}
