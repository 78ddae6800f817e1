import type { CostTable } from '../../cost/cost-of.ts';
import { type Html, html } from '../html.ts';
import { table } from './table.ts';

/** Cents matter for small files, fractions of a cent for one chunk. */
export function formatUsd(usd: number): string {
  return `$${usd.toFixed(usd === 0 || usd >= 1 ? 2 : 4)}`;
}

export function cost({ lines, totalUsd, notes }: CostTable): Html {
  return html`<section><h2>Cost on AWS</h2>${table(
    'Estimate in US dollars',
    [
      { title: 'Item', cell: ({ item }) => item },
      { title: 'Quantity', kind: 'number', cell: ({ quantity }) => quantity },
      { title: 'USD', kind: 'number', cell: ({ usd }) => formatUsd(usd) },
    ],
    [...lines, { item: 'Total', quantity: '', usd: totalUsd }],
  )}<ul class="notes">${notes.map((note) => html`<li>${note}</li>`)}</ul></section>`;
}
