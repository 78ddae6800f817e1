import { STYLE } from '../../../../cli/report/style.ts';

/** https://www.w3.org/TR/WCAG22/#contrast-minimum */
const READABLE = 4.5;

const [light, dark] = [...STYLE.markup.matchAll(/:root \{(.*?)\}/gs)].map(
  ([, block = '']) =>
    new Map([...block.matchAll(/--([\w-]+): (#[0-9a-f]{6})/g)].map(([, name, colour]) => [name, colour])),
);

function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const share = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string): number {
  const [low = 0, high = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

const TEXTS: [text: string, ground: string][] = [
  ['ink', 'page'],
  ['ink', 'card'],
  ['muted', 'page'],
  ['muted', 'card'],
  ['good', 'page'],
  ['bad', 'page'],
  ['bad', 'card'],
  ['stopped', 'page'],
  ['live', 'page'],
  ['on-usual', 'usual'],
  ['on-faster', 'faster'],
  ['on-slower', 'slower'],
  ['on-much-slower', 'much-slower'],
];

describe.each([
  ['light', light],
  ['dark', dark],
])('%s', (_name, colours) => {
  test.each(TEXTS)('%s is readable on %s', (text, ground) => {
    const [ink, paper] = [colours?.get(text), colours?.get(ground)];
    if (ink === undefined || paper === undefined) throw new Error('no such colour');

    expect(contrast(ink, paper)).toBeGreaterThanOrEqual(READABLE);
  });
});
