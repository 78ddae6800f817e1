import base from '../../jest.config.mjs';

/** `npm run test:faults`: every fault of the field, happening in a transfer; one line a fault. */
export default {
  ...base,
  rootDir: '../..',
  testMatch: ['<rootDir>/test/faults/f*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/'],
  reporters: ['<rootDir>/test/faults/support/fault-reporter.ts'],
  testSequencer: '<rootDir>/test/faults/support/by-name-sequencer.mjs',
  // Ends what hangs. Forty logins and 200 MiB take minutes where others keep every core busy.
  testTimeout: 600_000,
};
