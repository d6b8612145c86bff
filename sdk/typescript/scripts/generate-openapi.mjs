// Writes src/openapi.d.ts, the types of all routes, from the server's description. It is not kept in the repository: what no longer
// fits it does not compile, and what is new is named by the tests of routes and of types.
import { writeFile } from 'node:fs/promises';
import openapiTS, { astToString } from 'openapi-typescript';

const source = new URL('../../../src/main/resources/openapi/akidb.yaml', import.meta.url);
const target = new URL('../src/openapi.d.ts', import.meta.url);

const types = astToString(await openapiTS(source, { defaultNonNullable: false }))
  .replace(/^\s*\/\*\*[^]*?\*\/\n/gm, '') // descriptions may be reworded without a change of the types
  .replace(/^\s*\w+\?: never;\n/gm, '') // methods and parameters that a path does not have
  .replace(/^export type (?:webhooks|\$defs) = .*\n/gm, '');
await writeFile(target, `// Generated from openapi/akidb.yaml by "npm run generate"; do not edit.\n${types}`);
