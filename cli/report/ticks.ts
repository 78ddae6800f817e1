const MINUTE = 60;
const HOUR = 3_600;
const DAY = 86_400;

/** Steps of a clock that people read at a glance, in seconds. */
const TIME_STEPS_SECONDS: readonly number[] = [
  0.1,
  0.2,
  0.5,
  1,
  2,
  5,
  10,
  15,
  30,
  MINUTE,
  2 * MINUTE,
  5 * MINUTE,
  10 * MINUTE,
  15 * MINUTE,
  30 * MINUTE,
  HOUR,
  2 * HOUR,
  3 * HOUR,
  6 * HOUR,
  12 * HOUR,
  DAY,
  2 * DAY,
]; // prettier-ignore

/** A labelled place on an axis. */
export interface Tick {
  value: number;
  label: string;
}

/** At most `maxTicks` steps from 0 on; labels are hours, minutes or seconds, never two of them. */
export function timeTicks(durationSeconds: number, maxTicks: number): Tick[] {
  const step = TIME_STEPS_SECONDS.find((candidate) => durationSeconds / candidate <= maxTicks) ?? 7 * DAY;
  const [unitSeconds, unit] =
    step >= DAY ? [DAY, 'd'] : step >= HOUR ? [HOUR, 'h'] : step >= MINUTE ? [MINUTE, 'min'] : [1, 's'];
  return steps(durationSeconds, step).map((value) => ({
    value,
    label: value === 0 ? '0' : `${Number((value / unitSeconds).toFixed(1))} ${unit}`,
  }));
}

/** Round values from 0 to the first one that is not below `highest`, which is above 0: about four of them. */
export function valueTicks(highest: number): number[] {
  const rough = highest / 3;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 2.5, 5, 10].find((factor) => factor * power >= rough) ?? 10);
  return steps(highest + step * 0.999, step);
}

function steps(end: number, step: number): number[] {
  return Array.from({ length: Math.floor(end / step + 1e-9) + 1 }, (_, index) => index * step);
}
