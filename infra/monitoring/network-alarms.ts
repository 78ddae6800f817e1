import { Construct } from 'constructs';
import type { TransferNetwork } from '../network/transfer-network.ts';
import { Alarm } from './alarm.ts';
import { natGatewayAlarms } from './alarms/nat-gateway-alarms.ts';
import type { AlarmTarget } from './partner-alarms.ts';

/** Every alarm of the network that all partners share; none where its way out is somebody else's. */
export class NetworkAlarms extends Construct {
  public readonly arns: readonly string[];
  /** Stems of their runbooks. */
  public readonly runbooks: readonly string[];

  constructor(scope: Construct, id: string, network: TransferNetwork, target: AlarmTarget) {
    super(scope, id);
    const alarms = network.natGateways.flatMap(({ zone, id: natGatewayId }) =>
      natGatewayAlarms(zone, natGatewayId),
    );
    this.runbooks = alarms.map(({ runbook }) => runbook);
    this.arns = alarms.map(
      (definition) =>
        new Alarm(this, definition.name, { namePrefix: target.stackName, definition, ...target }).arn,
    );
  }
}
