import type { Html } from '../html.ts';

/** A horizontal strip of the picture; all strips share the axis of time. */
export interface Band {
  /** On the left. */
  label: string;
  /** Smaller, below the label. */
  note?: string;
  height: number;
  /** Draws the strip from `top` to `top + height`. */
  draw: (top: number) => Html;
}
