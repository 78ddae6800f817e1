import { Html } from './html.ts';

/**
 * Slow to fast runs from orange over a quiet blue to a strong one, which stays readable to the colour-blind; what
 * failed is hatched besides being red.
 */
const CSS = `
:root {
  --page: #f5f6f8; --card: #ffffff; --ink: #1a2028; --muted: #57616d; --rule: #dfe3e8; --grid: #e9ecf0;
  --usual: #8db4e2; --on-usual: #12293f; --faster: #2f66ad; --on-faster: #ffffff;
  --slower: #f2b16b; --on-slower: #3b2205; --much-slower: #c2560c; --on-much-slower: #ffffff;
  --failed: #cf222e; --failed-line: #ffd7d9; --waiting: #c3cad3; --rate: #2f66ad; --rate-area: #dbe8f7; --mean: #57616d; --step: #7c8896;
  --good: #1a7f37; --bad: #cf222e; --stopped: #8a5a00; --live: #2f66ad;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #12161b; --card: #1a1f26; --ink: #e6e9ed; --muted: #9ba6b2; --rule: #2f3741; --grid: #262d36;
    --usual: #3f6ea6; --on-usual: #f0f6ff; --faster: #8fbdf3; --on-faster: #0d2136;
    --slower: #97591e; --on-slower: #fff4e6; --much-slower: #f59d56; --on-much-slower: #331a02;
    --failed: #f0525c; --failed-line: #5b171b; --waiting: #46505c; --rate: #8fbdf3; --rate-area: #1f3147; --mean: #9ba6b2; --step: #7c8896;
    --good: #4ac26b; --bad: #ff7b82; --stopped: #e0ae4b; --live: #8fbdf3;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--ink); font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", Arial, sans-serif; }
main { max-width: 1120px; margin: 0 auto; padding: 32px 20px 64px; }
header { margin-bottom: 20px; }
h1 { margin: 10px 0 2px; font-size: 26px; line-height: 1.25; font-weight: 650; overflow-wrap: anywhere; white-space: pre-wrap; }
h2 { margin: 0 0 12px; font-size: 18px; font-weight: 650; }
p { margin: 0 0 8px; }
a { color: inherit; text-decoration-color: var(--muted); text-underline-offset: 3px; }
code { font: 0.9em ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; overflow-wrap: anywhere; white-space: pre-wrap; }
section, .tiles { background: var(--card); border: 1px solid var(--rule); border-radius: 10px; padding: 20px; margin: 0 0 16px; }
.status { display: inline-block; margin: 0; padding: 3px 12px; border: 1.5px solid currentColor; border-radius: 99px; font-size: 14px; font-weight: 650; }
.status.succeeded { color: var(--good); } .status.failed, .status.timed_out { color: var(--bad); }
.status.aborted { color: var(--stopped); } .status.running { color: var(--live); }
.target, .source, .when { margin: 0; color: var(--muted); }
.failure { border-left: 4px solid var(--bad); }
.failure h2 { color: var(--bad); font-family: ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; }
.failure p { overflow-wrap: anywhere; white-space: pre-wrap; } .failure p:last-child { margin: 0; }
.next { color: var(--muted); }
.tiles { display: grid; grid-template-columns: repeat(4, 1fr); gap: 18px 12px; }
@media (max-width: 720px) { .tiles { grid-template-columns: repeat(2, 1fr); } }
.tiles dt { color: var(--muted); font-size: 13px; }
.tiles dd { margin: 0; font-size: 22px; line-height: 1.3; font-weight: 620; font-variant-numeric: tabular-nums; white-space: nowrap; }
small { display: block; color: var(--muted); font-size: 12.5px; line-height: 1.35; font-weight: 400; white-space: normal; }
figure { margin: 0; }
.scroll { overflow-x: auto; }
.scroll:focus-visible, summary:focus-visible, a:focus-visible { outline: 2px solid var(--live); outline-offset: 3px; border-radius: 3px; }
figcaption, .notes { color: var(--muted); font-size: 13.5px; }
.legend { display: flex; flex-wrap: wrap; gap: 4px 18px; margin: 14px 0 8px; padding: 0; list-style: none; }
.legend svg { width: 18px; height: 12px; margin-right: 7px; vertical-align: -1px; }
.notes { margin: 10px 0 0; padding-left: 18px; }
svg.timeline { display: block; width: 100%; min-width: 760px; height: auto; font: 12px system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", Arial, sans-serif; }
svg text { fill: var(--ink); font-variant-numeric: tabular-nums; }
svg .row { font-size: 12.5px; } svg .note, svg .value, svg .time { fill: var(--muted); font-size: 11.5px; }
svg .value { text-anchor: end; } svg .time { text-anchor: middle; }
svg .grid { stroke: var(--grid); stroke-width: 1; fill: none; } svg .axis { stroke: var(--rule); stroke-width: 1; }
svg .rate-area { fill: var(--rate-area); } svg .rate-line { fill: none; stroke: var(--rate); stroke-width: 1.3; }
svg .mean { fill: none; stroke: var(--mean); stroke-width: 1.3; stroke-dasharray: 5 4; }
svg .wait { fill: none; stroke: var(--mean); stroke-width: 1.2; stroke-dasharray: 2 3; }
svg .usual { fill: var(--usual); } svg .faster { fill: var(--faster); } svg .slower { fill: var(--slower); } svg .much-slower { fill: var(--much-slower); }
svg .failed { fill: url(#hatch); stroke: var(--failed); stroke-width: 1; } svg .hatch-ground { fill: var(--failed); } svg .hatch-line { fill: var(--failed-line); }
svg .usual.step { fill: var(--step); }
svg .waiting { fill: var(--waiting); }
svg .session { fill: var(--step); fill-opacity: 0.35; }
svg .cancelled { fill: none; stroke: var(--mean); stroke-width: 1; stroke-dasharray: 3 2; }
svg .running { fill: var(--rate-area); stroke: var(--live); stroke-width: 1; }
svg .on-usual, svg .on-faster, svg .on-slower, svg .on-much-slower, svg .on-failed, svg .on-waiting, svg .on-cancelled, svg .on-running { font-size: 11px; text-anchor: middle; pointer-events: none; }
svg .on-usual { fill: var(--on-usual); } svg .on-faster { fill: var(--on-faster); } svg .on-slower { fill: var(--on-slower); } svg .on-much-slower { fill: var(--on-much-slower); }
svg .on-failed { fill: var(--ink); paint-order: stroke; stroke: var(--card); stroke-width: 3px; }
g:target rect { stroke: var(--ink); stroke-width: 2.5; }
table { border-collapse: collapse; width: 100%; font-size: 14.5px; }
caption { text-align: left; color: var(--muted); font-size: 13.5px; padding-bottom: 8px; }
th, td { padding: 6px 14px 6px 0; border-bottom: 1px solid var(--rule); text-align: left; vertical-align: top; }
thead th { color: var(--muted); font-weight: 550; font-size: 13px; white-space: nowrap; }
tbody th { font-weight: 550; } tbody tr:last-child > * { border-bottom: 0; }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.long { overflow-wrap: anywhere; white-space: pre-wrap; min-width: 220px; }
td code, tbody th code { white-space: nowrap; }
.bar svg { display: block; width: 90px; height: 8px; margin-top: 7px; }
.properties { margin: 0; font-size: 14.5px; }
.properties div { display: grid; grid-template-columns: minmax(120px, 220px) 1fr; gap: 0 16px; padding: 6px 0; border-bottom: 1px solid var(--rule); }
.properties div:last-child { border-bottom: 0; }
.properties dt { color: var(--muted); } .properties dd { margin: 0; overflow-wrap: anywhere; }
details { border-top: 1px solid var(--rule); padding: 10px 0; } details:first-of-type { border-top: 0; }
summary { cursor: pointer; font-weight: 550; } details[open] summary { margin-bottom: 10px; }
@media print {
  @page { margin: 12mm; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  body { background: none; font-size: 13px; } main { max-width: none; padding: 0; }
  section { break-inside: auto; padding: 12px; } .tiles, figure, tr { break-inside: avoid; } h2, caption { break-after: avoid; }
  .scroll { overflow: visible; } svg.timeline { min-width: 0; }
  table { font-size: 11px; } th, td { padding: 4px 8px 4px 0; } thead th { white-space: normal; }
  thead .number { white-space: normal; } td code, tbody th code { white-space: normal; } .long { min-width: 0; } .bar svg { width: 48px; }
  details::details-content { content-visibility: visible; display: block; height: auto; }
  details > * { display: block; }
}
`;

export const STYLE = new Html(`<style>${CSS}</style>`);
