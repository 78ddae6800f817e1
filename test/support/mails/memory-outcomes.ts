import type { NotifyOutcomeEvent } from '../../../lambdas/notify-outcome/event.ts';
import type { EndedExecution, Mail, Mailer, Outcomes } from '../../../lambdas/notify-outcome/outcome.ts';

export interface EndedForTest extends Omit<EndedExecution, 'arn'> {
  status: NotifyOutcomeEvent['detail']['status'];
  /** Name of the state machine. */
  machine: string;
  /** The state in which the transfer gave its sessions back. */
  state?: unknown;
}

const ACCOUNT = '123456789012';
const REGION = 'eu-central-1';

/** Executions that are over, and the mails about them. */
export class MemoryOutcomes implements Outcomes, Mailer {
  readonly mails: Mail[] = [];
  readonly #executions: (EndedForTest & { arn: string })[] = [];

  /** Adds an execution. @returns the event that AWS sends of it */
  end(execution: EndedForTest): NotifyOutcomeEvent {
    const { machine, name, status } = execution;
    const arn = `arn:aws:states:${REGION}:${ACCOUNT}:execution:${machine}:${name}`;
    this.#executions.push({ ...execution, arn });
    const stateMachineArn = `arn:aws:states:${REGION}:${ACCOUNT}:stateMachine:${machine}`;
    return {
      'detail-type': 'Step Functions Execution Status Change',
      detail: { executionArn: arn, name, stateMachineArn, status },
    };
  }

  async describe(executionArn: string): Promise<EndedExecution> {
    return this.#find(executionArn);
  }

  async failedSince(
    stateMachineArn: string,
    sinceMs: number,
    isWanted: (name: string) => boolean,
  ): Promise<EndedExecution[]> {
    const machine = stateMachineArn.split(':').at(-1);
    return this.#executions
      .filter((execution) => execution.machine === machine && execution.status === 'FAILED')
      .filter(({ startedAtMs, name }) => startedAtMs >= sinceMs && isWanted(name))
      .toReversed();
  }

  async stateAtEnd(executionArn: string): Promise<unknown> {
    return this.#find(executionArn).state;
  }

  async send(mail: Mail): Promise<void> {
    this.mails.push(mail);
  }

  #find(arn: string): EndedForTest & { arn: string } {
    const found = this.#executions.find((execution) => execution.arn === arn);
    if (found === undefined) throw new Error(`no execution ${arn}`);
    return found;
  }
}
