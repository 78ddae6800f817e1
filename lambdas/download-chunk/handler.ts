import { createS3Client } from '../../s3/client.ts';
import { S3ObjectStore } from '../../s3/object-store.ts';
import { systemClock } from '../../transfer/clock.ts';
import { ChunkDeadlineError } from '../../transfer/errors.ts';
import { readPartnerName, readSftpSettings } from '../shared/env.ts';
import { lambdaHandler } from '../shared/lambda-handler.ts';
import { createPartnerSource } from '../shared/partner-server.ts';
import { downloadChunk } from './download-chunk.ts';
import { downloadChunkEventSchema } from './event.ts';

const source = createPartnerSource(readSftpSettings(process.env));
const store = new S3ObjectStore(createS3Client());

export const handler = lambdaHandler({
  name: 'download-chunk',
  partner: readPartnerName(process.env),
  eventSchema: downloadChunkEventSchema,
  logFields: ({ execution_id, file, chunk }) => ({
    execution_id,
    path: file.path,
    chunk_number: chunk.chunk_number,
  }),
  run: (event, { signal, telemetry }) =>
    downloadChunk(event, { source, store, telemetry, clock: systemClock, random: Math.random }, signal),
  deadlineError: (message) => new ChunkDeadlineError(message),
});
