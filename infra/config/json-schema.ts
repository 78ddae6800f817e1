import { z } from 'zod';
import { configurationSchema } from './schema.ts';

/** Where editors find the schema, beside the configuration files. */
export const JSON_SCHEMA_FILE = 'config/config.schema.json';

/** The configuration as JSON Schema, for editors. The rules between settings are not in it. */
export function jsonSchemaText(): string {
  return `${JSON.stringify(z.toJSONSchema(configurationSchema, { io: 'input' }), null, 2)}\n`;
}
