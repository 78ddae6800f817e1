import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';

/**
 * What a file exports for others, others import: whatever nobody imports is dead, or private. Types are left out, since
 * those of an exported function's parameters are part of what it offers.
 */

const PROJECT = path.join(import.meta.dirname, '../..');
/** Lambda, jest and the command line's launcher find these by their names. */
const FOUND_BY_NAME = [
  /^lambdas\/[a-z-]+\/handler\.ts#handler$/,
  /^test\/support\/aws\/answering-handler\.ts#handler$/,
  /^test\/faults\/support\/fault-reporter\.ts#/,
  /^test\/terraform\/find-tools-once\.ts#/,
];

const files = execFileSync('git', ['ls-files', '*.ts'], { cwd: PROJECT, encoding: 'utf8' })
  .split('\n')
  .filter((file) => file !== '');

const texts = new Map(files.map((file) => [file, readFileSync(path.join(PROJECT, file), 'utf8')]));

function exportsOf(text: string): string[] {
  const declarations = text.matchAll(
    /^export (?:async )?(?:const|let|function\*?|class|abstract class) (\w+)/gm,
  );
  return [...declarations].map(([, name = '']) => name);
}

/** Each import as `file#name`; `file#*` where the whole module is taken. */
function importsOf(file: string, text: string): string[] {
  const from = (specifier: string) => path.posix.join(path.posix.dirname(file), specifier);
  const named = [...text.matchAll(/(?:import|export)\s+(?:type\s+)?\{([^}]*)\}\s+from '(\.[^']+)'/g)];
  const whole = [
    ...text.matchAll(/(?:import \* as \w+ from|import\(|requireActual\(|jest\.mock\()\s*'(\.[^']+)'/g),
  ];
  return [
    ...named.flatMap(([, names = '', specifier = '']) =>
      names.split(',').map(
        (name) =>
          `${from(specifier)}#${
            name
              .trim()
              .replace(/^type /, '')
              .split(' as ')[0]
          }`,
      ),
    ),
    ...whole.map(([, specifier = '']) => `${from(specifier)}#*`),
  ];
}

const imported = new Set([...texts].flatMap(([file, text]) => importsOf(file, text)));

test('every exported value is imported somewhere', () => {
  const loose = [...texts]
    .filter(([file]) => !imported.has(`${file}#*`))
    .flatMap(([file, text]) => exportsOf(text).map((name) => `${file}#${name}`))
    .filter((name) => !imported.has(name) && !FOUND_BY_NAME.some((pattern) => pattern.test(name)));
  expect(loose).toEqual([]);
});

test('exports and imports are seen', () => {
  expect(exportsOf('export const a = 1;\nexport async function b() {}\nconst c = 2;\n')).toEqual(['a', 'b']);
  expect(
    importsOf('x/y.ts', "import { a, type B, c as d } from '../z/w.ts';\nawait import('./v.ts');"),
  ).toEqual(['z/w.ts#a', 'z/w.ts#B', 'z/w.ts#c', 'x/v.ts#*']);
});
