// Measures a replica beside others' software, by turns in one run, medians: beside npm's replicache the first pull of 10,000 rows from the
// server in AKIDB_URL, beside sqlite-vec a search among 10,000 vectors of 384 numbers. Neither is among the package's dependencies:
//   npm install --prefix FOLDER replicache sqlite-vec better-sqlite3@12
//   AKIDB_URL=http://127.0.0.1:8080 BESIDE=FOLDER node bench/beside.mjs
// Needs dist/ (npm run build).
import { createRequire } from 'node:module';
import { cpus } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { AkidbClient } from '../dist/index.js';
import { memoryStore } from '../dist/sync/index.js';

const { AKIDB_URL: baseUrl, BESIDE: folder } = process.env;
if (!baseUrl || !folder) throw new Error('AKIDB_URL and BESIDE are needed: see the head of this file');
const require = createRequire(join(resolve(folder), 'package.json'));
const { Replicache } = await import(pathToFileURL(require.resolve('replicache')));
const Database = require('better-sqlite3');

const ROWS = 10_000;
const DIMENSIONS = 384;
const table = 'bench_beside';
const vector = () => Float32Array.from({ length: DIMENSIONS }, () => Math.random() - 0.5);
const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1];
const timed = async (act) => {
  const begin = performance.now();
  await act();
  return performance.now() - begin;
};

const client = new AkidbClient({ baseUrl, timeout: 600_000 });
await client.tables.drop(table).catch(() => undefined);
await client.tables.create(table, {
  columns: { id: 'int', title: 'string', score: 'int', vec: { type: 'embedding', dimensions: DIMENSIONS } },
  primaryKey: 'id',
});
const rows = Array.from({ length: ROWS }, (_row, id) => ({ id, title: `Row ${id}`, score: id % 10, vec: vector() }));
await client.table(table).import(rows);

/** Until every row can be read. */
async function ours(columns) {
  const synced = new AkidbClient({ baseUrl, syncEngine: { store: memoryStore() } });
  const took = await timed(async () => {
    const sync = await synced.sync;
    await sync.subscribe({ table, ...(columns && { columns }) });
  });
  if ((await synced.table(table).count()) !== ROWS) throw new Error('Not all rows came');
  return { took, close: () => synced.close() };
}

let name = 0;
async function theirs(columns) {
  const subscriptions = encodeURIComponent(JSON.stringify([{ table, columns }]));
  const replica = new Replicache({
    name: `bench ${++name}`,
    kvStore: 'mem',
    logLevel: 'error',
    pullInterval: null,
    pullURL: `${baseUrl}/api/replicache/pull?subscriptions=${subscriptions}`,
  });
  const count = () =>
    replica.query(
      async (tx) =>
        (
          await tx
            .scan({ prefix: `${table}/` })
            .keys()
            .toArray()
        ).length,
    );
  let held = 0;
  const took = await timed(async () => {
    while (held < ROWS) {
      await replica.pull({ now: true });
      held = await count();
    }
  });
  return { took, close: () => replica.close() };
}

const SCALARS = ['id', 'title', 'score'];
const results = {};
for (const [what, columns] of [
  [`pull of ${ROWS} rows with vectors`, undefined],
  [`pull of ${ROWS} rows without`, SCALARS],
]) {
  const taken = { ours: [], theirs: [] };
  for (let round = 0; round < 9; round++) {
    for (const [who, pull] of Object.entries({ ours, theirs })) {
      const { took, close } = await pull(columns);
      if (round >= 2) taken[who].push(took);
      await close();
    }
  }
  const [a, b] = [median(taken.ours), median(taken.theirs)];
  results[what] = { AkiDB: `${a.toFixed(0)} ms`, beside: `replicache ${b.toFixed(0)} ms`, times: (b / a).toFixed(1) };
}

// The same rows; sqlite-vec compares float32, or bytes as the replica does (which compares the best again in more digits).
const db = new Database(':memory:');
require('sqlite-vec').load(db);
db.exec(`create virtual table f using vec0(id integer primary key, v float[${DIMENSIONS}] distance_metric=cosine)`);
db.exec(`create virtual table b using vec0(id integer primary key, v int8[${DIMENSIONS}] distance_metric=cosine)`);
const code = (of) => {
  const most = of.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
  return Int8Array.from(of, (x) => Math.round((x / most) * 127));
};
const insertFloats = db.prepare('insert into f values (?, ?)');
const insertBytes = db.prepare('insert into b values (?, vec_int8(?))');
db.transaction(() => {
  for (const { id, vec } of rows) {
    insertFloats.run(BigInt(id), Buffer.from(vec.buffer));
    insertBytes.run(BigInt(id), Buffer.from(code(vec).buffer));
  }
})();
const byFloats = db.prepare('select id, distance from f where v match ? and k = 10');
const byBytes = db.prepare('select id, distance from b where v match vec_int8(?) and k = 10');
const synced = new AkidbClient({ baseUrl, syncEngine: { store: memoryStore() } });
await (await synced.sync).subscribe(table);
const searches = {
  ours: (query) => synced.search(table, query, { column: 'vec', limit: 10 }),
  floats: (query) => byFloats.all(Buffer.from(query.buffer)),
  bytes: (query) => byBytes.all(Buffer.from(code(query).buffer)),
};
const taken = { ours: [], floats: [], bytes: [] };
for (let round = 0; round < 350; round++) {
  const query = vector();
  for (const [who, search] of Object.entries(searches)) {
    const took = await timed(() => search(query));
    if (round >= 50) taken[who].push(took);
  }
}
const a = median(taken.ours);
for (const [who, what] of Object.entries({ floats: 'float32', bytes: 'int8' })) {
  const b = median(taken[who]);
  results[`search among ${ROWS} vectors, ${what}`] = {
    AkiDB: `${a.toFixed(2)} ms`,
    beside: `sqlite-vec ${b.toFixed(2)} ms`,
    times: (b / a).toFixed(1),
  };
}
console.log(`${cpus()[0].model}, Node ${process.version}`);
console.table(results);
await synced.close();
await client.tables.drop(table);
