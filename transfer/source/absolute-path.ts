/** Path on the server of one that is relative to a folder's root; the root itself for an empty one. */
export function absolute(rootPath: string, path: string): string {
  if (path === '') return rootPath;
  return rootPath.endsWith('/') ? rootPath + path : `${rootPath}/${path}`;
}
