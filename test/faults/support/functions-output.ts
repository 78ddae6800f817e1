import { setTimeout as sleep } from 'node:timers/promises';
import { inspect } from 'node:util';
import { startXrayDaemon } from '../../support/aws/xray-daemon.ts';
import { type Functions, type StepName, withFunctions } from './functions.ts';
import type { PartnerRig } from './partner-rig.ts';

/** Everything that came out of the deployed functions. */
export interface FunctionsOutput {
  /** Events and results of all invocations, as JSON texts. */
  payloads: string[];
  /** With stack, fields and causes: more than Lambda shows of an error. */
  errors: string[];
  /** Log lines and metrics. */
  logs: string;
  traces: string;
}

export type Invoke = (step: StepName, event: unknown) => Promise<unknown>;

/** The tracer sends segments in batches, behind the end of an invocation. */
const LAST_SEGMENTS_WITHIN_MS = 100;

/**
 * Lets `use` invoke the functions at their most talkative, with X-Ray.
 * @param environment for them, besides what the stack gives them
 */
export async function collectOutput(
  rig: PartnerRig,
  environment: Readonly<Record<string, string>>,
  use: (invoke: Invoke, functions: Functions) => Promise<void>,
): Promise<FunctionsOutput> {
  const payloads: string[] = [];
  const errors: string[] = [];
  let logs = '';
  const daemon = await startXrayDaemon();
  try {
    await withFunctions(rig, async (functions) => {
      Object.assign(process.env, daemon.environment, { POWERTOOLS_LOG_LEVEL: 'DEBUG' }, environment);
      const invoke: Invoke = async (step, event) => {
        payloads.push(JSON.stringify(event));
        try {
          const result = await functions.invoke(step, event);
          payloads.push(JSON.stringify(result));
          return result;
        } catch (error) {
          errors.push(...describe(error));
          throw error;
        }
      };
      await use(invoke, functions);
      await sleep(LAST_SEGMENTS_WITHIN_MS);
      logs = functions.logged.join('\n');
    });
  } finally {
    await daemon.close();
  }
  return { payloads, errors, logs, traces: daemon.received.join('\n') };
}

function describe(error: unknown): string[] {
  const shown = [inspect(error, { depth: 20 })];
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    shown.push(`${cause.name}: ${cause.message}\n${cause.stack}\n${JSON.stringify(cause)}`);
  }
  return shown;
}
