import { formatRate } from '../../format/numbers.ts';
import { html } from '../html.ts';
import type { RateCurve } from '../rate-curve.ts';
import { valueTicks } from '../ticks.ts';
import type { Band } from './band.ts';
import { PLOT_LEFT, PLOT_WIDTH, round } from './frame.ts';

const HEIGHT = 110;

/** The largest unit that leaves numbers above 1. */
const UNITS = [
  { name: 'MiB/s', bytesPerSecond: 1024 ** 2 },
  { name: 'KiB/s', bytesPerSecond: 1024 },
  { name: 'bytes/s', bytesPerSecond: 1 },
] as const;

/** The rate over time, above 0 somewhere, as an area; with the mean of the whole transfer. */
export function rateBand(curve: RateCurve, meanBytesPerSecond: number): Band {
  const highest = Math.max(...curve.rates);
  const unit = UNITS.find(({ bytesPerSecond }) => highest >= bytesPerSecond) ?? UNITS[2];
  const ticks = valueTicks(highest / unit.bytesPerSecond);
  const highestTick = (ticks.at(-1) ?? 1) * unit.bytesPerSecond;
  const heightOf = (bytesPerSecond: number) => (HEIGHT * bytesPerSecond) / highestTick;
  return {
    label: 'Rate',
    note: unit.name,
    height: HEIGHT,
    draw(topY) {
      const yOf = (bytesPerSecond: number) => round(topY + HEIGHT - heightOf(bytesPerSecond));
      const sliceWidth = PLOT_WIDTH / curve.rates.length;
      const steps = curve.rates
        .map(
          (rate, index) =>
            `${round(PLOT_LEFT + index * sliceWidth)} ${yOf(rate)}H${round(PLOT_LEFT + (index + 1) * sliceWidth)}`,
        )
        .join('L');
      const right = PLOT_LEFT + PLOT_WIDTH;
      const meanY = yOf(meanBytesPerSecond);
      return html`${ticks.map((tick) => html`<path class="grid" d="M${PLOT_LEFT} ${yOf(tick * unit.bytesPerSecond)}H${right}"/><text class="value" x="${PLOT_LEFT - 8}" y="${yOf(tick * unit.bytesPerSecond) + 4}">${Number(tick.toPrecision(3))}</text>`)}
<path class="rate-area" d="M${PLOT_LEFT} ${topY + HEIGHT}L${steps}L${right} ${topY + HEIGHT}Z"/>
<path class="rate-line" d="M${steps}"/>
<path class="mean" d="M${PLOT_LEFT} ${meanY}H${right}"><title>Mean of the whole transfer: ${formatRate(meanBytesPerSecond)}</title></path>`;
    },
  };
}
