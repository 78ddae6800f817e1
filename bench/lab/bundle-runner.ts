import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';

/** As infra/bundling does for the functions: native add-ons are left out. */
const NATIVE_ADDONS = ['*.node', 'cpu-features'];

/** Bundles `contenders/node/node-runner.ts` into one JavaScript file, so that it runs as a Lambda would run it. */
export function bundleRunner(outputFile: string): void {
  buildSync({
    entryPoints: [fileURLToPath(new URL('../contenders/node/node-runner.ts', import.meta.url))],
    outfile: outputFile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    mainFields: ['module', 'main'],
    external: NATIVE_ADDONS,
    minify: true,
    logLevel: 'error',
  });
}
