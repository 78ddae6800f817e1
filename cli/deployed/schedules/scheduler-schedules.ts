import {
  GetScheduleCommand,
  ListSchedulesCommand,
  ResourceNotFoundException,
  SchedulerClient,
  UpdateScheduleCommand,
} from '@aws-sdk/client-scheduler';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { UsageError } from '../../usage-error.ts';
import { toAwsCallError } from '../aws-call-error.ts';
import type { AwsLocation } from '../step-functions/sfn-client.ts';
import type { Schedule, Schedules } from './schedules.ts';

const CONNECT_TIMEOUT_MS = 5_000;
const ANSWER_TIMEOUT_MS = 30_000;

/** Schedules through the AWS SDK. Its owner calls `destroy`. */
export class SchedulerSchedules implements Schedules {
  readonly #client: SchedulerClient;

  constructor({ region, endpoint }: AwsLocation) {
    this.#client = new SchedulerClient({
      ...(region !== undefined && { region }),
      ...(endpoint !== undefined && { endpoint }),
      requestHandler: new NodeHttpHandler({
        connectionTimeout: CONNECT_TIMEOUT_MS,
        socketTimeout: ANSWER_TIMEOUT_MS,
      }),
    });
  }

  async list(group: string, signal: AbortSignal): Promise<Schedule[]> {
    const names: string[] = [];
    let NextToken: string | undefined;
    do {
      const command = new ListSchedulesCommand({ GroupName: group, ...(NextToken && { NextToken }) });
      const page = await this.#send('ListSchedules', group, signal, (options) =>
        this.#client.send(command, options),
      );
      names.push(...(page.Schedules ?? []).map(({ Name }) => String(Name)));
      NextToken = page.NextToken;
    } while (NextToken !== undefined);
    const found: Schedule[] = [];
    for (const name of names) {
      const { State, Description = '' } = await this.#get(group, name, signal);
      found.push({ name, isEnabled: State !== 'DISABLED', description: Description });
    }
    return found;
  }

  /** UpdateSchedule puts everything that is left out back to its default: so all of it is given again. */
  async update(
    group: string,
    name: string,
    { isEnabled, description }: { isEnabled: boolean; description: string },
    signal: AbortSignal,
  ): Promise<void> {
    const { $metadata, Arn, CreationDate, LastModificationDate, ...kept } = await this.#get(
      group,
      name,
      signal,
    );
    const command = new UpdateScheduleCommand({
      ...kept,
      Name: name,
      GroupName: group,
      ScheduleExpression: kept.ScheduleExpression,
      Target: kept.Target,
      FlexibleTimeWindow: kept.FlexibleTimeWindow,
      State: isEnabled ? 'ENABLED' : 'DISABLED',
      Description: description,
    });
    await this.#send('UpdateSchedule', group, signal, (options) => this.#client.send(command, options));
  }

  destroy(): void {
    this.#client.destroy();
  }

  #get(group: string, name: string, signal: AbortSignal) {
    const command = new GetScheduleCommand({ GroupName: group, Name: name });
    return this.#send('GetSchedule', group, signal, (options) => this.#client.send(command, options));
  }

  async #send<T>(
    call: string,
    group: string,
    signal: AbortSignal,
    send: (options: { abortSignal: AbortSignal }) => Promise<T>,
  ): Promise<T> {
    try {
      return await send({ abortSignal: signal });
    } catch (error) {
      signal.throwIfAborted();
      const region = await this.#client.config.region().catch(() => 'none');
      if (error instanceof ResourceNotFoundException) {
        throw new UsageError(
          `there is no schedule group ${group} in ${region}; a partner without schedules has none`,
          { cause: error },
        );
      }
      throw toAwsCallError(call, error, `region ${region}`);
    }
  }
}
