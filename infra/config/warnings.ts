import type { Configuration } from './schema.ts';

/** What is sound but hardly meant, as sentences to print at synth. */
export function warningsOf({ alerts, landingBucket, network }: Configuration): string[] {
  const isSilent =
    alerts.existingTopicArn === undefined && alerts.emails.length === 0 && alerts.httpsEndpoints.length === 0;
  return [
    isSilent &&
      'alerts.emails and alerts.httpsEndpoints are empty: nobody is notified of failures or alarms.',
    !isSilent &&
      alerts.runbookBaseUrl === undefined &&
      'alerts.runbookBaseUrl is missing: mails and alarms name their runbook, but cannot link to it.',
    landingBucket.existing !== undefined &&
      `the lifecycle of ${landingBucket.existing.name} is not the stack's: see that it removes incomplete uploads, after 8 days at the earliest.`,
    network.existing?.s3GatewayEndpoint === 'none' &&
      'network.existing.s3GatewayEndpoint is none: every byte goes to S3 over the way out, and is paid for there a second time.',
    network.existing?.privateSubnetIds.length === 1 &&
      'network.existing.privateSubnetIds names one subnet: a failure of its zone stops every transfer.',
  ].filter((warning) => warning !== false);
}
