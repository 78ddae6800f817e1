import type { AuthContext } from 'ssh2';
import { type LoginPolicy, parsePublicKey, provesKey } from '../../../local/sftp-server/login.ts';

/** What a login behaviour knows of the connection it answers on. */
export interface LoginConnection {
  policy: LoginPolicy;
  /** Set by a behaviour once the key was proved; a second factor follows. */
  keyProved: boolean;
  /** To be told of credentials that come after the attempt itself. */
  noteCredential(bytes: number): void;
  /** Ends the connection with no answer. */
  drop(): void;
}

/** Answers every login attempt of a connection. */
export type LoginBehaviour = (attempt: AuthContext, connection: LoginConnection) => void;

/** Lets nobody in, though it claims to take a password or a key. */
export const refuseEveryone: LoginBehaviour = (attempt) => attempt.reject(['password', 'publickey']);

/** Drops the connection at the first credential, as servers do that count attempts. */
export const dropAtCredential: LoginBehaviour = (attempt, { drop }) => {
  if (attempt.method === 'none') attempt.reject(['password', 'publickey']);
  else drop();
};

/** OpenSSH's `AuthenticationMethods publickey,password`. */
export const keyThenPassword: LoginBehaviour = (attempt, connection) => {
  if (!connection.keyProved) return proveKey(attempt, connection, 'password');
  if (attempt.method === 'password' && attempt.password === connection.policy.password)
    return attempt.accept();
  attempt.reject(['password']);
};

/** OpenSSH's `AuthenticationMethods publickey,keyboard-interactive`. */
export const keyThenQuestion: LoginBehaviour = (attempt, connection) => {
  if (!connection.keyProved) return proveKey(attempt, connection, 'keyboard-interactive');
  askPassword(attempt, connection);
};

/** Takes no password, but asks for it: PAM behind OpenSSH does so. */
export const questionOnly: LoginBehaviour = (attempt, connection) => askPassword(attempt, connection);

/** Takes the password or the answer to a question for it: OpenSSH with PAM, as distributions ship it. */
export const passwordOrQuestion: LoginBehaviour = (attempt, connection) => {
  if (attempt.method === 'password' && attempt.password === connection.policy.password)
    return attempt.accept();
  if (attempt.method === 'keyboard-interactive') return askPassword(attempt, connection);
  attempt.reject(['password', 'keyboard-interactive']);
};

/** Asks for the password, then for a code that nobody has. */
export const questionThenCode: LoginBehaviour = (attempt, connection) => {
  if (attempt.method !== 'keyboard-interactive') return attempt.reject(['keyboard-interactive']);
  attempt.prompt([{ prompt: 'Password: ', echo: false }], (passwords) => {
    connection.noteCredential(byteLength(passwords));
    attempt.prompt([{ prompt: 'Code: ', echo: false }], (codes) => {
      connection.noteCredential(byteLength(codes));
      attempt.reject(['keyboard-interactive']);
    });
  });
};

/** Says that the password has expired and wants a new one. */
export const passwordExpired: LoginBehaviour = (attempt) => {
  if (attempt.method === 'password') attempt.requestChange('Your password has expired', () => {});
  else attempt.reject(['password']);
};

function proveKey(
  attempt: AuthContext,
  connection: LoginConnection,
  next: 'password' | 'keyboard-interactive',
): void {
  const { publicKey } = connection.policy;
  if (
    attempt.method !== 'publickey' ||
    publicKey === undefined ||
    !provesKey(attempt, parsePublicKey(publicKey))
  ) {
    attempt.reject(['publickey']);
  } else if (attempt.signature === undefined) {
    attempt.accept();
  } else {
    connection.keyProved = true;
    attempt.reject([next], true);
  }
}

function askPassword(attempt: AuthContext, { policy, noteCredential }: LoginConnection): void {
  if (attempt.method !== 'keyboard-interactive') {
    attempt.reject(['keyboard-interactive']);
    return;
  }
  attempt.prompt([{ prompt: `${policy.username}'s password: `, echo: false }], (answers) => {
    noteCredential(byteLength(answers));
    if (Array.isArray(answers) && answers[0] === policy.password) attempt.accept();
    else attempt.reject(['keyboard-interactive']);
  });
}

function byteLength(answers: unknown): number {
  return Array.isArray(answers) ? Buffer.byteLength(answers.join('')) : 0;
}
