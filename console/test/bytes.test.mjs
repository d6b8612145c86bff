// How much of it there is, compressed as it is sent.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { it } from 'node:test';
import { gzipSync } from 'node:zlib';

const root = fileURLToPath(new URL('../../src/main/resources/console/', import.meta.url));
const files = readdirSync(root, { recursive: true }).filter((file) => /\.(js|css|svg|html)$/.test(file));
const size = (file) => gzipSync(readFileSync(root + file), { level: 9 }).length;

/** A file and what it imports before it runs. */
function needed(file, seen = new Set()) {
  if (seen.has(file)) return seen;
  seen.add(file);
  for (const [, path] of readFileSync(root + file, 'utf8').matchAll(/^(?:import|export) [^;]*?from '(\.[^']+)'/gm))
    needed(new URL(path, `file:///${file}`).pathname.slice(1), seen);
  return seen;
}

it('opens with at most 60 kB', () => {
  const first = new Set(['index.html', 'console.css', 'icon.svg', ...needed('console.js'), ...needed('screens/home.js')]);
  const bytes = [...first].reduce((sum, file) => sum + size(file), 0);
  console.log(`first page: ${bytes} bytes`);
  assert.ok(bytes <= 60_000, `${bytes} bytes`);
});

it('has at most 250 kB', () => {
  const bytes = files.reduce((sum, file) => sum + size(file), 0);
  console.log(`all: ${bytes} bytes`);
  assert.ok(bytes <= 250_000, `${bytes} bytes`);
});
