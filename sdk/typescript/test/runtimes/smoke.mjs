// The package in any runtime: node|deno|bun test/runtimes/smoke.mjs URL. Prints "ok", or throws.
import { AkidbClient, ConnectionError, fileVectorStore, NotFoundError } from '../../dist/index.js';
import * as pxt from '../../dist/pixeltable/index.js';

const url = globalThis.process.argv.at(-1);
const akidb = new AkidbClient({ baseUrl: url });
const name = `runtime_${Math.random().toString(36).slice(2)}`;

function equal(actual, expected) {
  if (JSON.stringify(actual) !== JSON.stringify(expected)) {
    throw new Error(`${JSON.stringify(actual)} is not ${JSON.stringify(expected)}`);
  }
}

async function failure(promise) {
  return promise.then(
    () => undefined,
    (error) => error,
  );
}

await akidb.tables.create(name, { columns: { n: 'int', text: 'string' }, primaryKey: 'n' });
await akidb.computedColumns.createEmbeddingColumn(name, { name: 'vec', sourceColumn: 'text', model: 'all-minilm-l6-v2' });
async function* rows() {
  for (let n = 0; n < 300; n++) yield { n, text: n === 7 ? 'the tides of the sea' : null };
}
equal((await akidb.table(name).import(rows(), { batch: 100 })).inserted, 300);
equal((await akidb.table(name).select('n').similaritySearch('when is high water', 'vec').limit(1))[0].n, 7);
const { vec } = await akidb.table(name).get(7, { includeVectors: true });
equal([vec instanceof Float32Array, vec.length], [true, 384]);

const seen = [];
for await (const { n } of akidb.table(name).orderBy('n').stream()) {
  seen.push(n);
  if (n === 2) break;
}
equal(seen, [0, 1, 2]);
equal((await akidb.table(name).select('n').collect()).length, 300);

const reason = { why: 'left' };
const stop = new AbortController();
const aborted = failure(akidb.table(name).count({ signal: stop.signal }));
stop.abort(reason);
equal((await aborted) === reason, true);
equal((await failure(akidb.table('no such table').count())) instanceof NotFoundError, true);
equal(
  (await failure(new AkidbClient({ baseUrl: 'http://127.0.0.1:1', retries: 0 }).table('t').count())) instanceof ConnectionError,
  true,
);

await akidb.search(name, 'low water', { column: 'vec' });
await akidb.search(name, 'low water', { column: 'vec' });
await akidb.embeddings.generate('low water');
await akidb.embeddings.generate('low water');
const { hits, misses } = akidb.queryVectorStatistics();
equal([hits, misses], [2, 3]); // the first search was for high water

const file = `${globalThis.process.env.TMPDIR ?? '/tmp'}/${name}.json`;
const lasting = new AkidbClient({ baseUrl: url, queryVectors: { store: fileVectorStore(file) } });
await lasting.search(name, 'sea', { column: 'vec' });
await lasting.close();
const later = new AkidbClient({ baseUrl: url, queryVectors: { store: fileVectorStore(file) } });
await later.search(name, 'sea', { column: 'vec' });
equal(later.queryVectorStatistics().hits, 1);

pxt.init({ baseUrl: url });
const t = await pxt.get_table(name);
equal(await t.where(t.n.lt(1)).select(t.n).collect(), [{ n: 0 }]);

let requests = 0;
const synchronised = new AkidbClient({
  baseUrl: url,
  syncEngine: true,
  fetch: (input, init) => {
    requests++;
    return fetch(input, init);
  },
});
await (await synchronised.sync).subscribe(name);
requests = 0;
equal(await synchronised.table(name).where('n < ?', 10).count(), 10);
await synchronised.table(name).updateByKey(7, { text: 'the moon' });
equal((await synchronised.table(name).get(7)).text, 'the moon');
await (await synchronised.sync).synced();
equal((await akidb.table(name).get(7)).text, 'the moon');
equal(requests > 0, true); // what was written went to the server
await synchronised.close();

await akidb.tables.drop(name);
console.log('ok');
