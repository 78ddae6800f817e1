import type { MetricName } from '../transfer/telemetry.ts';

/** What the functions publish by Powertools (EMF). Every metric has exactly the dimensions `service`, `partner`. */
export const METRIC_NAMESPACE = 'SftpToS3';
export const SERVICE_NAME = 'sftp-to-s3';

/** One CloudWatch metric; values may be Terraform references. */
export interface Metric {
  namespace: string;
  name: string;
  dimensions: Readonly<Record<string, string>>;
  /** As `Sum`, `Maximum` or `p95`. */
  statistic: string;
}

/** A metric of ours: a measurement, or an error counted under its class's name. */
export function transferMetric(partner: string, name: MetricName | (string & {}), statistic: string): Metric {
  return {
    namespace: METRIC_NAMESPACE,
    name,
    dimensions: { service: SERVICE_NAME, partner },
    statistic,
  };
}

export function executionMetric(stateMachineArn: string, name: string): Metric {
  return {
    namespace: 'AWS/States',
    name,
    dimensions: { StateMachineArn: stateMachineArn },
    statistic: 'Sum',
  };
}

export function functionMetric(functionName: string, name: string, statistic = 'Sum'): Metric {
  return { namespace: 'AWS/Lambda', name, dimensions: { FunctionName: functionName }, statistic };
}

export function natGatewayMetric(natGatewayId: string, name: string): Metric {
  return {
    namespace: 'AWS/NATGateway',
    name,
    dimensions: { NatGatewayId: natGatewayId },
    statistic: 'Sum',
  };
}

/** Messages that wait in a queue. */
export function queueMetric(queueName: string): Metric {
  return {
    namespace: 'AWS/SQS',
    name: 'ApproximateNumberOfMessagesVisible',
    dimensions: { QueueName: queueName },
    statistic: 'Maximum',
  };
}

export function ruleMetric(ruleName: string, name: string): Metric {
  return { namespace: 'AWS/Events', name, dimensions: { RuleName: ruleName }, statistic: 'Sum' };
}
