import { SFNClient } from '@aws-sdk/client-sfn';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { readAlertTopic, readMailSettings } from '../shared/env.ts';
import { lambdaHandler } from '../shared/lambda-handler.ts';
import { notifyOutcomeEventSchema } from './event.ts';
import { notifyOutcome, ownerOf } from './notify-outcome.ts';
import { StepFunctionsOutcomes } from './step-functions-outcomes.ts';

const outcomes = new StepFunctionsOutcomes(new SFNClient());
const sns = new SNSClient();
const topicArn = readAlertTopic(process.env);
const settings = readMailSettings(process.env);

const mailer = {
  async send({ subject, body }: { subject: string; body: string }, abortSignal: AbortSignal) {
    const command = new PublishCommand({ TopicArn: topicArn, Subject: subject, Message: body });
    await sns.send(command, { abortSignal });
  },
};

export const handler = lambdaHandler({
  name: 'notify-outcome',
  // It serves all partners; each line of the log names the execution's own.
  partner: '(all)',
  eventSchema: notifyOutcomeEventSchema,
  logFields: ({ detail }) => ({
    execution_id: detail.executionArn,
    partner: ownerOf(detail.stateMachineArn, settings)?.partner ?? null,
  }),
  run: (event, { signal, telemetry }) =>
    notifyOutcome(event, settings, { outcomes, mailer, telemetry }, signal),
});
