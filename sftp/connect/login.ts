import type { AnyAuthMethod, AuthenticationType, KeyboardInteractiveAuthMethod, ParsedKey } from 'ssh2';
import type { UsableCredentials } from './credentials.ts';
import { chooseRsaSignature, type RsaSignature, type SignatureFacts, signedBy } from './key-signature.ts';

type Prompts = Parameters<KeyboardInteractiveAuthMethod['prompt']>[3];
type Answer = Parameters<KeyboardInteractiveAuthMethod['prompt']>[4];

/**
 * One login, as the answers to ssh2's `authHandler`. Where there is a choice it asks with `none` first which methods
 * the server accepts (servers count that as no attempt); a key without a password leaves no choice, and the round trip is
 * saved. It tries the key, and the password or the keyboard-interactive question for it: each method once, and the
 * password once over both, because servers ban addresses for failed attempts. After a partial success it goes on with
 * what the server still wants.
 */
export class Login {
  readonly #credentials: UsableCredentials;
  readonly #onUnanswerable: (prompts: string[]) => void;
  readonly #signatureFacts: () => SignatureFacts;
  #passwordSpent = false;

  /** Methods that the server accepts (still, after a partial success), by its last word. */
  accepted: readonly string[] = [];
  /** Methods that were tried, `none` aside. */
  readonly tried: AuthenticationType[] = [];
  /** True once the server has not accepted and nothing is left to try. */
  refused = false;
  /** What the server takes, when the RSA key makes no signature of it that is allowed: the key was not tried. */
  unusableWith: SignatureFacts | undefined;
  /** The RSA signature that was used although the server had not said that it takes it. */
  guessedSignature: RsaSignature | undefined;
  #hasBegun = false;

  /**
   * @param onUnanswerable is called with questions that the password does not answer; the login then makes no progress
   * @param signatureFacts is asked when it comes to the key
   */
  constructor(
    credentials: UsableCredentials,
    onUnanswerable: (prompts: string[]) => void,
    signatureFacts: () => SignatureFacts,
  ) {
    this.#credentials = credentials;
    this.#onUnanswerable = onUnanswerable;
    this.#signatureFacts = signatureFacts;
  }

  /** @param methodsLeft null before the server was asked */
  next(methodsLeft: readonly AuthenticationType[] | null): AnyAuthMethod | false {
    const { username, password } = this.#credentials;
    this.accepted = methodsLeft ?? this.accepted;
    const isFirst = !this.#hasBegun;
    this.#hasBegun = true;
    if (isFirst && password !== undefined) return { type: 'none', username };
    const method = this.#candidates().find(({ type }) => isFirst || this.#isOpen(type));
    if (method === undefined) {
      this.refused = true;
      return false;
    }
    this.tried.push(method.type);
    if (method.type !== 'publickey') this.#passwordSpent = true;
    return method;
  }

  #isOpen(type: AuthenticationType): boolean {
    return this.accepted.includes(type) && !this.tried.includes(type);
  }

  #candidates(): AnyAuthMethod[] {
    const { username, password, privateKey } = this.#credentials;
    const candidates: AnyAuthMethod[] = [];
    const key = privateKey && this.#signingKey(privateKey);
    if (key !== undefined) candidates.push({ type: 'publickey', username, key });
    if (password !== undefined && !this.#passwordSpent) {
      candidates.push({ type: 'password', username, password });
      candidates.push({ type: 'keyboard-interactive', username, prompt: this.#prompter(password) });
    }
    return candidates;
  }

  /** The key with the signature algorithm that the server takes; undefined when there is none. */
  #signingKey(key: ParsedKey): ParsedKey | undefined {
    if (key.type !== 'ssh-rsa') return key;
    const facts = this.#signatureFacts();
    const algorithm = chooseRsaSignature(facts);
    this.unusableWith = algorithm === undefined ? facts : undefined;
    if (algorithm === undefined) return undefined;
    this.guessedSignature = facts.serverSignatures === undefined ? algorithm : undefined;
    return signedBy(key, algorithm);
  }

  /** Answers the first single question with the password; more of them is a second factor, which we do not have. */
  #prompter(password: string): KeyboardInteractiveAuthMethod['prompt'] {
    let answered = false;
    return (_name, _instructions, _language, prompts: Prompts, answer: Answer) => {
      if (answered || prompts.length !== 1) {
        this.#onUnanswerable(prompts.map(({ prompt }) => prompt.trim()));
        return;
      }
      answered = true;
      answer([password]);
    };
  }
}
