import { z } from 'zod';
import { expectingPartnerSchema } from '../../expectations/settings.ts';

/** What the schedule calls the function with. */
export const evaluateExpectationsEventSchema = z.object({
  partners: z.array(expectingPartnerSchema),
});
