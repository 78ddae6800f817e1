import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LOG_QUERIES } from '../../../../infra/monitoring/log-queries.ts';

const LAMBDAS = join(import.meta.dirname, '../../../../lambdas');
const SOURCES = readdirSync(LAMBDAS, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => readFileSync(join(LAMBDAS, file), 'utf8'))
  .join('\n');

/** The logger's own, besides what the functions add; those of the workflow's log are Step Functions'. */
const LOGGER_FIELDS = ['level', 'message', 'error.name', 'error.message'];
const OF_FUNCTIONS = LOG_QUERIES.filter(({ logs }) => logs === 'functions');

test('every query has a name of its own', () => {
  expect(new Set(LOG_QUERIES.map(({ name }) => name)).size).toBe(LOG_QUERIES.length);
});

test.each(OF_FUNCTIONS)('$name looks for messages that the functions log', ({ query }) => {
  for (const [, message] of query.matchAll(/message = "([^"]*)"/g)) expect(SOURCES).toContain(`'${message}'`);
});

test.each(OF_FUNCTIONS)('$name looks at fields that the functions log', ({ query }) => {
  const made = [...query.matchAll(/\bas (\w+)/g)].map(([, alias]) => alias);
  const fields = [...query.replace(/"[^"]*"/g, '').matchAll(/[a-z]+[._][a-z._]+/g)].map(([field]) => field);

  for (const field of fields) {
    if (made.includes(field) || LOGGER_FIELDS.includes(field)) continue;
    expect(SOURCES).toMatch(new RegExp(`\\b${field}\\b`));
  }
  expect(fields.length).toBeGreaterThan(0);
});
