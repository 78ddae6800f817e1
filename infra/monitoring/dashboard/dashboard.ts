import { CloudwatchDashboard } from '@cdktf/provider-aws/lib/cloudwatch-dashboard/index.js';
import { Construct } from 'constructs';
import { guidedRunbooks } from '../../../transfer/failure-guide.ts';
import type { TransferNetwork } from '../../network/transfer-network.ts';
import type { PartnerPipeline } from '../../pipeline/partner-pipeline.ts';
import type { NetworkAlarms } from '../network-alarms.ts';
import type { OutcomeMails } from '../outcome-mails.ts';
import type { PartnerAlarms } from '../partner-alarms.ts';
import { introduction } from './introduction.ts';
import { networkGraphs } from './network-widgets.ts';
import { overviewWidgets } from './overview-widgets.ts';
import { partnerGraphs } from './partner-widgets.ts';
import { alarmPanel, layOut, textPanel } from './widgets.ts';

export interface DashboardProps {
  name: string;
  region: string;
  network: TransferNetwork;
  networkAlarms: NetworkAlarms;
  outcomeMails: OutcomeMails;
  partners: readonly { pipeline: PartnerPipeline; alarms: PartnerAlarms }[];
  runbookBaseUrl?: string | undefined;
}

/** One page with the whole stack: all partners in the first rows, then the graphs of each, and the network. */
export class Dashboard extends Construct {
  public readonly url: string;

  constructor(scope: Construct, id: string, props: DashboardProps) {
    super(scope, id);
    const { name, region, network } = props;
    const widgets = [
      ...overviewWidgets({
        region,
        partners: props.partners.map(({ pipeline }) => ({
          name: pipeline.partner.name,
          stateMachineArn: pipeline.stateMachineArn,
          folderStateMachineArn: pipeline.folderWorkflow?.stateMachineArn,
        })),
        alarmArns: [
          props.outcomeMails.alarmArn,
          ...props.partners.flatMap(({ alarms }) => alarms.arns),
          ...props.networkAlarms.arns,
        ],
        failureLogGroupName: props.outcomeMails.logGroupName,
      }),
      textPanel(introduce(props), props.runbookBaseUrl === undefined ? 5 : 7),
      ...props.partners.flatMap(({ pipeline, alarms }) => [
        alarmPanel(`${pipeline.partner.name}: alarms`, alarms.arns),
        ...partnerGraphs({
          region,
          partner: pipeline.partner.name,
          stateMachineArn: pipeline.stateMachineArn,
          downloadFunctionName: pipeline.functions['download-segment'].functionName,
          keepsParts: pipeline.partner.keepPartsDays > 0,
          folderStateMachineArn: pipeline.folderWorkflow?.stateMachineArn,
        }),
      ]),
      ...(network.natGateways.length > 0
        ? [
            alarmPanel('Network: alarms', props.networkAlarms.arns),
            ...networkGraphs(region, network.natGateways),
          ]
        : []),
    ];
    new CloudwatchDashboard(this, 'dashboard', {
      dashboardName: name,
      dashboardBody: JSON.stringify({ widgets: layOut(widgets) }),
    });
    this.url = `https://${region}.console.aws.amazon.com/cloudwatch/home?region=${region}#dashboards/dashboard/${name}`;
  }
}

function introduce({ name, networkAlarms, outcomeMails, partners, runbookBaseUrl }: DashboardProps): string {
  const runbooks = [
    ...guidedRunbooks(),
    ...partners.flatMap(({ alarms }) => alarms.runbooks),
    ...networkAlarms.runbooks,
    outcomeMails.runbook,
  ];
  return introduction({
    name,
    partners: partners.map(({ pipeline }) => pipeline.partner.name),
    egressAddresses: [...new Set(partners.flatMap(({ pipeline }) => pipeline.sourceAddresses))],
    runbooks: [...new Set(runbooks)],
    runbookBaseUrl,
  });
}
