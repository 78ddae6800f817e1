declare module 'dynalite' {
  import type { Server } from 'node:http';

  /** DynamoDB's API over memory, by other authors than moto's. */
  export default function dynalite(options?: { createTableMs?: number; deleteTableMs?: number }): Server;
}
