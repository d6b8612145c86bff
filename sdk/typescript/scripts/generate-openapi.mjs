// Writes src/openapi.d.ts, the types of all routes, from the server's description. With --check it only compares.
import { readFile, writeFile } from 'node:fs/promises';
import openapiTS, { astToString } from 'openapi-typescript';

const source = new URL('../../../src/main/resources/openapi/akidb.yaml', import.meta.url);
const target = new URL('../src/openapi.d.ts', import.meta.url);

const types = astToString(await openapiTS(source, { defaultNonNullable: false }))
  .replace(/^\s*\/\*\*[^]*?\*\/\n/gm, '') // descriptions may be reworded without a change of the types
  .replace(/^\s*\w+\?: never;\n/gm, '') // methods and parameters that a path does not have
  .replace(/^export type (?:webhooks|\$defs) = .*\n/gm, '');
const text = `// Generated from openapi/akidb.yaml by "npm run generate"; do not edit.\n/* eslint-disable */\n${types}`;

if (process.argv.includes('--check')) {
  const present = await readFile(target, 'utf8').catch(() => '');
  if (present !== text) {
    console.error('The routes of openapi/akidb.yaml have changed: run "npm run generate", then "npm run check".');
    process.exit(1);
  }
} else {
  await writeFile(target, text);
}
