/** Where the runs of a partner keep what does not fit into the state of an execution. A lifecycle rule ends `runs/`. */
export function runKeys(partner: string, runId: string) {
  const base = `runs/${partner}/${runId}`;
  return {
    /** The run as its first step planned it. */
    run: `${base}/run.json`,
    /** One batch of small files a line. */
    batches: `${base}/batches.jsonl`,
    /** One large file a line. */
    large: `${base}/large.jsonl`,
    /** Every entry of the listing with its outcome, one a line. */
    decisions: `${base}/decisions.jsonl`,
    /** What came of the files, one a line; a file for each worker. */
    outcomes: `${base}/outcomes/`,
    /** There once the server has refused a login: nobody tries another one. */
    refusal: `${base}/refusal.json`,
    /** Where Step Functions writes the results of its Maps. */
    results: `${base}/results`,
  };
}

/** What one run leaves for the next one. */
export function folderStateKeys(partner: string, folder: string) {
  const base = `state/${partner}/${folder}`;
  return {
    /** The last listing. */
    listing: `${base}/listing.jsonl.gz`,
    /** The first complete listing, where the folder's `initial` asks for it. */
    baseline: `${base}/baseline.jsonl.gz`,
  };
}

/** Beginnings of all keys of one partner. */
export function stateKeyPrefixes(partner: string): string[] {
  return [`runs/${partner}/`, `state/${partner}/`];
}
