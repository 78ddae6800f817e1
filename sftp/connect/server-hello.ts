import { KIB } from '../../transfer/text/units.ts';
import type { AlgorithmOffer } from './algorithms.ts';

const MAX_HELLO_BYTES = 64 * KIB;
const KEXINIT = 20;
/** packet_length, padding_length, message number, cookie. */
const BYTES_BEFORE_LISTS = 4 + 1 + 1 + 16;

/**
 * Reads along what a server sends before encryption begins, so that a failed connection can be explained: ssh2 says
 * neither that the server identified itself nor what algorithms it offered.
 */
export class ServerHello {
  /** `SSH-2.0-…`, once it came. */
  identification: string | undefined;
  /** Lines before the identification: OpenSSH says here "Exceeded MaxStartups". */
  greeting = '';
  offer: AlgorithmOffer | undefined;
  readonly #onIdentified: (identification: string) => void;
  readonly #onOffer: (offer: AlgorithmOffer) => void;
  #pending = Buffer.alloc(0);
  #done = false;

  constructor(
    onIdentified: (identification: string) => void = () => {},
    onOffer: (offer: AlgorithmOffer) => void = () => {},
  ) {
    this.#onIdentified = onIdentified;
    this.#onOffer = onOffer;
  }

  push(data: Buffer): void {
    if (this.#done) return;
    this.#pending = Buffer.concat([this.#pending, data]);
    if (this.identification === undefined) this.#readLines();
    if (this.identification !== undefined) this.#readKexInit();
    if (this.#pending.length > MAX_HELLO_BYTES) this.#finish();
  }

  #readLines(): void {
    for (;;) {
      const end = this.#pending.indexOf('\n');
      if (end === -1) return;
      const line = this.#pending.toString('utf8', 0, end).trimEnd();
      this.#pending = this.#pending.subarray(end + 1);
      if (line.startsWith('SSH-')) {
        this.identification = line;
        this.#onIdentified(line);
        return;
      }
      this.greeting += `${line}\n`;
    }
  }

  #readKexInit(): void {
    if (this.#pending.length < BYTES_BEFORE_LISTS) return;
    const packetLength = this.#pending.readUInt32BE(0);
    if (packetLength > MAX_HELLO_BYTES || this.#pending[5] !== KEXINIT) {
      this.#finish();
      return;
    }
    if (this.#pending.length < 4 + packetLength) return;
    const lists = nameLists(this.#pending.subarray(BYTES_BEFORE_LISTS, 4 + packetLength));
    const [kex, serverHostKey, , cipher, , hmac] = lists;
    if (kex && serverHostKey && cipher && hmac) {
      this.offer = { kex, serverHostKey, cipher, hmac };
      this.#onOffer(this.offer);
    }
    this.#finish();
  }

  #finish(): void {
    this.#done = true;
    this.#pending = Buffer.alloc(0);
  }
}

function nameLists(payload: Buffer): string[][] {
  const lists: string[][] = [];
  let position = 0;
  while (position + 4 <= payload.length && lists.length < 6) {
    const length = payload.readUInt32BE(position);
    const names = payload.toString('latin1', position + 4, position + 4 + length);
    lists.push(names === '' ? [] : names.split(','));
    position += 4 + length;
  }
  return lists;
}
