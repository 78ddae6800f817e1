const MINUTE_S = 60;
const HOUR_S = 60 * MINUTE_S;
const DAY_S = 24 * HOUR_S;

/** A duration for people, in its two largest units: `0.4 s`, `12 s`, `2 min 10 s`, `3 h 5 min`, `1 d 4 h`. */
export function formatDuration(seconds: number): string {
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < MINUTE_S) return `${whole} s`;
  if (whole < HOUR_S) return two(whole, MINUTE_S, 'min', 1, 's');
  if (whole < DAY_S) return two(whole, HOUR_S, 'h', MINUTE_S, 'min');
  return two(whole, DAY_S, 'd', HOUR_S, 'h');
}

function two(
  seconds: number,
  largeSeconds: number,
  large: string,
  smallSeconds: number,
  small: string,
): string {
  const rest = Math.floor((seconds % largeSeconds) / smallSeconds);
  const first = `${Math.floor(seconds / largeSeconds)} ${large}`;
  return rest === 0 ? first : `${first} ${rest} ${small}`;
}
