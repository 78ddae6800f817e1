import { randomUUID } from 'node:crypto';
import { createS3Client } from '../../s3/client.ts';
import { crc64NvmeOf } from '../../s3/crc64-nvme/hasher.ts';
import { S3ObjectStore } from '../../s3/object-store.ts';
import { S3StateFiles } from '../../s3/state-files.ts';
import { systemClock } from '../../transfer/clock.ts';
import { ChunkDeadlineError } from '../../transfer/errors.ts';
import { MIB } from '../../transfer/text/units.ts';
import { readPartnerName, readSftpSettings, readStateBucket } from '../shared/env.ts';
import { folderLedgers } from '../shared/folder-ledgers.ts';
import { lambdaHandler } from '../shared/lambda-handler.ts';
import { createPartnerServer } from '../shared/partner-server.ts';
import { ByteBudget } from './byte-budget.ts';
import { copyBatchOfRun } from './copy-batch-of-run.ts';
import { copyBatchEventSchema } from './event.ts';

/** Of the function's memory, what the files under way may fill. */
const BUDGET_SHARE = 1 / 3;

const partner = readPartnerName(process.env);
const server = createPartnerServer(readSftpSettings(process.env));
const ledgerOf = folderLedgers(process.env);
const s3 = createS3Client();
const store = new S3ObjectStore(s3);
const files = new S3StateFiles(s3, readStateBucket(process.env));
const memoryMb = Number(process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE ?? 512);
const budget = new ByteBudget(memoryMb * MIB * BUDGET_SHARE);

export const handler = lambdaHandler({
  name: 'copy-batch',
  partner,
  eventSchema: copyBatchEventSchema,
  logFields: ({ execution_id, run_id, batch }) => ({ execution_id, run_id, batch: batch.number }),
  run: (event, { telemetry, signal, deadlineAtMs }) =>
    copyBatchOfRun(
      event,
      {
        server,
        telemetry,
        clock: systemClock,
        random: Math.random,
        files,
        store,
        ledgerOf,
        newId: randomUUID,
        budget,
        checksum: crc64NvmeOf,
      },
      { partner, deadlineAtMs },
      signal,
    ),
  deadlineError: (message) => new ChunkDeadlineError(message),
});
