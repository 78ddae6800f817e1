import { archiveMistake } from '../../../folder/archive-place.ts';

test.each<[string, string, number, string, string | undefined]>([
  // name, root, depth that is read, template, mistake
  ['another tree', '/in', 5, '/archive/{name}', undefined],
  ['beside it, with a name alike', '/in', 5, '/in-done/{name}', undefined],
  ['a folder below, which is not read', '/in', 0, '/in/archive/{name}', undefined],
  ['the same, relative', '/in', 0, 'archive/{name}', undefined],
  ['the same, of a relative folder', 'in', 0, 'archive/{name}', undefined],
  ['dated folders below what is read', '/in', 1, '/in/{run:yyyy/MM}/{name}', undefined],
  ['the folder itself', '/in', 0, '/in/{name}.done', 'it is inside /in, which is read 0 folders deep'],
  ['the folder itself, relative', '/in', 0, '{name}.done', 'it is inside /in'],
  [
    'a folder below, which is read',
    '/in',
    1,
    '/in/archive/{name}',
    'it is inside /in, which is read 1 folder deep',
  ],
  ['a dated folder that is read', '/in', 2, '/in/{run:yyyy/MM}/{name}', 'it is inside /in'],
  ['the root of the server', '/', 1, '/archive/{name}', 'it is inside /'],
  [
    'a token that may name the folder',
    '/in/daily',
    0,
    '/in/{stem}/{name}',
    'a token in its folders may lead into',
  ],
  ['a file beside the folder', '/in/daily', 0, '/in/{name}', undefined],
  ['a path that may name the folder', '/in/daily', 1, '/in/{path}', 'a token in its folders may lead into'],
  ['no name of a file', '/in', 0, '/archive/', 'it must end with the name of the file'],
  ['climbing', '/in', 0, '../archive/{name}', 'it must not climb'],
  ['a slash too many', '/in/', 0, '/in//archive/{name}', undefined],
  ['a folder of the home folder, which is not resolved yet', 'in', 5, '/home/us/in/a/{name}', undefined],
])('%s', (_name, root, maxDepth, to, mistake) => {
  const found = archiveMistake({ root, maxDepth }, to);

  if (mistake === undefined) expect(found).toBeUndefined();
  else expect(found).toContain(mistake);
});
