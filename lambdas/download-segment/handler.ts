import { closeKeptConnections, createS3Client } from '../../s3/client.ts';
import { S3ObjectStore } from '../../s3/object-store.ts';
import { systemClock } from '../../transfer/clock.ts';
import { ChunkDeadlineError } from '../../transfer/errors.ts';
import { readPartnerName, readSftpSettings } from '../shared/env.ts';
import { lambdaHandler } from '../shared/lambda-handler.ts';
import { createPartnerServer } from '../shared/partner-server.ts';
import { downloadSegment } from './download-segment.ts';
import { downloadSegmentEventSchema } from './event.ts';

const server = createPartnerServer(readSftpSettings(process.env));
const s3 = createS3Client();
const store = new S3ObjectStore(s3);

export const handler = lambdaHandler({
  name: 'download-segment',
  partner: readPartnerName(process.env),
  eventSchema: downloadSegmentEventSchema,
  logFields: ({ execution_id, file, segment }) => ({
    execution_id,
    path: file.path,
    segment_number: segment.segment_number,
  }),
  run: (event, { deadlineAtMs, signal, telemetry }) => {
    const ports = { server, store, telemetry, clock: systemClock, random: Math.random };
    return downloadSegment(event, ports, { deadlineAtMs, signal });
  },
  deadlineError: (message) => new ChunkDeadlineError(message),
  beforeFreeze: () => closeKeptConnections(s3),
});
