/** Markup that may be put into a page as it is. Only `html` makes it, so every other text is escaped. */
export class Html {
  readonly markup: string;

  constructor(markup: string) {
    this.markup = markup;
  }
}

/** What may be put into a template; an absent value leaves nothing. */
export type Content = Html | string | number | undefined | false | readonly Content[];

/** A piece of HTML or SVG. Values are escaped for text and for quoted attributes, unless they are `Html`. */
export function html(template: TemplateStringsArray, ...values: readonly Content[]): Html {
  return new Html(String.raw({ raw: template }, ...values.map(render)));
}

function render(content: Content): string {
  if (content instanceof Html) return content.markup;
  if (content === undefined || content === false) return '';
  if (typeof content === 'string' || typeof content === 'number')
    return escapeText(showInvisible(String(content)));
  return content.map(render).join('');
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escapeText(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}

/**
 * Control characters, line ends among them, what turns the direction of writing, and lone surrogates as `\u{…}`:
 * file names come from a stranger's server, and must not look like others.
 */
function showInvisible(text: string): string {
  return text.replace(
    /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu,
    (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`,
  );
}
