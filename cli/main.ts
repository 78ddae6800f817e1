import { keepCompiledCode } from './process/keep-compiled-code.ts';

// Before anything else is loaded.
keepCompiledCode(process.env);
await import('./run-program.ts');
