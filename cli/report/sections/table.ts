import { type Content, type Html, html } from '../html.ts';

export interface Column<Row> {
  title: string;
  /** `number`: to the right, in figures of one width. `long`: may be broken anywhere. */
  kind?: 'text' | 'number' | 'long';
  cell: (row: Row) => Content;
}

/** A table whose first column names the row. */
export function table<Row>(caption: string, columns: readonly Column<Row>[], rows: readonly Row[]): Html {
  return html`<div class="scroll" role="region" aria-label="${caption}" tabindex="0"><table><caption>${caption}</caption>
<thead><tr>${columns.map(({ title, kind = 'text' }) => html`<th scope="col" class="${kind}">${title}</th>`)}</tr></thead>
<tbody>${rows.map(
    (row) => html`<tr>${columns.map(({ kind = 'text', cell }, index) =>
      index === 0
        ? html`<th scope="row" class="${kind}">${cell(row)}</th>`
        : html`<td class="${kind}">${cell(row)}</td>`,
    )}</tr>
`,
  )}</tbody></table></div>`;
}

/** Names and values, where a table would have one row. */
export function properties(entries: readonly (readonly [name: string, value: Content])[]): Html {
  return html`<dl class="properties">${entries
    .filter(([, value]) => value !== undefined && value !== false)
    .map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`;
}
