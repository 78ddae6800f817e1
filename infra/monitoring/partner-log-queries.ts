import { CloudwatchQueryDefinition } from '@cdktf/provider-aws/lib/cloudwatch-query-definition/index.js';
import { Construct } from 'constructs';
import type { PartnerPipeline } from '../pipeline/partner-pipeline.ts';
import { FOLDER_STEPS, STEPS } from '../steps.ts';
import { LOG_QUERIES } from './log-queries.ts';

/** The questions of the runbooks to one partner's logs. They are listed in Logs Insights as stack/partner/name. */
export class PartnerLogQueries extends Construct {
  constructor(scope: Construct, id: string, stackName: string, pipeline: PartnerPipeline) {
    super(scope, id);
    const { folderWorkflow } = pipeline;
    const logGroups = {
      functions: [
        ...STEPS.map((step) => pipeline.functions[step].logGroupName),
        ...(folderWorkflow === undefined
          ? []
          : FOLDER_STEPS.map((step) => folderWorkflow.functions[step].logGroupName)),
      ],
      workflow: [
        pipeline.workflowLogGroupName,
        ...(folderWorkflow === undefined ? [] : [folderWorkflow.workflowLogGroupName]),
      ],
    };
    for (const { name, logs, query } of LOG_QUERIES) {
      new CloudwatchQueryDefinition(this, name, {
        name: `${stackName}/${pipeline.partner.name}/${name}`,
        logGroupNames: logGroups[logs],
        queryString: query,
      });
    }
  }
}
