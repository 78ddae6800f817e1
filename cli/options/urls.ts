import { userInfo } from 'node:os';
import { basename } from 'node:path/posix';
import { domainToASCII } from 'node:url';
import { s3Bucket } from '../../transfer/contracts.ts';
import { hidePassword } from '../format/hide-password.ts';
import { UsageError } from '../usage-error.ts';

const DEFAULT_SFTP_PORT = 22;
const MAX_PORT = 65_535;

export interface SftpUrl {
  host: string;
  port: number;
  username: string;
  /** Absolute, or relative to the home folder when the URL's path began with `/~/`. */
  path: string;
}

/**
 * Parses `sftp://user@host:port/path` as curl does: the path is absolute and percent-decoded, `/~/` is the home folder.
 * The path is exactly what was written: blanks, dots and line ends stay.
 * @throws UsageError
 */
export function parseSftpUrl(text: string): SftpUrl {
  const { path, ...server } = parseSftpServerUrl(text);
  if (path === undefined) throw new UsageError(`${text} names no file`);
  return { ...server, path };
}

/**
 * The same for a URL of a folder: `/` is the server's root, which is all that many servers show of a login's files, and
 * `/~/` the home folder.
 * @throws UsageError
 */
export function parseSftpFolderUrl(text: string): SftpUrl {
  const { path, ...server } = parseSftpServerUrl(text);
  if (path !== undefined) return { ...server, path };
  const written = pathAsWritten(text);
  if (written === '')
    throw new UsageError(
      `${quote(text)} names no folder: end it with / for the root, or /~/ for the home folder`,
    );
  return { ...server, path: written === '/' ? '/' : '.' };
}

/** The same for a URL that may name no file. @throws UsageError */
export function parseSftpServerUrl(text: string): Omit<SftpUrl, 'path'> & { path: string | undefined } {
  const url = parseUrl(text, 'sftp:', 'sftp://user@host:port/path');
  if (url.password !== '') {
    throw new UsageError('the SFTP URL holds a password; other users can see it: use --password-env NAME');
  }
  const path = decode(pathAsWritten(text), text);
  return {
    host: hostName(url.hostname, text),
    port: url.port === '' ? DEFAULT_SFTP_PORT : portNumber(url.port, text),
    username: url.username === '' ? ownName(text) : decode(url.username, text),
    path: ['', '/', '/~', '/~/'].includes(path)
      ? undefined
      : path.startsWith('/~/')
        ? path.slice('/~/'.length)
        : path,
  };
}

/**
 * Parses `s3://bucket/key`. A key that is empty or ends with a slash gets the source's file name.
 * @throws UsageError
 */
export function parseS3Url(text: string, sourcePath: string): { bucket: string; key: string } {
  const match = /^s3:\/\/([^/]+)(?:\/(.*))?$/s.exec(text);
  if (match === null) throw new UsageError(`${quote(text)} is not of the form s3://bucket/key`);
  const [, bucket = '', key = ''] = match;
  return { bucket, key: key === '' || key.endsWith('/') ? key + basename(sourcePath) : key };
}

/** Parses `s3://bucket/prefix`: what every key begins with, ending in a slash unless it is empty. @throws UsageError */
export function parseS3PrefixUrl(text: string): { bucket: string; prefix: string } {
  const match = /^s3:\/\/([^/]+)(?:\/(.*))?$/s.exec(text);
  if (match === null) throw new UsageError(`${quote(text)} is not of the form s3://bucket/prefix`);
  const [, bucket = '', prefix = ''] = match;
  const problem = s3Bucket.safeParse(bucket).error?.issues[0]?.message;
  if (problem !== undefined) throw new UsageError(`the bucket is ${quote(bucket)}, but ${problem}`);
  return { bucket, prefix: prefix === '' || prefix.endsWith('/') ? prefix : `${prefix}/` };
}

function parseUrl(text: string, protocol: string, form: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const [, port] = /:(\d+)$/.exec(authorityOf(text)) ?? [];
  if (url === undefined && port !== undefined) portNumber(port, text);
  if (url === undefined || url.protocol !== protocol || url.hostname === '') {
    throw new UsageError(`${quote(text)} is not of the form ${form}`);
  }
  if (/[?#]/.test(text)) {
    throw new UsageError(`${quote(text)}: write ? as %3F and # as %23 in the path`);
  }
  // The parser drops blanks and control characters without a word.
  if (/[\s\p{Cc}]/u.test(authorityOf(text))) {
    throw new UsageError(`${quote(text)}: blanks and control characters do not belong before the path`);
  }
  return url;
}

/** `sftp://user@host:port` */
function authorityOf(text: string): string {
  return /^[^/]*\/\/[^/]*/.exec(text)?.[0] ?? text;
}

/** URL itself drops tabs, line ends and blanks at the end, and resolves dots. */
function pathAsWritten(text: string): string {
  return text.slice(authorityOf(text).length);
}

/**
 * As it is asked for in DNS: letters that are not ASCII have a form of their own there. Others stay as they were
 * written, since the ledger knows servers by that text.
 * @throws UsageError
 */
function hostName(host: string, text: string): string {
  if (host.startsWith('[')) return host.slice(1, -1);
  if (!host.includes('%')) return host;
  const ascii = domainToASCII(decode(host, text));
  if (ascii === '')
    throw new UsageError(`${quote(text)}: ${quote(decode(host, text))} is not the name of a host`);
  return ascii;
}

/** @throws UsageError where the system has no name for this user, as in a container with a user's number only */
function ownName(text: string): string {
  try {
    return userInfo().username;
  } catch (error) {
    throw new UsageError(`${quote(text)} names no user: write sftp://user@host`, { cause: error });
  }
}

function portNumber(port: string, text: string): number {
  if (Number(port) > 0 && Number(port) <= MAX_PORT) return Number(port);
  throw new UsageError(`${quote(text)}: a port is a number from 1 to 65535`);
}

function decode(encoded: string, text: string): string {
  try {
    return decodeURIComponent(encoded);
  } catch (error) {
    throw new UsageError(`${quote(text)} is not percent-encoded UTF-8`, { cause: error });
  }
}

function quote(text: string): string {
  return JSON.stringify(hidePassword(text));
}
