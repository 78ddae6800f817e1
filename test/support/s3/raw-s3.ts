import { type Agent, type IncomingHttpHeaders, type OutgoingHttpHeaders, request } from 'node:http';
import { text } from 'node:stream/consumers';

export interface RawAnswer {
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
  /** Content of `<Code>`, where the body is an error document. */
  code: string | undefined;
}

/** Sends requests as they stand, which no SDK would: what a strict server refuses, and how. */
export class RawS3 {
  readonly #endpoint: string;
  readonly #agent: Agent | false;

  /** Without an agent, every request has a connection of its own. */
  constructor(endpoint: string, agent: Agent | false = false) {
    this.#endpoint = endpoint;
    this.#agent = agent;
  }

  async send(
    method: string,
    path: string,
    options: { headers?: OutgoingHttpHeaders; body?: string | Buffer } = {},
  ): Promise<RawAnswer> {
    const { hostname, port } = new URL(this.#endpoint);
    return new Promise((resolve, reject) => {
      const sent = request({
        hostname,
        port,
        method,
        path,
        headers: options.headers ?? {},
        agent: this.#agent,
      });
      sent.on('error', reject);
      sent.on('response', (response) => {
        text(response)
          .then((body) =>
            resolve({
              status: response.statusCode ?? 0,
              headers: response.headers,
              body,
              code: /<Code>(.*?)<\/Code>/.exec(body)?.[1],
            }),
          )
          .catch(reject);
      });
      sent.end(options.body);
    });
  }

  /** @returns the upload id */
  async createUpload(
    path: string,
    headers: OutgoingHttpHeaders = { 'x-amz-checksum-algorithm': 'CRC64NVME' },
  ) {
    const { body } = await this.send('POST', `${path}?uploads`, { headers });
    return String(/<UploadId>(.*?)<\/UploadId>/.exec(body)?.[1]);
  }
}

/** Content of every element of that name. */
export const elements = (xml: string, name: string): string[] =>
  [...xml.matchAll(new RegExp(`<${name}>(.*?)</${name}>`, 'gs'))].map(([, content]) => String(content));
