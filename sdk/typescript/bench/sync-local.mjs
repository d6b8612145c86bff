// Measures what a replica answers by itself, over rows that this program makes up and hands out as the server would. Runs in Node and in
// a page (see sync.mjs).

/** Numbers that do not change from run to run. */
let state = 1;
const random = () => (state = (state * 48271) % 2147483647) / 2147483647;
const DIMENSIONS = 384;

function base64(bytes) {
  let text = '';
  for (let start = 0; start < bytes.length; start += 0x2000)
    text += String.fromCharCode(...bytes.subarray(start, start + 0x2000));
  return btoa(text);
}

/** A vector of 384 numbers as bytes with their scale. */
function vector() {
  const bytes = new Uint8Array(4 + DIMENSIONS);
  new DataView(bytes.buffer).setFloat32(0, 0.001, true);
  for (let i = 4; i < bytes.length; i++) bytes[i] = Math.floor(random() * 255) - 127;
  return base64(bytes);
}

const TABLE = {
  name: 'layouts',
  kind: 'table',
  columns: [
    { name: 'id', type: 'string', required: true, unique: true, default: null },
    { name: 'title', type: 'string', required: false, unique: false, default: null },
    { name: 'language', type: 'string', required: false, unique: false, default: null },
    { name: 'score', type: 'int', required: false, unique: false, default: null },
    { name: 'vec', type: 'embedding', required: false, unique: false, default: null, dimensions: DIMENSIONS, metric: 'cosine' },
  ],
  primary_key: 'id',
  row_count: 0,
  version: 1,
  created_at: '2026-01-01T00:00:00Z',
  indexes: [],
};

/** What pulls answer: all rows in pages, then nothing. */
function server(rows) {
  const pages = [];
  for (let start = 0; start < rows; start += 10_000) {
    const patch = Array.from({ length: Math.min(10_000, rows - start) }, (_row, index) => {
      const n = start + index;
      const value = {
        id: `k${n}`,
        title: `Layout ${n}`,
        language: n % 3 ? 'TypeScript' : 'Python',
        score: n % 10,
        vec: vector(),
        version: 1,
      };
      return { op: 'put', key: `layouts/k${n}`, value, row: n };
    });
    if (start === 0) patch.unshift({ op: 'clear', prefix: 'layouts/' });
    const more = start + 10_000 < rows;
    pages.push(JSON.stringify({ cookie: { order: 1, page: pages.length + 1, more }, lastMutationIDChanges: {}, patch, more }));
  }
  return async (input, init) => {
    const answer = (text) => new Response(text, { headers: { 'content-type': 'application/json' } });
    const url = String(input);
    if (url.endsWith('/tables/layouts')) return answer(JSON.stringify(TABLE));
    if (url.endsWith('/push')) return answer('{"refused":[]}');
    const { cookie } = JSON.parse(init.body);
    if (cookie === null || cookie.more) return answer(pages[cookie?.page ?? 0]);
    return answer(JSON.stringify({ cookie, lastMutationIDChanges: {}, patch: [], more: false }));
  };
}

const percentile = (values, share) =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))];

async function times(rounds, act) {
  const taken = [];
  for (let round = 0; round < rounds + 50; round++) {
    const start = performance.now();
    await act(round);
    if (round >= 50) taken.push(performance.now() - start);
  }
  return `${percentile(taken, 0.5).toFixed(2)} / ${percentile(taken, 0.95).toFixed(2)} ms`;
}

/** @param store makes where the replica is kept; undefined for what the platform has */
export async function measure(AkidbClient, rows, store) {
  const akidb = new AkidbClient({
    baseUrl: 'http://127.0.0.1:1',
    fetch: server(rows),
    syncEngine: { store: await store?.(), name: `bench ${Math.random()}`, interval: 600_000 },
  });
  const sync = await akidb.sync;
  const start = performance.now();
  await sync.subscribe('layouts');
  const load = performance.now() - start;
  const table = akidb.table('layouts');
  const queries = Array.from({ length: 20 }, () => Float32Array.from({ length: DIMENSIONS }, () => random() - 0.5));
  const search = (filters) => (round) =>
    akidb.search('layouts', queries[round % queries.length], { column: 'vec', limit: 10, includeScore: true, filters });
  const figures = {
    'taking all rows in': `${load.toFixed(0)} ms`,
    'memory of vectors': `${((await sync.storage()).vectors / 1024 / 1024).toFixed(1)} MB`,
    search: await times(300, search([])),
    'search, a third of the rows': await times(300, search([{ column: 'language', operator: '=', value: 'Python' }])),
    get: await times(300, (round) => table.get(`k${(round * 37) % rows}`)),
    'query by two clauses': await times(100, (round) =>
      table.where('score >= ? and language = ?', round % 10, 'Python').limit(20),
    ),
    insert: await times(200, (round) => table.insert([{ id: `new${round}`, title: 'New', score: 1 }])),
    update: await times(200, (round) => table.updateByKey(`k${(round * 37) % rows}`, { score: round })),
    delete: await times(200, (round) => table.deleteByKey(`new${round}`)),
  };
  await akidb.close();
  return figures;
}
