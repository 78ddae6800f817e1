import { Metrics } from '@aws-lambda-powertools/metrics';
import { SFNClient } from '@aws-sdk/client-sfn';
import { deployedLook } from '../../expectations/deployed/deployed-look.ts';
import { ExecutionReader } from '../../expectations/deployed/executions.ts';
import { evaluateExpectations } from '../../expectations/evaluate.ts';
import type { Notice } from '../../expectations/notice.ts';
import type { SinceRow, StatusRow } from '../../expectations/status-row.ts';
import { folderWorkflowName } from '../../folder/run/workflow-name.ts';
import { createDynamoDbClient } from '../../ledger/dynamodb/dynamodb-client.ts';
import { dynamoDbLedger } from '../../ledger/dynamodb/dynamodb-ledger.ts';
import { DynamoDbRows } from '../../ledger/dynamodb/dynamodb-rows.ts';
import { createS3Client } from '../../s3/client.ts';
import { S3ObjectStore } from '../../s3/object-store.ts';
import { S3StateFiles } from '../../s3/state-files.ts';
import { systemClock } from '../../transfer/clock.ts';
import { expectationPartition } from '../../transfer/ledger-partition.ts';
import { alertSender } from '../shared/alert-topic.ts';
import { readEvaluationSettings } from '../shared/env.ts';
import { lambdaHandler } from '../shared/lambda-handler.ts';
import { evaluateExpectationsEventSchema } from './event.ts';

const settings = readEvaluationSettings(process.env);
const { tableName, stateBucket, topicArn, stateMachinePrefix } = settings;
const { nowMs } = systemClock;
const client = createDynamoDbClient();
const s3 = createS3Client();
const sendAlert = alertSender(topicArn);
const metrics = new Metrics();
/** How long before its time an expectation was met: a partner that slips is seen before its first miss. */
const MARGIN_METRIC = 'ExpectationMetMarginSeconds';

const look = deployedLook({
  executions: new ExecutionReader(new SFNClient()),
  store: new S3ObjectStore(s3),
  files: stateBucket === undefined ? undefined : new S3StateFiles(s3, stateBucket),
  ledgerOf: (partner, folder) => dynamoDbLedger({ client, tableName, partner, folder, nowMs }),
  transferMachineArn: (partner) => `${stateMachinePrefix}${partner}`,
  folderMachineArn: (partner) => folderWorkflowName(`${stateMachinePrefix}${partner}`),
  nowMs,
});

export const handler = lambdaHandler({
  name: 'evaluate-expectations',
  // It serves all partners.
  partner: '(all)',
  eventSchema: evaluateExpectationsEventSchema,
  logFields: () => ({}),
  run: async ({ partners }, { telemetry, signal }) => {
    const ports = {
      look,
      statusRows: (partner: string) =>
        new DynamoDbRows<StatusRow>({
          client,
          tableName,
          partition: expectationPartition(partner),
          nowMs,
          attributes: ({ status, expiresAtMs }) => ({ state: status, ttl: Math.floor(expiresAtMs / 1000) }),
        }),
      sinceRows: (partner: string) =>
        new DynamoDbRows<SinceRow>({ client, tableName, partition: expectationPartition(partner), nowMs }),
      publish: ({ subject, text }: Notice, abortSignal: AbortSignal) => sendAlert(subject, text, abortSignal),
      noteMargin,
      clock: systemClock,
      owner: crypto.randomUUID(),
    };
    const summary = await evaluateExpectations(partners, ports, settings.place, signal);
    if (summary.judged > 0) telemetry.info('expectations evaluated', { ...summary });
    return summary;
  },
});

/** Written at once. */
function noteMargin(partner: string, expectation: string, seconds: number): void {
  const single = metrics.singleMetric();
  single.addDimensions({ partner, expectation });
  single.addMetric(MARGIN_METRIC, 'Seconds', seconds);
}
