import base from '../../jest.config.mjs';

/** `npm run test:servers`: a transfer and a check against every SFTP server that this machine can start. */
export default {
  ...base,
  rootDir: '../..',
  testMatch: ['<rootDir>/test/servers/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/'],
  testTimeout: 120_000,
};
