import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseJsonText, readConfigurationText } from '../../../../infra/config/read-json-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'sftp-to-s3-json-'));
const file = join(folder, 'config.json');

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function read(bytes: string | Buffer): unknown {
  writeFileSync(file, bytes);
  return parseJsonText(readConfigurationText(file), file);
}

test.each([
  ['as it is', '{"name": "ä"}'],
  ['with a byte order mark', '\ufeff{"name": "ä"}'],
])('JSON in UTF-8 is read %s', (_name, text) => {
  expect(read(text)).toEqual({ name: 'ä' });
});

test.each([
  ['little-endian UTF-16', Buffer.from('\ufeff{"name": 1}', 'utf16le')],
  ['big-endian UTF-16', Buffer.from('\ufeff{"name": 1}', 'utf16le').swap16()],
  ['UTF-16 without a mark', Buffer.from('{"name": 1}', 'utf16le')],
])('%s is named', (_name, bytes) => {
  expect(() => read(bytes)).toThrow('it must be UTF-8, but it is UTF-16');
});

test.each([
  [
    'a comma too many',
    '{\n  "list": [1, 2,],\n}',
    'line 2, column 17: a value is missing here, or a comma is too many',
  ],
  ['a missing comma', '{\n  "a": 1\n  "b": 2\n}', 'line 3, column 3: a comma is missing'],
  ['a comment', '{\n  // why\n  "a": 1\n}', 'line 2, column 3: JSON has no comments'],
  ['a word without quotes', '{"a": yes}', 'line 1, column 7: a word that is neither a string in quotes'],
  ['an end that is missing', '{"a": [1', 'line 1, column 9: the closing ] is missing'],
])('%s is told by line and column', (_name, text, words) => {
  expect(() => read(text)).toThrow(words);
});

test('YAML is told to be none', () => {
  expect(() => read('name: sftp-to-s3\nregion: eu-central-1\n')).toThrow(
    'YAML and other formats are not read',
  );
});

test('a file that is not there is told to be missing, and a folder to be unreadable', () => {
  expect(() => readConfigurationText(join(folder, 'none.json'))).toThrow('there is no such file');
  expect(() => readConfigurationText(folder)).toThrow('it cannot be read: EISDIR');
});
