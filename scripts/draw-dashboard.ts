/**
 * Draws the dashboard of config/example.json as docs/images/dashboard.svg, from the JSON that the stack sends to
 * CloudWatch: what is where, under which title, with
 * which lines, for one partner; no figures are invented. `npm run draw-dashboard` synthesises before it.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

interface PlacedWidget {
  type: 'text' | 'metric' | 'alarm' | 'log';
  x: number;
  y: number;
  width: number;
  height: number;
  properties: {
    title?: string;
    markdown?: string;
    alarms?: string[];
    states?: string[];
    metrics?: unknown[][];
    query?: string;
  };
}

const PROJECT = path.join(import.meta.dirname, '..');
const STACK = path.join(PROJECT, 'cdktf.out/stacks/sftp-to-s3/cdk.tf.json');
const PICTURE = path.join(PROJECT, 'docs/images/dashboard.svg');

/** Pixels of one of CloudWatch's 24 columns, and of a unit of height. */
const COLUMN = 40;
const ROW = 30;
const GAP = 4;
/** Names of lines that fit below a graph. */
const MAX_NAMES = 4;
const COLOURS = ['#2e73b8', '#ff7f0e', '#2ca02c', '#d62728', '#9467bd', '#8c564b', '#17becf'];

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
const shortened = (text: string, characters: number): string =>
  text.length <= characters ? text : `${text.slice(0, characters - 1)}…`;
/** Terraform fills in addresses and ARNs at the deployment. */
const withoutReferences = (text: string): string => text.replaceAll(/\$\{[^}]*\}/g, '…');

function label(line: unknown[]): string | undefined {
  const options = line.at(-1) as { label?: string; visible?: boolean };
  return options.visible === false ? undefined : options.label;
}

function contents({ type, width, height, properties }: PlacedWidget): string {
  const { title = '', markdown = '', alarms = [], states, metrics = [], query = '' } = properties;
  const characters = Math.floor((width * COLUMN) / 7);
  if (type === 'text') {
    const lines = withoutReferences(markdown)
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => line.replaceAll(/[#*`]/g, '').trim());
    return lines
      .map(
        (line, index) => `<text x="10" y="${24 + index * 20}">${escaped(shortened(line, characters))}</text>`,
      )
      .join('');
  }
  const heading = `<text x="10" y="20" font-weight="bold">${escaped(shortened(title, characters))}</text>`;
  if (type === 'alarm') {
    if (states !== undefined)
      return `${heading}<text x="10" y="42" fill="#545b64">those of ${alarms.length} alarms that are in the state ${states.join()}</text>`;
    const perRow = Math.floor((width * COLUMN - 20) / 22);
    const tiles = alarms.map((_alarm, index) => {
      const [x, y] = [10 + (index % perRow) * 22, 32 + Math.floor(index / perRow) * 18];
      return `<rect x="${x}" y="${y}" width="18" height="14" rx="3" fill="#2ca02c" opacity="0.7"/>`;
    });
    return heading + tiles.join('');
  }
  if (type === 'log') {
    const fields = /fields ([^\n|]+)/.exec(query)?.[1]?.split(',') ?? [];
    const column = (width * COLUMN - 20) / fields.length;
    const names = fields.map(
      (field, index) =>
        `<text x="${10 + index * column}" y="46" fill="#545b64">${escaped(field.trim())}</text>`,
    );
    const rows = Array.from({ length: Math.floor((height * ROW - 60) / 24) }, (_, index) => 54 + index * 24);
    const rules = rows.map(
      (y) => `<line x1="10" x2="${width * COLUMN - 14}" y1="${y}" y2="${y}" stroke="#e9ebed"/>`,
    );
    return heading + names.join('') + rules.join('');
  }
  const floor = height * ROW - 40;
  const lines = metrics.map(label).filter((name) => name !== undefined);
  const grid = [0.25, 0.5, 0.75, 1].map((share) => {
    const y = Math.round(32 + (floor - 32) * share);
    return `<line x1="12" x2="${width * COLUMN - 16}" y1="${y}" y2="${y}" stroke="#e9ebed"/>`;
  });
  const names = lines
    .slice(0, MAX_NAMES)
    .map((name, index) => `<tspan fill="${COLOURS[index % COLOURS.length]}">■ ${escaped(name)}  </tspan>`);
  const legend = `<text x="10" y="${height * ROW - 14}" font-size="10">${names.join('')}</text>`;
  return heading + grid.join('') + legend;
}

/** The rows up to the second partner's: the first are about all, and all partners have the same. */
function firstPartner(widgets: readonly PlacedWidget[]): PlacedWidget[] {
  const alarmRows = widgets.filter(({ type }) => type === 'alarm');
  const end = alarmRows[2]?.y ?? Number.POSITIVE_INFINITY;
  return widgets.filter(({ y }) => y < end);
}

function draw(widgets: readonly PlacedWidget[]): string {
  const height = Math.max(...widgets.map((widget) => (widget.y + widget.height) * ROW));
  const boxes = widgets.map((widget) => {
    const [w, h] = [widget.width * COLUMN - GAP, widget.height * ROW - GAP];
    return `<svg x="${widget.x * COLUMN}" y="${widget.y * ROW}" width="${w}" height="${h}"><rect width="${w}" height="${h}" rx="4" fill="#fff" stroke="#d5dbdb"/>${contents(widget)}</svg>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${24 * COLUMN} ${height}" font-family="Helvetica, Arial, sans-serif" font-size="12"><rect width="100%" height="100%" fill="#f2f3f3"/>${boxes.join('\n')}</svg>\n`;
}

const { resource } = JSON.parse(readFileSync(STACK, 'utf8'));
const [dashboard] = Object.values<{ dashboard_body: string }>(resource.aws_cloudwatch_dashboard);
if (dashboard === undefined) throw new Error(`${STACK} has no dashboard`);
const { widgets } = JSON.parse(withoutReferences(dashboard.dashboard_body)) as { widgets: PlacedWidget[] };
writeFileSync(PICTURE, draw(firstPartner(widgets)));
process.stdout.write(`${path.relative(PROJECT, PICTURE)}\n`);
