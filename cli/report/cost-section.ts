/** What a transfer is estimated to cost on AWS. */
export interface CostSection {
  lines: readonly { item: string; quantity: string; usd: number }[];
  totalUsd: number;
  /** Each one a sentence: prices, region, what is left out. */
  notes: readonly string[];
}
