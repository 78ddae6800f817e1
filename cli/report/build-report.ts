import { costOf } from '../cost/cost-of.ts';
import { figuresOf } from '../timeline/figures.ts';
import type { TransferTimeline } from '../timeline/transfer-timeline.ts';
import { html } from './html.ts';
import { allChunks, slowestChunks } from './sections/chunks.ts';
import { cost as costSection } from './sections/cost.ts';
import { errors } from './sections/errors.ts';
import { settings } from './sections/settings.ts';
import { steps } from './sections/steps.ts';
import { nameOf, summary } from './sections/summary.ts';
import { timelineFigure } from './sections/timeline.ts';
import { STYLE } from './style.ts';

/** Nothing is fetched and nothing runs, whatever a file name holds. */
const CONTENT_POLICY = "default-src 'none'; style-src 'unsafe-inline'";

/** A transfer as one HTML page that needs nothing else: no script, no font, no request. */
export function buildReport(timeline: TransferTimeline): string {
  const figures = figuresOf(timeline);
  const cost = costOf(timeline, figures);
  const { markup } = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${CONTENT_POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${nameOf(timeline)}: ${timeline.status.toLowerCase().replace('_', ' ')}</title>
${STYLE}
</head>
<body>
<main>
${summary(timeline, figures, cost)}
${timelineFigure(timeline, figures)}
${errors(timeline)}
${slowestChunks(timeline, figures)}
${settings(timeline)}
${cost && costSection(cost)}
<section><h2>Details</h2>${steps(timeline)}${allChunks(timeline, figures)}</section>
</main>
</body>
</html>
`;
  return markup;
}
