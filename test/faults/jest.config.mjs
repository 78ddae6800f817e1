import base from '../../jest.config.mjs';

/** `npm run test:faults`: every fault of the field, happening in a transfer; one line a fault. */
export default {
  ...base,
  rootDir: '../..',
  testMatch: ['<rootDir>/test/faults/f*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/'],
  reporters: ['<rootDir>/test/faults/support/fault-reporter.ts'],
  testSequencer: '<rootDir>/test/faults/support/by-name-sequencer.mjs',
  testTimeout: 120_000,
};
