// Measures the package beside raw fetch and curl, both sides in one run. Needs dist/ (npm run build) and a server:
//
//   AKIDB_URL=http://127.0.0.1:8080 npm run bench
//
// makes tables bench_* of its own and drops them.
import { execFileSync } from 'node:child_process';
import { createServer } from 'node:http';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AkidbClient } from '../dist/index.js';

const url = process.env.AKIDB_URL ?? 'http://127.0.0.1:8080';
const akidb = new AkidbClient({ baseUrl: url, timeout: 600_000 });
const MODEL = 'sentence-transformers/all-MiniLM-L6-v2';
const ROWS = 10_000;
const MANY = 100_000;
const work = mkdtempSync(join(tmpdir(), 'akidb-bench-'));
const figures = [];

const told = (what, value, bar) => figures.push({ what, value, bar });
const ms = (value) => `${value.toFixed(2)} ms`;
const percentile = (values, share) =>
  values.slice().sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))];

async function timed(act) {
  const start = performance.now();
  await act();
  return performance.now() - start;
}

/** Numbers that do not change from run to run. */
let state = 1;
const random = () => (state = (state * 48271) % 2147483647) / 2147483647;
const vector = () => Float32Array.from({ length: 384 }, () => random() - 0.5);

async function layouts() {
  await akidb.tables.drop('bench_layouts').catch(() => undefined);
  await akidb.tables.create('bench_layouts', {
    columns: {
      repo_url: 'string',
      title: 'string',
      teaches: 'string',
      language: 'string',
      quality_score: 'int',
      teaches_embedding: { type: 'embedding', dimensions: 384 },
    },
    primaryKey: 'repo_url',
  });
  function* rows() {
    for (let n = 0; n < ROWS; n++) {
      yield {
        repo_url: `https://git.example/${n}`,
        title: `Layout ${n}`,
        teaches: `How to arrange part ${n} of a page so that it can be read`,
        language: n % 3 ? 'TypeScript' : 'Python',
        quality_score: n % 10,
        teaches_embedding: vector(),
      };
    }
  }
  await akidb.table('bench_layouts').import(rows(), { batch: 1000 });
  await akidb.computedColumns.createEmbeddingColumn('bench_layouts', {
    name: 'teaches_embedding',
    sourceColumn: 'teaches',
    model: MODEL,
    adopt: true,
  });
}

async function searches() {
  const search = (text) => akidb.search('bench_layouts', text, { column: 'teaches_embedding', limit: 10, includeScore: true });
  told(
    'P-29: one search in 10,000 rows, first of its text',
    ms(await timed(() => search('React component patterns'))),
    '< 200 ms',
  );
  for (let warm = 0; warm < 200; warm++) await search('React component patterns');

  const repeated = [];
  for (let round = 0; round < 1000; round++) repeated.push(await timed(() => search('React component patterns')));
  told('repeated text, end to end at 10,000 rows, p95', ms(percentile(repeated, 0.95)), '≤ 3 ms');

  await akidb.embeddings.generate('test', MODEL);
  told('P-30: embed again', ms(await timed(() => akidb.embeddings.generate('test', MODEL))), '< 100 ms');
  const each = [];
  await Promise.all(Array.from({ length: 100 }, async () => each.push(await timed(() => search('test query')))));
  told(
    'P-31: 100 searches at once, mean',
    `${ms(each.reduce((a, b) => a + b) / each.length)}, ${each.length} answers`,
    '< 500 ms',
  );
}

