import { CloudwatchDashboard } from '@cdktf/provider-aws/lib/cloudwatch-dashboard/index.js';
import { Construct } from 'constructs';
import { networkGraphs } from '../dashboard/network-widgets.ts';
import { partnerGraphs } from '../dashboard/partner-widgets.ts';
import { alarmPanel, layOut, textPanel } from '../dashboard/widgets.ts';
import { RUNBOOK_FOLDER } from './alarm.ts';
import type { Network } from './network.ts';
import type { PartnerPipeline } from './partner-pipeline.ts';

export interface DashboardProps {
  name: string;
  region: string;
  network: Network;
  networkAlarmArns: readonly string[];
  /** Each partner's pipeline with the ARNs of its alarms. */
  partners: readonly { pipeline: PartnerPipeline; alarmArns: readonly string[] }[];
  runbookBaseUrl?: string | undefined;
}

/** One page with the whole stack: alarms, transfers of each partner, network. */
export class Dashboard extends Construct {
  public readonly url: string;

  constructor(scope: Construct, id: string, props: DashboardProps) {
    super(scope, id);
    const { name, region, network } = props;
    const widgets = [
      textPanel(introduction(props), 5),
      ...props.partners.flatMap(({ pipeline, alarmArns }) => [
        alarmPanel(`${pipeline.partner.name}: alarms`, alarmArns),
        ...partnerGraphs({
          region,
          partner: pipeline.partner.name,
          stateMachineArn: pipeline.stateMachineArn,
          downloadFunctionName: pipeline.functions['download-chunk'].functionName,
        }),
      ]),
      alarmPanel('Network: alarms', props.networkAlarmArns),
      ...networkGraphs(region, network.natGateways),
    ];
    new CloudwatchDashboard(this, 'dashboard', {
      dashboardName: name,
      dashboardBody: JSON.stringify({ widgets: layOut(widgets) }),
    });
    this.url = `https://${region}.console.aws.amazon.com/cloudwatch/home?region=${region}#dashboards/dashboard/${name}`;
  }
}

function introduction({ name, network, partners, runbookBaseUrl }: DashboardProps): string {
  const names = partners.map(({ pipeline }) => pipeline.partner.name).join(', ');
  return [
    `# ${name}`,
    `Files from SFTP servers (${names}) into S3.`,
    `Addresses that partners must allow: **${network.egressAddresses.join(', ')}**`,
    `Runbooks: ${runbookBaseUrl ? `[${runbookBaseUrl}](${runbookBaseUrl})` : `\`${RUNBOOK_FOLDER}\` in the repository`}`,
  ].join('\n\n');
}
