import base from '../../jest.config.mjs';

/** `npm run test:line`: what only a packet-level line shows. Skipped by name where the machine cannot have one. */
export default {
  ...base,
  rootDir: '../..',
  testMatch: ['<rootDir>/test/line/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/'],
  testTimeout: 120_000,
};
