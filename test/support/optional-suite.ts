/** CI sets this to 1: there a missing tool is a failure, not a reason to skip. */
export const areOptionalSuitesRequired = process.env.REQUIRE_OPTIONAL_SUITES === '1';

/**
 * A suite that needs a tool of the machine. Without the tool it is skipped, with the reason in its name; where
 * optional suites are required it fails instead.
 * @param missing what is missing, such as "sshd is not installed"; undefined when all is there
 */
export function describeUnless(missing: string | undefined, name: string, suite: () => void): void {
  if (missing === undefined) {
    describe(name, suite);
  } else if (areOptionalSuitesRequired) {
    describe(name, () => {
      test('can run on this machine', () => {
        throw new Error(`REQUIRE_OPTIONAL_SUITES=1, but ${missing}`);
      });
    });
  } else {
    describe.skip(`${name} (skipped: ${missing})`, suite);
  }
}
