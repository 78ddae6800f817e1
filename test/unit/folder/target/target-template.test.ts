import { calendarTime } from '../../../../folder/target/date-format.ts';
import {
  canCollide,
  fillTemplate,
  highestGroup,
  parseTemplate,
  TemplateError,
} from '../../../../folder/target/target-template.ts';

const VALUES = {
  path: 'in/report_07.tar.gz',
  modifiedAtSeconds: Date.parse('2026-11-24T23:30:00Z') / 1000,
  generation: 3,
  groups: ['07', ''],
  run: calendarTime(Date.parse('2026-11-25T23:30:00Z'), 'Europe/Berlin'),
  timeZone: 'Europe/Berlin',
};

test.each<[string, string]>([
  ['{path}', 'in/report_07.tar.gz'],
  ['{name}', 'report_07.tar.gz'],
  ['{stem}', 'report_07.tar'],
  ['{ext}', '.gz'],
  ['{stem}-{generation}{ext}', 'report_07.tar-3.gz'],
  ['{group.1}/{name}', '07/report_07.tar.gz'],
  ['x{group.2}y', 'xy'],
  ['x{group.9}y', 'xy'],
  ['{mtime:yyyy/MM/dd}/{name}', '2026/11/25/report_07.tar.gz'],
  ['{run:yyyy-MM-dd HH}', '2026-11-26 00'],
  ['{date:yyyyMMdd}', '20261126'],
  ['{date-1d:yyyyMMdd}', '20261125'],
  ['{date+7d:yyyyMMdd}', '20261203'],
  ['raw/{path}', 'raw/in/report_07.tar.gz'],
])('%s gives %s', (text, expected) => {
  expect(fillTemplate(parseTemplate(text), VALUES)).toBe(expected);
});

test.each<[string, string]>([
  ['a file without an extension', 'README'],
  ['a name that begins with a dot', '.profile'],
])('%s: {stem}{ext} is {name}', (_name, path) => {
  expect(fillTemplate(parseTemplate('{stem}{ext}'), { ...VALUES, path })).toBe(path);
});

test('a name with braces is not filled again', () => {
  expect(fillTemplate(parseTemplate('{name}'), { ...VALUES, path: '{stem}' })).toBe('{stem}');
});

test.each<[string, string]>([
  ['', 'it must not be empty'],
  ['{file}', 'there is no token {file}'],
  ['{Name}', 'there is no token {Name}'],
  ['{group.0}', 'there is no token {group.0}'],
  ['{mtime-1d:yyyy}', 'there is no token {mtime-1d:yyyy}'],
  ['{date-1:yyyy}', 'there is no token'],
  ['{run}', 'there is no token {run}'],
  ['{run:YYYY}', 'in {run:YYYY}, a date format'],
  ['{date:HH}', 'in {date:HH}, a date format'],
  ['a{b', 'a brace without its partner'],
  ['a}b', 'a brace without its partner'],
])('%p is refused: %s', (text, message) => {
  expect(() => parseTemplate(text)).toThrow(TemplateError);
  expect(() => parseTemplate(text)).toThrow(message);
});

test.each<[string, string, boolean]>([
  ['a/{path}', 'b/{path}', false],
  ['a/{path}', 'a/{path}', true],
  ['a/{path}', 'a/b/{path}', true],
  ['{path}', 'b/{path}', true],
  ['{stem}.csv', '{stem}.txt', false],
  ['{path}', '{path}.txt', true],
  ['a', 'a', true],
  ['ab', 'ac', false],
])('%s and %s can collide: %s', (one, other, expected) => {
  expect(canCollide(parseTemplate(one), parseTemplate(other))).toBe(expected);
  expect(canCollide(parseTemplate(other), parseTemplate(one))).toBe(expected);
});

test('what a template needs', () => {
  expect(highestGroup(parseTemplate('{group.2}{group.10}'))).toBe(10);
  expect(highestGroup(parseTemplate('{path}'))).toBe(0);
});
