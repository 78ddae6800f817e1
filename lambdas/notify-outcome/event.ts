import { z } from 'zod';
import { executionId } from '../../transfer/contracts.ts';

/** From EventBridge, when an execution of one of the stack's workflows ended without success. */
export const notifyOutcomeEventSchema = z.object({
  'detail-type': z.literal('Step Functions Execution Status Change'),
  detail: z.object({
    executionArn: executionId,
    name: z.string(),
    stateMachineArn: z.string(),
    status: z.enum(['FAILED', 'TIMED_OUT', 'ABORTED']),
  }),
});
export type NotifyOutcomeEvent = z.infer<typeof notifyOutcomeEventSchema>;

/** What NotifyOutcome returns: whether a mail went out, and if none, why. */
export type NotifiedOutcome =
  | { mailed: true }
  | {
      mailed: false;
      reason: 'another stack' | 'its folder run reports it' | 'stopped by an operator' | 'told before';
    };
