import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeUnless } from '../../support/optional-suite.ts';

/** Set by the reporter: the folder where the tests of a fault leave what came out, one file a fault. */
const FAULT_REPORT_FOLDER = 'FAULT_REPORT_FOLDER';

/**
 * The suite of one fault. `tell` adds to what its line in the report says came out.
 * @param id such as `F01`
 * @param done what is done to the transfer
 * @param missing what the machine lacks for it, if anything
 */
export function describeFault(
  id: string,
  done: string,
  suite: (tell: (cameOut: string) => void) => void,
  missing?: string,
): void {
  const tell = (cameOut: string): void => {
    const folder = process.env[FAULT_REPORT_FOLDER];
    if (folder !== undefined) appendFileSync(join(folder, id), `${cameOut}\n`);
  };
  describeUnless(missing, `${id} ${done}`, () => suite(tell));
}
