import base from '../../jest.config.mjs';

/** `npm run test:terraform`: the stack, by the real Terraform in an emulated AWS. One emulator at a time. */
export default {
  ...base,
  rootDir: '../..',
  testMatch: ['<rootDir>/test/terraform/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/'],
  globalSetup: '<rootDir>/test/terraform/find-tools-once.ts',
  testTimeout: 600_000,
  maxWorkers: 1,
  verbose: true,
};
