import { z } from 'zod';

/** Of the state in which a transfer gives its sessions back, after its upload was seen to. */
const stateSchema = z.object({
  upload: z.object({}).optional(),
  abort: z.object({ aborted_uploads: z.number() }).optional(),
  abort_error: z.object({}).optional(),
  error: z.object({ keep_until: z.string().optional() }).optional(),
});

/** What became of a failed transfer's upload, by what its own execution saw. */
export function describeRemains(stateAtEnd: unknown): string {
  const { data: state } = stateSchema.safeParse(stateAtEnd);
  if (state === undefined)
    return 'It ended without its own cleanup. The rule for such ends removes its upload, or keeps its finished parts where keepPartsDays says so.';
  if (state.abort_error !== undefined)
    return 'Nothing landed. Removing the parts failed and is tried again; if that fails too, an alarm says so.';
  if (state.abort !== undefined)
    return state.abort.aborted_uploads > 0
      ? 'Nothing landed. The parts of its upload were removed.'
      : 'S3 had no upload left to remove. Nothing incomplete can be read.';
  const keepUntil = state.error?.keep_until;
  if (keepUntil !== undefined)
    return 'Nothing landed. The finished parts are kept; the error says until when, and how to go on.';
  return state.upload === undefined
    ? 'Nothing landed. No upload had been started.'
    : 'Nothing landed. The parts of the earlier transfer are still kept.';
}
