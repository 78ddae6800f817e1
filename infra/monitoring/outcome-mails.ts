import { Construct } from 'constructs';
import type { FunctionCode } from '../bundling/function-code.ts';
import { DeadLetterQueue } from '../pipeline/dead-letter-queue.ts';
import { EndedExecutionRule } from '../pipeline/ended-execution-rule.ts';
import { runtimeEnvironment } from '../pipeline/step-environment.ts';
import { allow, keepFailedRuns, publish } from '../pipeline/step-permissions.ts';
import { TransferFunction } from '../pipeline/transfer-function.ts';
import type { Statement } from '../policy.ts';
import { NOTIFY_OUTCOME } from '../steps.ts';
import { Alarm } from './alarm.ts';
import { mailsNotSentAlarm } from './alarms/delivery-alarms.ts';
import type { AlarmTarget } from './partner-alarms.ts';

export interface OutcomeMailsProps extends AlarmTarget {
  accountId: string;
  code: FunctionCode;
  logRetentionDays: number;
  partners: readonly { name: string; contact?: string | undefined }[];
  /** The key of a topic that this stack made, where no key of the account encrypts everything. */
  topicKeyArn?: string | undefined;
}

const MEMORY_MB = 256;
/** A day's failures are read one after the other, a hundred at most. */
const TIMEOUT_SECONDS = 60;
/** Of Lambda's 4,096 for all variables. */
const MAX_CONTACTS_BYTES = 3_000;

/**
 * One mail for each fault: a function is called for every execution of the stack's workflows that ended without success.
 * The mails that it cannot send have an alarm, which CloudWatch sends by itself.
 */
export class OutcomeMails extends Construct {
  public readonly alarmArn: string;
  /** Each line about a failure says whose side it is. */
  public readonly logGroupName: string;
  /** Stem of the alarm's runbook. */
  public readonly runbook: string;

  constructor(scope: Construct, id: string, props: OutcomeMailsProps) {
    super(scope, id);
    const { stackName, region, accountId } = props;
    const name = `${stackName}-${NOTIFY_OUTCOME}`;
    const deadLetters = new DeadLetterQueue(this, 'dead-letters', `${stackName}-mails-not-sent`);
    const handler = new TransferFunction(this, NOTIFY_OUTCOME, {
      functionName: name,
      description: `Mails about failures in ${stackName}`,
      code: props.code,
      memoryMb: MEMORY_MB,
      timeoutSeconds: TIMEOUT_SECONDS,
      environment: {
        ...runtimeEnvironment(),
        ALERT_TOPIC_ARN: props.topicArn,
        STACK_NAME: stackName,
        PARTNERS: contactsOf(props.partners),
        ...(props.runbookBaseUrl !== undefined && { RUNBOOK_BASE_URL: props.runbookBaseUrl }),
      },
      permissions: [...permissions(props), keepFailedRuns(deadLetters.arn)],
      logRetentionDays: props.logRetentionDays,
      region,
      accountId,
    });
    const { ruleName } = new EndedExecutionRule(this, 'rule', {
      ruleName: name,
      description: 'Executions that ended without success are told by mail',
      // A pattern has 2,048 characters: too few for the names of all. The function knows which are this stack's.
      stateMachineArn: { prefix: `arn:aws:states:${region}:${accountId}:stateMachine:${stackName}-` },
      handler,
      deadLetters,
    });
    this.logGroupName = handler.logGroupName;
    const definition = mailsNotSentAlarm({ deadLetterQueue: deadLetters.queueName, rule: ruleName });
    this.alarmArn = new Alarm(this, 'alarm', { namePrefix: stackName, definition, ...props }).arn;
    this.runbook = definition.runbook;
  }
}

function permissions({
  stackName,
  region,
  accountId,
  topicArn,
  topicKeyArn,
}: OutcomeMailsProps): Statement[] {
  const ofStack = (type: string) => `arn:aws:states:${region}:${accountId}:${type}:${stackName}-*`;
  return [
    allow(
      'ReadExecutions',
      ['states:DescribeExecution', 'states:GetExecutionHistory'],
      [`${ofStack('execution')}:*`],
    ),
    allow('CountFailures', ['states:ListExecutions'], [ofStack('stateMachine')]),
    ...publish('SendMails', { region, topicArn, topicKeyArn }),
  ];
}

/** Names and contacts as the function's environment has them; the names alone where the contacts have no room. */
export function contactsOf(partners: OutcomeMailsProps['partners']): string {
  const toJson = (contactOf: (partner: OutcomeMailsProps['partners'][number]) => string) =>
    JSON.stringify(Object.fromEntries(partners.map((partner) => [partner.name, contactOf(partner)])));
  const all = toJson(({ contact = '' }) => contact);
  return Buffer.byteLength(all) <= MAX_CONTACTS_BYTES ? all : toJson(() => '');
}
