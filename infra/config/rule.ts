import type { z } from 'zod';
import type { Mistake } from './mistakes.ts';

/** What one setting demands of another. It sees the raw configuration, before defaults. */
export type Rule = (configuration: unknown) => Mistake[];

/**
 * A rule over the settings that `reads` picks. It is silent while one of them is itself wrong, so that
 * every sound pair of settings is judged however many others are not.
 */
export function rule<Reads extends z.ZodType>(
  reads: Reads,
  check: (settings: z.infer<Reads>) => Mistake[],
): Rule {
  return (configuration) => {
    const settings = reads.safeParse(configuration);
    return settings.success ? check(settings.data) : [];
  };
}

/** One mistake for each item that equals an earlier one by `key`. */
export function duplicates<Item>(
  items: readonly Item[],
  key: (item: Item) => string,
  pathOf: (index: number) => string,
): Mistake[] {
  const firstIndexes = new Map<string, number>();
  return items.flatMap((item, index) => {
    const first = firstIndexes.get(key(item));
    if (first === undefined) {
      firstIndexes.set(key(item), index);
      return [];
    }
    return [{ path: pathOf(index), value: key(item), bound: `it must differ from ${pathOf(first)}` }];
  });
}
