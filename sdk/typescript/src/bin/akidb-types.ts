#!/usr/bin/env node
import { readFile, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { AkidbClient } from '../client.js';
import { writeTypes } from '../type-writer.js';

const HELP = `usage: akidb-types [--url URL] [--key KEY] [--out FILE | --check FILE] [--dates] [--bigints]

Writes TypeScript types of the tables of a running server, to standard output if no file is named.

  --url      the server; else AKIDB_URL, else http://127.0.0.1:8080
  --key      an API key with the scope read; better in AKIDB_API_KEY, where other users of the machine do not see it
  --out      the file to write
  --check    ends with 1 if this file differs from what would be written, and writes nothing
  --dates    times are Date, as a client with { dates: true } reads them
  --bigints  integers may be bigint, as a client with { bigints: true } reads them
`;

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      url: { type: 'string' },
      key: { type: 'string' },
      out: { type: 'string' },
      check: { type: 'string' },
      dates: { type: 'boolean', default: false },
      bigints: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return 0;
  }
  if (values.out !== undefined && values.check !== undefined) throw new Error('--out and --check exclude each other');
  const client = new AkidbClient({ baseUrl: values.url, apiKey: values.key });
  const text = writeTypes(await client.tables.list(), values);
  if (values.check !== undefined) {
    const present = await readFile(values.check, 'utf8').catch(() => '');
    if (present === text) return 0;
    process.stderr.write(`${values.check} differs from the server's tables; write it again with --out ${values.check}\n`);
    return 1;
  }
  if (values.out === undefined) process.stdout.write(text);
  else await writeFile(values.out, text);
  return 0;
}

main().then(
  (code) => (process.exitCode = code),
  (error: Error) => {
    process.stderr.write(`akidb-types: ${error.message}\n`);
    process.exitCode = 2;
  },
);
