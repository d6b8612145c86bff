// Compares the public types with those that were accepted, in api/. With --accept it accepts them.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';

const dist = new URL('../dist/', import.meta.url);
const api = new URL('../api/', import.meta.url);

/** What of an entry's imports is its own: all of the main one's, the engine of sync, what a model is; the rest is that of the main one. */
const SHARED = {
  'index.d.ts': /from "\.\/((?!engine)[\w-]+)\.js"/g,
  'sync/index.d.ts': /from "\.\.\/(engine[\w-]*)\.js"/g,
  'sync/onnx/index.d.ts': /from "\.\.\/\.\.\/(local-model[\w-]*)\.js"/g,
};

/** The declarations of an entry, with those of files that it shares with others, without what changes from build to build. */
async function report(entry) {
  const text = await readFile(new URL(entry, dist), 'utf8');
  const parts = [];
  const shared = [...text.matchAll(SHARED[entry] ?? /$^/g)].map(([, name]) => `${name}.d.ts`);
  for (const name of shared) parts.push((await readFile(new URL(name, dist), 'utf8')).replace(/^export \{.*\n?/gm, ''));
  return [...parts, text]
    .join('\n')
    .replace(/^(\/\/#|import ).*\n?/gm, '')
    .replace(/^(export \{.*\}) from ".*";/gm, '$1;')
    .replace(/\b\w+ as (\w+)/g, '$1');
}

const entries = {
  'index.d.ts': 'sdk.d.ts',
  'pixeltable/index.d.ts': 'pixeltable.d.ts',
  'sync/index.d.ts': 'sync.d.ts',
  'sync/onnx/index.d.ts': 'sync-onnx.d.ts',
};
await mkdir(api, { recursive: true });
let changed = false;
for (const [entry, name] of Object.entries(entries)) {
  const now = await report(entry);
  const target = new URL(name, api);
  if (process.argv.includes('--accept')) {
    await writeFile(target, now);
  } else if ((await readFile(target, 'utf8').catch(() => '')) !== now) {
    changed = true;
    console.error(
      `The public types differ from api/${basename(name)}. If that is meant: npm run api:accept, and look at the difference.`,
    );
  }
}
if (changed) process.exit(1);
