import { isIPv4 } from 'node:net';
import type { EgressEcho } from '../ports.ts';

/** The check has two minutes in all, and an echo answers at once or not at all. */
const ANSWER_TIMEOUT_MS = 5_000;
/** An address has 15 characters; what is longer by far is a page about something else. */
const MAX_ANSWER_CHARACTERS = 1_000;

/** Asks a web server which address it sees: plain text, or JSON with the field `ip`. */
export class HttpEgressEcho implements EgressEcho {
  readonly url: string;
  readonly #timeoutMs: number;

  constructor(url: string, timeoutMs = ANSWER_TIMEOUT_MS) {
    this.url = url;
    this.#timeoutMs = timeoutMs;
  }

  async seenAddress(signal: AbortSignal): Promise<{ address: string } | { failure: string }> {
    try {
      const response = await fetch(this.url, {
        redirect: 'manual',
        signal: AbortSignal.any([signal, AbortSignal.timeout(this.#timeoutMs)]),
      });
      if (!response.ok) {
        await response.body?.cancel();
        return { failure: `status ${response.status}` };
      }
      const address = addressIn(await beginningOf(response));
      return address === undefined ? { failure: 'the answer holds no IPv4 address' } : { address };
    } catch (error) {
      return { failure: reasonOf(error) };
    }
  }
}

/** Reads no more than it takes to see that it is too long. */
async function beginningOf(response: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const bytes of response.body ?? []) {
    text += decoder.decode(bytes as Uint8Array, { stream: true });
    if (text.length > MAX_ANSWER_CHARACTERS) break;
  }
  return text;
}

function addressIn(text: string): string | undefined {
  const plain = text.trim();
  if (isIPv4(plain)) return plain;
  try {
    const { ip } = JSON.parse(plain) as { ip?: unknown };
    return typeof ip === 'string' && isIPv4(ip) ? ip : undefined;
  } catch {
    return undefined;
  }
}

/** fetch hides the reason of a lost connection in the cause of its error. */
function reasonOf(error: unknown): string {
  const { cause, message } = error as { cause?: { message?: string }; message: string };
  return cause?.message ?? message;
}
