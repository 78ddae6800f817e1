import { TerraformOutput } from 'cdktf';
import { Construct } from 'constructs';
import { counted } from '../transfer/text/counted.ts';
import type { LandingPlace } from './landing-bucket.ts';
import type { TransferNetwork } from './network/transfer-network.ts';
import type { PartnerPipeline } from './pipeline/partner-pipeline.ts';

export interface StackOutputsProps {
  network: TransferNetwork;
  landingBucket: LandingPlace;
  pipelines: readonly PartnerPipeline[];
  alertTopicArn: string;
  dashboardUrl: string;
}

/** What an operator needs of the stack. Terraform sorts by name: the addresses come first. */
export class StackOutputs extends Construct {
  constructor(scope: Construct, id: string, props: StackOutputsProps) {
    super(scope, id);
    const { network, pipelines } = props;
    const byPartner = (of: (pipeline: PartnerPipeline) => string) =>
      Object.fromEntries(pipelines.map((pipeline) => [pipeline.partner.name, of(pipeline)]));

    this.add('addresses_to_allowlist', network.egressAddresses, 'Every address that transfers come from');
    this.add('alert_topic_arn', props.alertTopicArn, 'SNS topic of all alarms');
    this.add('allowlist_requests', byPartner(allowlistRequest), 'What to write to each partner');
    this.add('dashboard_url', props.dashboardUrl, 'CloudWatch dashboard');
    this.add('landing_bucket', props.landingBucket.bucketName, 'Where files land');
    const withFolders = pipelines.filter(({ folderWorkflow }) => folderWorkflow !== undefined);
    if (withFolders.length > 0) {
      this.add(
        'folder_state_machine_arns',
        Object.fromEntries(
          withFolders.map(({ partner, folderWorkflow }) => [partner.name, folderWorkflow?.stateMachineArn]),
        ),
        'Workflow of each partner with folders',
      );
    }
    this.add(
      'secret_names',
      byPartner((pipeline) => pipeline.secretName),
      'Secrets that wait for credentials',
    );
    this.add(
      'state_machine_arns',
      byPartner((pipeline) => pipeline.stateMachineArn),
      'Workflow of each partner',
    );
  }

  private add(name: string, value: unknown, description: string): void {
    new TerraformOutput(this, name, { value, description, staticId: true });
  }
}

function allowlistRequest({ partner, sourceAddresses }: PartnerPipeline): string {
  return (
    `Please allow TCP connections to ${partner.host} port ${partner.port} from ${sourceAddresses.join(' and ')}. ` +
    `We open at most ${counted(partner.maxSessions, 'session')} at a time for downloads, and log in by SFTP only.`
  );
}
