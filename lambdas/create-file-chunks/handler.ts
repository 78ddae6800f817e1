import { readPartnerName } from '../shared/env.ts';
import { lambdaHandler } from '../shared/lambda-handler.ts';
import { createFileChunks } from './create-file-chunks.ts';
import { createFileChunksEventSchema } from './event.ts';

export const handler = lambdaHandler({
  name: 'create-file-chunks',
  partner: readPartnerName(process.env),
  eventSchema: createFileChunksEventSchema,
  logFields: ({ execution_id, file }) => ({ execution_id, path: file.path }),
  run: (event, { telemetry }) => {
    const plan = createFileChunks(event);
    telemetry.metric('ChunksPlanned', plan.chunk_count);
    return plan;
  },
});
