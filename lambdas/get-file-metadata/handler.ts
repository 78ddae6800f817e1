import { randomUUID } from 'node:crypto';
import type { Context } from 'aws-lambda';
import { serverCheckEventSchema } from '../../doctor/event.ts';
import { createS3Client } from '../../s3/client.ts';
import { S3ObjectStore } from '../../s3/object-store.ts';
import { systemClock } from '../../transfer/clock.ts';
import { SftpConnectionError } from '../../transfer/errors.ts';
import { readOwnSide, readPartnerName, readSftpSettings, readTransferDefaults } from '../shared/env.ts';
import { lambdaHandler } from '../shared/lambda-handler.ts';
import { createCanaryServer, createEgressEcho, createPartnerProbe } from '../shared/partner-server.ts';
import { checkPartner } from './check-partner.ts';
import { getFileMetadataEventSchema } from './event.ts';
import { getFileMetadata } from './get-file-metadata.ts';

const settings = readSftpSettings(process.env);
const server = createCanaryServer(settings);
const probe = createPartnerProbe(settings);
const ownSide = readOwnSide(process.env);
const echo = createEgressEcho(ownSide);
const store = new S3ObjectStore(createS3Client());
const defaults = readTransferDefaults(process.env);
const step = {
  name: 'get-file-metadata',
  partner: readPartnerName(process.env),
  deadlineError: (message: string) => new SftpConnectionError(message),
};

const planTransfer = lambdaHandler({
  ...step,
  eventSchema: getFileMetadataEventSchema,
  logFields: ({ execution_id, request }) => ({ execution_id, path: request.sftp_file_path }),
  run: (event, { signal, telemetry }) =>
    getFileMetadata(
      event,
      { server, store, telemetry, clock: systemClock, newId: randomUUID },
      defaults,
      signal,
    ),
});

const checkServer = lambdaHandler({
  ...step,
  eventSchema: serverCheckEventSchema,
  logFields: ({ check }) => ({ path: check.path }),
  run: (event, { signal, telemetry }) =>
    checkPartner(event, { probe, telemetry, echo, clock: systemClock }, ownSide, signal),
});

/** The workflow's step; an event with `check` asks for the doctor instead. */
export const handler = (event: unknown, context: Context) =>
  typeof event === 'object' && event !== null && 'check' in event
    ? checkServer(event, context)
    : planTransfer(event, context);
