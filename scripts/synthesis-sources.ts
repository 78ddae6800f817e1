/** Top-level files and folders that `main.ts` reads: a copy of them synthesises the stack. */
export const SYNTHESIS_SOURCES: readonly string[] = [
  'main.ts',
  'package.json',
  'tsconfig.json',
  'config',
  'transfer',
  'sftp',
  's3',
  'doctor',
  'folder',
  'expectations',
  'ledger',
  'infra',
  'lambdas',
  'statemachine',
];
