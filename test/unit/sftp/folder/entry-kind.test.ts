import { kindOf } from '../../../../sftp/folder/entry-kind.ts';

test.each([
  [0o100644, 'file'],
  [0o100000, 'file'],
  [0o040755, 'folder'],
  [0o120777, 'link'],
  [0o010644, 'other'],
  [0o140755, 'other'],
  [0o060644, 'other'],
  [0o644, 'unknown'],
  [undefined, 'unknown'],
])('mode %s is a %s', (mode, kind) => {
  expect(kindOf(mode)).toBe(kind);
});
