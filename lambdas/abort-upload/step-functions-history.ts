import { GetExecutionHistoryCommand, type HistoryEvent, type SFNClient } from '@aws-sdk/client-sfn';
import { z } from 'zod';
import type { MultipartUpload } from '../../s3/ports.ts';
import type { ExecutionHistory } from './execution-history.ts';

/** The upload is started by the third state: this page holds it unless there were many retries before. */
const PAGE_SIZE = 100;

const createdUploadSchema = z.object({ Bucket: z.string(), Key: z.string(), UploadId: z.string() });

/** Reads executions' histories from Step Functions. */
export class StepFunctionsHistory implements ExecutionHistory {
  readonly #client: SFNClient;

  constructor(client: SFNClient) {
    this.#client = client;
  }

  async findUpload(executionArn: string, signal: AbortSignal): Promise<MultipartUpload | undefined> {
    let nextToken: string | undefined;
    do {
      const page = await this.#client.send(
        new GetExecutionHistoryCommand({ executionArn, maxResults: PAGE_SIZE, nextToken }),
        { abortSignal: signal },
      );
      for (const event of page.events ?? []) {
        const upload = createdUpload(event);
        if (upload !== undefined) return upload;
      }
      nextToken = page.nextToken;
    } while (nextToken !== undefined);
    return undefined;
  }
}

function createdUpload(event: HistoryEvent): MultipartUpload | undefined {
  const details = event.taskSucceededEventDetails;
  if (details?.resource !== 'createMultipartUpload' || details.output === undefined) return undefined;
  const {
    Bucket: bucket,
    Key: key,
    UploadId: uploadId,
  } = createdUploadSchema.parse(JSON.parse(details.output));
  return { bucket, key, uploadId };
}
