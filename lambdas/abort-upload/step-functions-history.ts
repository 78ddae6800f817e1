import { GetExecutionHistoryCommand, type HistoryEvent, type SFNClient } from '@aws-sdk/client-sfn';
import { z } from 'zod';
import type { MultipartUpload } from '../../s3/ports.ts';
import { chunkPlanSchema, plannedTransferSchema, uploadId } from '../../transfer/contracts.ts';
import type { ExecutionHistory, HistoricUpload, KeepingHistory } from './execution-history.ts';

/** The upload is started by the third state: this page holds it unless there were many retries before. */
const PAGE_SIZE = 100;

const createdUploadSchema = z.object({ Bucket: z.string(), Key: z.string(), UploadId: z.string() });

/** States after which the execution has an upload, and a plan of its chunks. */
const STATES_WITH_PLAN = ['StartMultipartUpload', 'ContinueUpload'];
/** Of the state of the execution after them. */
const stateSchema = z.object({
  file: plannedTransferSchema,
  upload: z.object({ upload_id: uploadId }),
  plan: chunkPlanSchema.omit({ segments: true }).optional(),
});

/** Reads executions' histories from Step Functions. */
export class StepFunctionsHistory implements ExecutionHistory, KeepingHistory {
  readonly #client: SFNClient;

  constructor(client: SFNClient) {
    this.#client = client;
  }

  async findUpload(executionArn: string, signal: AbortSignal): Promise<MultipartUpload | undefined> {
    return (await this.findPlannedUpload(executionArn, signal))?.upload;
  }

  async findPlannedUpload(executionArn: string, signal: AbortSignal): Promise<HistoricUpload | undefined> {
    let nextToken: string | undefined;
    let startedAtMs: number | undefined;
    let found: HistoricUpload | undefined;
    do {
      const page = await this.#client.send(
        new GetExecutionHistoryCommand({ executionArn, maxResults: PAGE_SIZE, nextToken }),
        { abortSignal: signal },
      );
      for (const event of page.events ?? []) {
        startedAtMs ??= event.timestamp?.getTime();
        found = createdUpload(event) ?? adoptedUpload(event) ?? found;
        const planned = plannedUpload(event, startedAtMs ?? 0);
        if (planned !== undefined) return planned;
      }
      nextToken = page.nextToken;
    } while (nextToken !== undefined);
    return found;
  }

  async findError(executionArn: string, signal: AbortSignal): Promise<string | undefined> {
    const command = new GetExecutionHistoryCommand({ executionArn, maxResults: 1, reverseOrder: true });
    const { events = [] } = await this.#client.send(command, { abortSignal: signal });
    return events[0]?.executionFailedEventDetails?.error;
  }
}

function createdUpload(event: HistoryEvent): HistoricUpload | undefined {
  const details = event.taskSucceededEventDetails;
  if (details?.resource !== 'createMultipartUpload' || details.output === undefined) return undefined;
  const { Bucket: bucket, Key: key, UploadId } = createdUploadSchema.parse(JSON.parse(details.output));
  return { upload: { bucket, key, uploadId: UploadId } };
}

/** The upload of an earlier execution, before anything of it was used. */
function adoptedUpload(event: HistoryEvent): HistoricUpload | undefined {
  const state = stateAfter(event, ['AdoptUpload']);
  return state && { upload: uploadOf(state) };
}

function plannedUpload(event: HistoryEvent, startedAtMs: number): HistoricUpload | undefined {
  const state = stateAfter(event, STATES_WITH_PLAN);
  if (state?.plan === undefined) return undefined;
  const { file, plan } = state;
  return {
    upload: uploadOf(state),
    plan: { file, chunkSizeBytes: plan.chunk_size_bytes, chunkCount: plan.chunk_count, startedAtMs },
  };
}

function stateAfter(
  { stateExitedEventDetails: exited }: HistoryEvent,
  names: readonly string[],
): z.infer<typeof stateSchema> | undefined {
  if (exited?.name === undefined || !names.includes(exited.name) || exited.output === undefined)
    return undefined;
  return stateSchema.safeParse(JSON.parse(exited.output)).data;
}

function uploadOf({ file, upload }: z.infer<typeof stateSchema>) {
  return { bucket: file.bucket, key: file.key, uploadId: upload.upload_id };
}
