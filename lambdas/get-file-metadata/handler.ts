import { createPartnerSource } from '../shared/adapters/partner-source.ts';
import { createS3Client } from '../shared/adapters/s3-client.ts';
import { S3ObjectStore } from '../shared/adapters/s3-object-store.ts';
import { systemClock } from '../shared/adapters/system-clock.ts';
import { getFileMetadataEventSchema } from '../shared/contracts.ts';
import { readPartnerName, readSftpSettings, readTransferDefaults } from '../shared/env.ts';
import { SftpConnectionError } from '../shared/errors.ts';
import { lambdaHandler } from '../shared/lambda-handler.ts';
import { getFileMetadata } from './get-file-metadata.ts';

const source = createPartnerSource(readSftpSettings(process.env));
const store = new S3ObjectStore(createS3Client());
const defaults = readTransferDefaults(process.env);

export const handler = lambdaHandler({
  name: 'get-file-metadata',
  partner: readPartnerName(process.env),
  eventSchema: getFileMetadataEventSchema,
  logFields: ({ execution_id, request }) => ({ execution_id, path: request.sftp_file_path }),
  run: (event, { signal, telemetry }) =>
    getFileMetadata(event, { source, store, telemetry, clock: systemClock }, defaults, signal),
  deadlineError: (message) => new SftpConnectionError(message),
});
