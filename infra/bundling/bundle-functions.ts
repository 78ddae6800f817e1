import path from 'node:path';
import { buildSync } from 'esbuild';
import type { AnyFunction } from '../steps.ts';
import { type ZipEntry, zip } from './zip.ts';

/** Where the root of this project is, and with it the sources of the functions. */
export const PROJECT_FOLDER = path.join(import.meta.dirname, '../..');

/**
 * ssh2 uses these native add-ons where they were built, else JavaScript. They are left out, so that a bundle
 * runs on any processor and does not depend on what the machine that made it had compiled.
 */
const NATIVE_ADDONS = ['*.node', 'cpu-features'];

/**
 * Bundles the `handler.ts` of steps into a deployment package of `index.js` (CommonJS, minified) and its source
 * map. Equal sources give equal bytes, in any folder.
 * @param sourceFolder holds one folder per step; `lambdas/` by default
 */
export function bundleFunctions<Step extends AnyFunction>(
  steps: readonly Step[],
  sourceFolder = path.join(PROJECT_FOLDER, 'lambdas'),
): Readonly<Record<Step, Buffer>> {
  const outputFolder = path.join(PROJECT_FOLDER, 'dist');
  const { outputFiles } = buildSync({
    absWorkingDir: PROJECT_FOLDER,
    entryPoints: steps.map((step) => ({
      in: path.join(sourceFolder, step, 'handler.ts'),
      out: `${step}/index`,
    })),
    outdir: outputFolder,
    write: false,
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'cjs',
    mainFields: ['module', 'main'],
    external: NATIVE_ADDONS,
    minify: true,
    sourcemap: true,
    sourcesContent: false,
    legalComments: 'none',
    preserveSymlinks: true,
    logLevel: 'warning',
  });
  const packages = steps.map((step) => {
    const folder = path.join(outputFolder, step);
    const entries: ZipEntry[] = outputFiles
      .filter((file) => path.dirname(file.path) === folder)
      .map((file) => ({ name: path.basename(file.path), bytes: file.contents }));
    return [step, zip(entries)];
  });
  return Object.fromEntries(packages) as Record<Step, Buffer>;
}
