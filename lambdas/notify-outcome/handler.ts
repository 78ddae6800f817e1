import { SFNClient } from '@aws-sdk/client-sfn';
import { alertSender } from '../shared/alert-topic.ts';
import { readAlertTopic, readMailSettings } from '../shared/env.ts';
import { lambdaHandler } from '../shared/lambda-handler.ts';
import { notifyOutcomeEventSchema } from './event.ts';
import { notifyOutcome, ownerOf } from './notify-outcome.ts';
import type { Mailer } from './outcome.ts';
import { StepFunctionsOutcomes } from './step-functions-outcomes.ts';

const outcomes = new StepFunctionsOutcomes(new SFNClient());
const sendAlert = alertSender(readAlertTopic(process.env));
const settings = readMailSettings(process.env);

const mailer: Mailer = { send: ({ subject, body }, signal) => sendAlert(subject, body, signal) };

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
