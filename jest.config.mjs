/**
 * Sources are ESM TypeScript that Node runs as they are; under jest swc turns them into CommonJS.
 * The faults of the field, long lines and real servers take their time: `npm run test:faults`, `test:line`,
 * `test:servers`.
 */
export default {
  testEnvironment: 'node',
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  testPathIgnorePatterns: [
    '/node_modules/',
    '<rootDir>/test/faults/',
    '<rootDir>/test/line/',
    '<rootDir>/test/servers/',
    '<rootDir>/test/terraform/',
  ],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { target: 'es2024', parser: { syntax: 'typescript' } }, module: { type: 'commonjs' } },
    ],
  },
  testTimeout: 30_000,
  reporters: ['default', '<rootDir>/test/support/name-skipped.mjs'],
};
