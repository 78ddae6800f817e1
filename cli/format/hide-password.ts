const PROTOCOL = /^[a-z][a-z0-9+.-]*:\/\//i;
/** From the colon behind a user name to the last @: a password may hold any character, unescaped ones too. */
const PASSWORD = /^([^/:@]*:).*@/s;

/** What somebody gave as a URL or as the name of a server, as an error may show it: without the password in it. */
export function hidePassword(text: string): string {
  const [protocol = ''] = PROTOCOL.exec(text) ?? [];
  return protocol + text.slice(protocol.length).replace(PASSWORD, '$1(hidden)@');
}
