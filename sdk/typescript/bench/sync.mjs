// Measures synchronised clients: what a replica answers by itself, in Node and in headless Chromium, p50 / p95; and, with a server in
// AKIDB_URL, the same search asked of both in turn, the first load of 10,000 rows with their vectors, and texts that a model in the client
// embeds. Needs dist/ (npm run build).
import { mkdtempSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { AkidbClient } from '../dist/index.js';
import { memoryStore, sqliteStore } from '../dist/sync/index.js';
import { onnxModel } from '../dist/sync/onnx/index.js';
import { measure } from './sync-local.mjs';

const SIZES = [10_000, 50_000];
const table = {};
const told = (where, figures) => {
  for (const [what, value] of Object.entries(figures)) (table[what] ??= {})[where] = value;
};

for (const rows of SIZES) told(`Node, ${rows} rows`, await measure(AkidbClient, rows, memoryStore));
const file = join(mkdtempSync(join(tmpdir(), 'akidb-bench-')), 'replica.db');
const sqlite = await sqliteStore(file).catch(() => undefined);
if (sqlite) told('Node, SQLite, 10000 rows', await measure(AkidbClient, SIZES[0], async () => sqlite));

async function chromium() {
  const { chromium } = await import('playwright');
  const { outputFiles } = await build({
    stdin: {
      contents: `import { AkidbClient } from './dist/index.js'; import { measure } from './bench/sync-local.mjs';
        globalThis.run = (rows) => measure(AkidbClient, rows);`,
      resolveDir: fileURLToPath(new URL('..', import.meta.url)),
    },
    bundle: true,
    format: 'esm',
    write: false,
  });
  const script = outputFiles[0].text;
  // a page of its own origin, so that it has a store
  const server = createServer((request, response) => {
    response.setHeader('content-type', request.url === '/run.js' ? 'text/javascript' : 'text/html');
    response.end(request.url === '/run.js' ? script : '<!doctype html><script type="module" src="/run.js"></script>');
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox'] });
  const page = await browser.newPage();
  await page.goto(`http://127.0.0.1:${server.address().port}/`);
  await page.waitForFunction('globalThis.run');
  for (const rows of SIZES) told(`Chromium, ${rows} rows`, await page.evaluate((rows) => globalThis.run(rows), rows));
  await browser.close();
  server.close();
}
if (!process.env.BENCH_NODE_ONLY) await chromium();
console.table(table);

if (process.env.AKIDB_URL) {
  const plain = new AkidbClient({ baseUrl: process.env.AKIDB_URL, timeout: 600_000 });
  await plain.tables.drop('bench_sync').catch(() => undefined);
  await plain.tables.create('bench_sync', {
    columns: { id: 'int', title: 'string', vec: { type: 'embedding', dimensions: 384 } },
    primaryKey: 'id',
  });
  const vector = () => Float32Array.from({ length: 384 }, () => Math.random() - 0.5);
  await plain
    .table('bench_sync')
    .import(Array.from({ length: 10_000 }, (_row, id) => ({ id, title: `Row ${id}`, vec: vector() })));
  const synced = new AkidbClient({ baseUrl: process.env.AKIDB_URL, syncEngine: { store: memoryStore() } });
  const sync = await synced.sync;
  const start = performance.now();
  await sync.subscribe('bench_sync');
  const load = performance.now() - start;
  const taken = { server: [], replica: [] };
  for (let round = 0; round < 300; round++) {
    const query = vector();
    for (const [who, its] of Object.entries({ server: plain, replica: synced })) {
      const begin = performance.now();
      await its.search('bench_sync', query, { column: 'vec', limit: 10 });
      if (round >= 50) taken[who].push(performance.now() - begin);
    }
  }
  const middle = (values) => values.sort((a, b) => a - b)[values.length >> 1];
  const [far, near] = [middle(taken.server), middle(taken.replica)];
  console.log(`first load of 10,000 rows with vectors: ${load.toFixed(0)} ms (bar: 3,000)`);
  console.log(
    `the same search of the server and of the replica, p50: ${far.toFixed(2)} / ${near.toFixed(2)} ms = ${(far / near).toFixed(1)}`,
  );
  await synced.close();
  await plain.tables.drop('bench_sync');

  const file = (model, name) => fetch(`${process.env.AKIDB_URL}/api/v1/models/${model}/files/${name}`);
  for (const variant of ['int8', 'fp16']) {
    const made = onnxModel('all-minilm-l6-v2', { runtime: () => import('onnxruntime-web/wasm'), variant });
    const opening = performance.now();
    const model = await made.open({ url: process.env.AKIDB_URL, file }, AbortSignal.timeout(600_000));
    const ready = performance.now() - opening;
    const times = [];
    for (let round = 0; round < 250; round++) {
      const begin = performance.now();
      await model.embed(`how do I organise the components of project ${round}`);
      if (round >= 50) times.push(performance.now() - begin);
    }
    times.sort((a, b) => a - b);
    const [least, p50, p95] = [0, 0.5, 0.95].map((share) => times[Math.floor(times.length * share)].toFixed(1));
    console.log(
      `a text that is not kept, by a model in Node (${variant}): least ${least}, p50 ${p50}, p95 ${p95} ms (bar on a quiet core: 25); ready after ${ready.toFixed(0)} ms`,
    );
    await model.close();
  }
}
