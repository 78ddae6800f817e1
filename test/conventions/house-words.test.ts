import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';

/**
 * Documents, help, error texts and comments use the usual word, and one word for one thing: CONTRIBUTING.md has the
 * glossary.
 */

const PROJECT = path.join(import.meta.dirname, '../..');

const EVERYWHERE: readonly (readonly [instead: string, pattern: RegExp])[] = [
  ['"is in", "is on"', /\bstands? (in|on|there|where|beside|below|as|only|still|between)\b/i],
  ['"shows", "reports", "distinguishes"', /\btells\b/i],
  ['"is not a"', /(?<!\bthere )\b(is|are|was|were) no (?!longer\b)/i],
  ['"does not have", "does not support"', /\bknows? no\b/i],
  ['"no longer", "not any more"', /\bno more\b(?! than\b)/i],
  ['"alternately"', /\bby turns\b/i],
  ['"fixes"', /\bmend(s|ed|ing)?\b/i],
  ['"poll", "check", "listing"', /\b(a|an|first|last|second|every|each|one|two|next|further|more) looks?\b/i],
  ['a clause that does not end in "of it" or "by it"', /\b(of|by) it[,.;:)]/i],
  ['"cleanup", "clean up"', /\bclean-up/i],
  ['"allowlist"', /\ballow-list/i],
  ['"on-call engineer"', /\b(one|people|person) on call\b/i],
];

/** Where the layout of a page or a table has a width, it may be called so. */
const IN_DOCUMENTS: typeof EVERYWHERE = [['"concurrency"', /\bwidths?\b/i]];

const files = execFileSync('git', ['ls-files', '*.md', '*.ts'], { cwd: PROJECT, encoding: 'utf8' })
  .split('\n')
  .filter((file) => file !== '' && !file.startsWith('test/'));

/** As one reads it: the lines of a paragraph or a comment are one line. */
function readingText(text: string): string {
  return text.replaceAll(/\s*\n[ \t]*(?:\*(?!\/)|\/\/|>)?[ \t]*(?=\S)/g, ' ');
}

/** The house words of a text, each with some words around it and what to say instead. */
function houseWords(text: string, rules: typeof EVERYWHERE): string[] {
  const read = readingText(text);
  return rules.flatMap(([instead, pattern]) =>
    [...read.matchAll(new RegExp(pattern, 'gi'))].map(({ index, 0: found }) => {
      const around = read.slice(Math.max(0, index - 40), index + found.length + 20);
      return `…${around}…: say ${instead}`;
    }),
  );
}

test.each(files)('%s', (file) => {
  const rules = file.endsWith('.md') ? [...EVERYWHERE, ...IN_DOCUMENTS] : EVERYWHERE;
  expect(houseWords(readFileSync(path.join(PROJECT, file), 'utf8'), rules)).toEqual([]);
});

test.each([
  ['a word split over two lines of a comment', '/**\n * what it\n * tells us\n */'],
  ['a word split over two lines of a document', 'The upload is\nno fault.'],
  ['a clause', 'what is left of it, and more'],
])('%s is found', (_, text) => {
  expect(houseWords(text, EVERYWHERE)).toHaveLength(1);
});

test.each(['There is no such host.', 'It is no longer there.', 'no more than 8', 'Tell the partner.'])(
  '%j is plain English',
  (text) => {
    expect(houseWords(text, EVERYWHERE)).toEqual([]);
  },
);