/** What the client takes of a search: against a server of this process that says what AkiDB said, so that nothing else is measured. */
async function cost() {
  const search = (its) =>
    its.search('bench_layouts', 'React component patterns', { column: 'teaches_embedding', limit: 10, includeScore: true });
  const { info } = await search(akidb);
  const body = JSON.stringify({
    column: 'teaches_embedding',
    limit: 10,
    include_score: true,
    query: Array.from(info.queryVector),
  });
  const address = '/api/v1/tables/bench_layouts/search/similarity';
  const request = { method: 'POST', headers: { 'content-type': 'application/json' }, body };
  const answer = await (await fetch(url + address, request)).text();
  const table = await (await fetch(`${url}/api/v1/tables/bench_layouts`)).text();
  const server = createServer((asked, response) => {
    asked.resume().on('end', () => {
      response.setHeader('content-type', 'application/json');
      response.end(asked.method === 'GET' ? table : answer);
    });
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const here = `http://127.0.0.1:${server.address().port}`;
  const client = new AkidbClient({ baseUrl: here });
  const raw = async () => JSON.parse(await (await fetch(here + address, request)).text());
  const ours = [];
  const theirs = [];
  for (let round = 0; round < 4000; round++) {
    // alternately, so that what disturbs one disturbs the other
    const [mine, other] = [await timed(() => search(client)), await timed(raw)];
    if (round < 1000) continue;
    ours.push(mine);
    theirs.push(other);
  }
  server.closeAllConnections();
  server.close();
  const [mine, other] = [percentile(ours, 0.5), percentile(theirs, 0.5)];
  told('cost of the client over raw fetch, p50', `${ms(mine - other)} (${ms(mine)} / ${ms(other)})`, '≤ 0.15 ms');
}

const line = (n) => ({ n, title: `Row ${n}`, text: `What row ${n} says, which is neither long nor short`, score: n / 7 });

async function numbers(name) {
  await akidb.tables.drop(name).catch(() => undefined);
  await akidb.tables.create(name, { columns: { n: 'int', title: 'string', text: 'string', score: 'float' }, primaryKey: 'n' });
}

async function imports() {
  const batch = 2000;
  const files = [];
  for (let start = 0; start < MANY; start += batch) {
    const file = join(work, `${start}.ndjson`);
    writeFileSync(file, Array.from({ length: batch }, (_row, index) => JSON.stringify(line(start + index))).join('\n'));
    files.push(file);
  }
  async function* rows() {
    for (let n = 0; n < MANY; n++) yield line(n);
  }
  const address = `${url}/api/v1/tables/bench_curl/rows`;
  const config = join(work, 'config');
  const request = (file) =>
    `url = "${address}"\ndata-binary = "@${file}"\nheader = "Content-Type: application/x-ndjson"\noutput = "/dev/null"\n`;
  writeFileSync(config, files.map(request).join('next\n'));
  const rates = { curl: [], sdk: [] };
  for (let round = 0; round < 3; round++) {
    await numbers('bench_curl');
    rates.curl.push(MANY / (await timed(() => execFileSync('curl', ['-s', '-K', config]))));
    await numbers('bench_sdk');
    rates.sdk.push(MANY / (await timed(() => akidb.table('bench_sdk').import(rows(), { batch }))));
  }
  const [curl, sdk] = [Math.max(...rates.curl), Math.max(...rates.sdk)].map((it) => it * 1000);
  told(
    'insert of 100,000 rows by async iterable, best of 3 each',
    `${(sdk / curl).toFixed(2)} of curl (${sdk.toFixed(0)} / ${curl.toFixed(0)} rows/s)`,
    '≥ 0.8',
  );
}

async function streams() {
  const config = join(work, 'stream');
  writeFileSync(
    config,
    `url = "${url}/api/v1/tables/bench_curl/query"\ndata = "{}"\nheader = "Content-Type: application/json"\nheader = "Accept: application/x-ndjson"\noutput = "/dev/null"\n`,
  );
  const times = { curl: [], sdk: [] };
  let most = 0;
  globalThis.gc?.();
  const before = process.memoryUsage().rss;
  for (let round = 0; round < 5; round++) {
    times.curl.push(await timed(() => execFileSync('curl', ['-s', '-K', config])));
    times.sdk.push(
      await timed(async () => {
        let rows = 0;
        for await (const row of akidb.table('bench_curl').query().stream()) {
          if (++rows % 10_000 === 0) most = Math.max(most, process.memoryUsage().rss);
          if (row.n < 0) throw new Error('wrong row');
        }
        if (rows !== MANY) throw new Error(`${rows} rows`);
      }),
    );
  }
  const share = Math.min(...times.curl) / Math.min(...times.sdk);
  const rate = ((MANY / Math.min(...times.sdk)) * 1000).toFixed(0);
  told('stream of 100,000 rows, best of 5 each', `${share.toFixed(2)} of curl's rate (${rate} rows/s)`, '≥ 0.7');
  told('its memory above that before', `${((most - before) / 1024 / 1024).toFixed(0)} MB`, 'level');
}

try {
  await layouts();
  await searches();
  await cost();
  await imports();
  await streams();
  for (const name of ['bench_layouts', 'bench_curl', 'bench_sdk']) await akidb.tables.drop(name);
  console.table(figures);
} finally {
  rmSync(work, { recursive: true, force: true });
}
