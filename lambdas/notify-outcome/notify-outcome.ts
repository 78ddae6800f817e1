import { folderWorkflowName } from '../../folder/run/workflow-name.ts';
import { isFolderTransfer } from '../../transfer/generation-execution.ts';
import { STOPPED_BY_OPERATOR } from '../../transfer/stopped-by-operator.ts';
import type { LogFields, Telemetry } from '../../transfer/telemetry.ts';
import type { NotifiedOutcome, NotifyOutcomeEvent } from './event.ts';
import { faultOf } from './fault.ts';
import { faultMail } from './fault-mail.ts';
import type { EndedExecution, Mailer, MailSettings, Outcomes } from './outcome.ts';
import { countRepeats, isWorthAMail, type Repeats } from './repeats.ts';
import { describeRemains } from './upload-remains.ts';

export interface NotifyOutcomePorts {
  outcomes: Outcomes;
  mailer: Mailer;
  telemetry: Telemetry;
}

const RUN_REMAINS = 'What had landed stays. The next run takes the rest.';

/**
 * One fault, one mail: reports an execution that ended without success to the alert topic, unless that is done elsewhere
 * or was done before. Whatever is thrown here has Lambda try again, and ends in the queue of mails not sent.
 */
export async function notifyOutcome(
  { detail }: NotifyOutcomeEvent,
  settings: MailSettings,
  { outcomes, mailer, telemetry }: NotifyOutcomePorts,
  signal: AbortSignal,
): Promise<NotifiedOutcome> {
  const silent = (
    reason: Extract<NotifiedOutcome, { mailed: false }>['reason'],
    fields: LogFields = {},
  ): NotifiedOutcome => {
    telemetry.info('no mail', { reason, status: detail.status, ...fields });
    return { mailed: false, reason };
  };
  const owner = ownerOf(detail.stateMachineArn, settings);
  if (owner === undefined) return silent('another stack');
  const { isFolderRun } = owner;
  if (!isFolderRun && isFolderTransfer(detail.name)) return silent('its folder run reports it');
  const ended = await outcomes.describe(detail.executionArn, signal);
  if (detail.status === 'ABORTED' && ended.error === STOPPED_BY_OPERATOR)
    return silent('stopped by an operator');

  const fault = faultOf(ended, detail.status, isFolderRun);
  const where = { stateMachineArn: detail.stateMachineArn, isFolderRun };
  const repeats =
    detail.status === 'FAILED' ? await countRepeats(ended, fault, where, outcomes, signal) : onlyThis(ended);
  // The dashboard's list of failures reads these.
  const fields = {
    failed_with: fault.errorName,
    side: fault.guide.side,
    what: fault.subject,
    failures_today: repeats.count,
  };
  if (!isWorthAMail(repeats.count)) return silent('told before', fields);
  const remains = isFolderRun ? RUN_REMAINS : describeRemains(await outcomes.stateAtEnd(ended.arn, signal));
  const mail = faultMail({ ...owner, ended, fault, repeats, remains }, settings);
  await mailer.send(mail, signal);
  telemetry.info('mail sent', { subject: mail.subject, ...fields });
  return { mailed: true };
}

/** Runs for days, and stops, are each told. */
function onlyThis({ endedAtMs }: EndedExecution): Repeats {
  return { count: 1, firstAtMs: endedAtMs, otherSubjects: [] };
}

/** Whose state machine it is; undefined where it is of another stack whose name begins like ours. */
export function ownerOf(
  stateMachineArn: string,
  { stackName, partners }: Pick<MailSettings, 'stackName' | 'partners'>,
): { partner: string; isFolderRun: boolean } | undefined {
  const machine = stateMachineArn.split(':').at(-1) ?? '';
  for (const partner of Object.keys(partners)) {
    const pipeline = `${stackName}-${partner}`;
    if (machine === pipeline) return { partner, isFolderRun: false };
    if (machine === folderWorkflowName(pipeline)) return { partner, isFolderRun: true };
  }
  return undefined;
}
