const PLACEHOLDER = /^\$\{(\w+)\}$/;

/**
 * Fills the placeholders of a workflow definition: `${Name}` as a whole string value.
 * @param definition the text of an ASL file, valid JSON as it is
 * @throws Error naming the placeholders that have no value, the values that have no placeholder, or a
 *   placeholder inside a longer string: Terraform would take it for an expression of its own
 */
export function fillPlaceholders(definition: string, values: Readonly<Record<string, string>>): string {
  const used = new Set<string>();
  const unknown = new Set<string>();
  const filled: unknown = JSON.parse(definition, (_key, value: unknown) => {
    if (typeof value !== 'string' || !value.includes('${')) return value;
    const name = PLACEHOLDER.exec(value)?.[1];
    if (name === undefined) throw new Error(`the workflow has a placeholder inside a string: ${value}`);
    used.add(name);
    if (!Object.hasOwn(values, name)) unknown.add(name);
    return values[name] ?? value;
  });
  if (unknown.size > 0)
    throw new Error(`the workflow has placeholders without a value: ${[...unknown].join(', ')}`);
  const unused = Object.keys(values).filter((name) => !used.has(name));
  if (unused.length > 0) throw new Error(`the workflow has no placeholder for: ${unused.join(', ')}`);
  return JSON.stringify(filled);
}
