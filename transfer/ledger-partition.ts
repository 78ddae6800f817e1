/** Partition keys of the ledger's table: a partner's functions may be allowed to touch that partner's only. */

export function folderPartition(partner: string, folder: string): string {
  return `${partner}#${folder}`;
}

/** Of the sessions in use. A folder's name is never empty. */
export function sessionPartition(partner: string): string {
  return `${partner}#`;
}
