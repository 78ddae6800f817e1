import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { mailsPage } from '../test/support/mails/ten-faults.ts';

/** Writes docs/mails.md: ten faults, and the mails that they make. */
writeFileSync(path.join(import.meta.dirname, '../docs/mails.md'), await mailsPage());
