import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { JSON_SCHEMA_FILE, jsonSchemaText } from '../infra/config/json-schema.ts';

/** Writes the JSON Schema that editors use: `npm run schema`, after a change of the configuration's schema. */
writeFileSync(path.join(import.meta.dirname, '..', JSON_SCHEMA_FILE), jsonSchemaText());
