import { randomUUID } from 'node:crypto';

/** A start whose answer was lost is sent again; by its name Step Functions sees that it is the same. */
export function newExecutionName(): string {
  const time = new Date().toISOString().replace(/[-:]|\..*$/g, '');
  return `${time}-${randomUUID().slice(0, 8)}`;
}
