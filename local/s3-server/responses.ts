import type { ServerResponse } from 'node:http';
import type { S3Error } from './s3-error.ts';
import { XML_DECLARATION, type XmlFields, xmlError, xmlResult } from './xml.ts';

export function sendXml(response: ServerResponse, root: string, fields: XmlFields): void {
  sendBody(response, 200, XML_DECLARATION + xmlResult(root, fields));
}

export function sendEmpty(response: ServerResponse, statusCode: number): void {
  response.writeHead(statusCode, statusCode === 204 ? {} : { 'content-length': 0 });
  response.end();
}

/** The error document; for HEAD, which has no body, Node sends the headers only. */
export function sendError(response: ServerResponse, error: S3Error, resource: string): void {
  sendBody(response, error.statusCode, XML_DECLARATION + errorDocument(error, resource));
}

export function errorDocument(error: S3Error, resource: string): string {
  return xmlError({ Code: error.code, Message: error.message, ...error.details, Resource: resource });
}

function sendBody(response: ServerResponse, statusCode: number, body: string): void {
  response.writeHead(statusCode, {
    'content-type': 'application/xml',
    'content-length': Buffer.byteLength(body),
  });
  response.end(body);
}
