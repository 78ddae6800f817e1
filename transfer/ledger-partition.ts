/** Partition keys of the ledger's table: a partner's functions may be allowed to touch that partner's only. */

export function folderPartition(partner: string, folder: string): string {
  return `${partner}#${folder}`;
}

/** Of the sessions in use. A folder's name is never empty. */
export function sessionPartition(partner: string): string {
  return `${partner}#`;
}

/** Of the uploads whose parts are kept. No partner and no folder has a # in its name. */
export function keptUploadPartition(partner: string): string {
  return `${partner}##uploads`;
}

/** Of the expectations' status. */
export function expectationPartition(partner: string): string {
  return `${partner}##expectations`;
}
