/** What the ARN of a state machine or of an execution says. */
export interface WorkflowArn {
  kind: 'stateMachine' | 'execution';
  arn: string;
  region: string;
  stateMachineName: string;
  /** Only of an execution. */
  executionName?: string;
}

const WORKFLOW_ARN =
  /^arn:[a-z-]+:states:(?<region>[a-z0-9-]+):\d{12}:(?<kind>stateMachine|execution):(?<machine>[^:]+)(?::(?<execution>[^:]+))?$/;

/** Undefined when the text is not such an ARN. */
export function parseWorkflowArn(text: string): WorkflowArn | undefined {
  const { region = '', kind, machine = '', execution } = WORKFLOW_ARN.exec(text)?.groups ?? {};
  if (kind === 'stateMachine' && execution === undefined) {
    return { kind, arn: text, region, stateMachineName: machine };
  }
  if (kind === 'execution' && execution !== undefined) {
    return { kind, arn: text, region, stateMachineName: machine, executionName: execution };
  }
  return undefined;
}
