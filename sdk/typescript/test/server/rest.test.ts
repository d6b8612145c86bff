import { beforeAll, describe, expect, it } from 'vitest';
import {
  AkidbClient,
  ConfigurationError,
  ConflictError,
  ForbiddenError,
  identifier,
  InvalidRequestError,
  join,
  NotFoundError,
  sql,
} from '@akidb/sdk';
import { client, fresh, layouts, MODEL } from '../support/layouts.js';

const akidb = client();
let name: string;

beforeAll(async () => {
  name = await layouts(akidb);
});

describe('computed columns', () => {
  it('are filled while their progress is told', async () => {
    const table = fresh('notes');
    await akidb.tables.create(table, { columns: { note: 'string', year: 'int' } });
    await akidb
      .table(table)
      .insert(Array.from({ length: 200 }, (_row, index) => ({ note: `note ${index} about the sea`, year: index })));
    const made = await akidb.computedColumns.createEmbeddingColumn(table, {
      name: 'vec',
      sourceColumn: 'note',
      model: MODEL,
      autoUpdate: true,
      cache: false,
    });
    expect(made).toEqual({ columnName: 'vec', type: 'embedding', dimensions: 384, model: MODEL, source: 'note' });
    const ready: number[] = [];
    for await (const { cells } of akidb.computedColumns.progress(table, 'vec')) ready.push(cells.ready);
    expect(ready).toEqual([...ready].sort((a, b) => a - b));
    expect(ready.at(-1)).toBe(200);
    const { computedColumns: computed } = akidb;
    expect(await computed.refreshEmbeddings(table, 'vec', { column: 'year', operator: '>=', value: 190 })).toEqual({
      refreshed: 10,
      failed: 0,
      skipped: 0,
      pending: 0,
    });
    expect(await computed.refreshEmbeddings(table, 'vec', undefined, { wait: false })).toMatchObject({ skipped: 0 });
    expect(await computed.refreshEmbeddings(table, 'vec')).toMatchObject({ refreshed: 200 });
    expect(await computed.wait(table, 'vec')).toMatchObject({ status: 'ready', change: null, failedCells: [] });
    await computed.pause(table, 'vec');
    await akidb.table(table).insert([{ note: 'the tide is low' }], { embed: 'async' });
    expect(await computed.wait(table, 'vec')).toMatchObject({ status: 'paused', cells: { pending: 1 } });
    await computed.resume(table, 'vec');
    expect(await computed.wait(table, 'vec')).toMatchObject({ status: 'ready', cells: { ready: 201 } });
    expect(await computed.retry(table, 'vec')).toEqual({
      retried: 0,
      refreshed: 0,
      failed: 0,
      skipped: 0,
      pending: 0,
    });
    expect(await computed.change(table, 'vec', { autoUpdate: false })).toMatchObject({ autoUpdate: false });
    await expect(computed.cancelChange(table, 'vec')).rejects.toThrow(ConflictError);
    expect(await computed.listComputedColumns(table)).toHaveLength(1);
  });
});

describe('indexes', () => {
  it('are made, waited for, rebuilt, listed and dropped', async () => {
    const vector = await akidb.indexes.createVectorIndex(name, {
      column: 'teaches_embedding',
      method: 'hnsw',
      metric: 'cosine',
      parameters: { m: 16, efConstruction: 100 },
    });
    expect(vector).toMatchObject({ column: 'teaches_embedding', method: 'hnsw' });
    const ordered = await akidb.indexes.createOrderedIndex(name, ['quality_score']);
    expect(await akidb.indexes.wait(name, vector.indexName)).toMatchObject({
      status: 'ready',
      parameters: { m: 16, efConstruction: 100 },
      memoryBytes: expect.any(Number) as number,
    });
    await akidb.indexes.rebuild(name, ordered.indexName);
    await akidb.indexes.wait(name, ordered.indexName);
    expect((await akidb.indexes.list(name)).map((index) => index.name)).toEqual([vector.indexName, ordered.indexName]);
    expect((await akidb.tables.describe(name)).indexes).toHaveLength(2);
    await akidb.indexes.drop(name, vector.indexName);
    await expect(akidb.indexes.get(name, vector.indexName)).rejects.toThrow(NotFoundError);
  });
});

describe('sql', () => {
  it('binds values, quotes names, nests fragments', async () => {
    const least = 8;
    const language = sql`language = ${'TypeScript'}`;
    const rows = await akidb.sql<{ title: string; score: number }>`
      select title, similarity(teaches_embedding, ${'React hooks'}) as score from ${identifier(name)}
      where quality_score >= ${least} and ${language} and title in (${join(['Hooks', 'Shop front', "x' or 1=1"])})
      order by score desc`;
    expect(rows.map((row) => row.title)).toEqual(['Hooks', 'Shop front']);
    expect(await akidb.sql`select count(*) as n from ${identifier(name)}`.first()).toEqual({ n: 5 });
    expect(
      await akidb.sql`select title from ${identifier(name)} order by title limit ${1}`.with({ timeout: 5000 }).table(),
    ).toEqual({
      columns: ['title'],
      rows: [['Blog']],
    });
    const vector = await akidb.embeddings.generate('React hooks', MODEL);
    expect(
      await akidb.sql`select title from ${identifier(name)} order by similarity(teaches_embedding, ${vector}) desc limit 1`,
    ).toEqual([{ title: 'Hooks' }]);
    const near = await akidb.sql<{ title: string; teaches_embedding: Float32Array | null }>`
      select title, teaches_embedding from ${identifier(name)} order by similarity(teaches_embedding, ${vector}) desc limit 1`;
    expect(near[0]!.title).toEqual(expect.any(String));
    expect(near[0]!.teaches_embedding).toBeInstanceOf(Float32Array);
    expect(near[0]!.teaches_embedding).toHaveLength(384);
    await expect(akidb.sql`delete from ${identifier(name)}`.collect()).rejects.toThrow(InvalidRequestError);
  });

  it('says which way it would go', async () => {
    const plan = await akidb.sql`select title from ${identifier(name)} where quality_score >= ${8}`.explain();
    expect(plan.length).toBeGreaterThan(0);
    expect(plan.every((line) => typeof line === 'string')).toBe(true);
    await expect(akidb.sql`select nothing from ${identifier(name)}`.explain()).rejects.toThrow(InvalidRequestError);
  });
});

describe('collections', () => {
  it('take documents and find them', async () => {
    const collection = akidb.collection<{ area: string }>(fresh('reports'));
    const made = await akidb.collections.create({ name: collection.name, model: MODEL });
    expect(made).toMatchObject({ name: collection.name, dimension: 384, metric: 'cosine', documentCount: 0 });
    expect(
      await collection.insert({ text: 'The ford is knee deep after rain', id: 'r-17', metadata: { area: 'north' } }),
    ).toEqual({
      id: 'r-17',
      vectorGenerated: true,
    });
    const inserted = await collection.insert([
      { text: 'Bridge closed', metadata: { area: 'south' } },
      { text: 'Snow on the pass', id: 'r-18', metadata: { area: 'north' } },
    ]);
    expect(inserted).toHaveLength(2);
    await expect(collection.insert([{ text: 'again', id: 'r-17' }], { onConflict: 'error' })).rejects.toThrow(ConflictError);
    const hits = await collection.search('can I cross the river?', {
      limit: 2,
      filter: { column: 'area', operator: '=', value: 'north' },
      explain: true,
    });
    expect(hits.map(({ id }) => id).sort()).toEqual(['r-17', 'r-18']);
    expect(hits[0]!.metadata.area).toBe('north');
    expect(hits.info).toMatchObject({ milliseconds: expect.any(Number) as number, explanation: { plan: 'exact' } });
    const document = await collection.get('r-17', { includeVector: true });
    expect(document!.vector).toBeInstanceOf(Float32Array);
    expect((await collection.search(document!.vector!, { limit: 1, includeVectors: true }))[0]).toMatchObject({
      id: 'r-17',
      vector: document!.vector,
    });
    const ids: string[] = [];
    for await (const { id } of collection.documents({ pageSize: 2 })) ids.push(id);
    expect(ids).toHaveLength(3);
    await collection.delete('r-17');
    expect(await collection.get('r-17')).toBeNull();
    expect(await collection.describe()).toMatchObject({ documentCount: 2 });
    expect((await akidb.collections.list()).map((it) => it.name)).toContain(collection.name);
    await akidb.collections.drop(collection.name);
    await expect(collection.get('r-18')).rejects.toThrow(/Collection '.*' not found/);
  });
});

describe('collections, as tables do,', () => {
  it('import, count, change, delete and choose documents', async () => {
    const collection = akidb.collection<{ area: string; n: number }>(fresh('reports'));
    await akidb.collections.create({ name: collection.name, model: MODEL });
    async function* documents() {
      for (let n = 0; n < 1200; n++)
        yield { id: `d-${n}`, text: '', vector: vector(n), metadata: { area: n % 2 ? 'north' : 'south', n } };
    }
    const vector = (n: number): Float32Array =>
      Float32Array.from({ length: 384 }, (_element, index) => (index === n % 384 ? 1 : 0));
    expect(await collection.import(documents())).toMatchObject({ rows: 1200, inserted: 1200, batches: 3 });
    expect(await collection.count()).toBe(1200);
    const north = { column: 'area', operator: '=', value: 'north' } as const;
    expect(await collection.count(north)).toBe(600);
    expect(await collection.count('n < 10')).toBe(10);
    expect((await collection.getMany(['d-7', 'nothing', 'd-3'])).map(({ id }) => id)).toEqual(['d-7', 'd-3']);
    let seen = 0;
    for await (const { metadata } of collection.documents({ filter: north, pageSize: 250 }))
      if (metadata.area === 'north') seen++;
    expect(seen).toBe(600);

    expect(await collection.update('d-7', { text: 'The ford is knee deep', metadata: { area: 'east', n: 7 } })).toBe(1);
    expect((await collection.search('how deep is the water', { limit: 1 }))[0]!.id).toBe('d-7');
    expect(await collection.updateAll({ ids: ['d-8', 'd-9'] }, { area: 'west', n: 0 })).toBe(2);
    expect(await collection.deleteAll({ filter: { column: 'n', operator: '>=', value: 100 } })).toBe(1100);
    expect(await collection.deleteAll({ ids: ['d-1', 'nothing'] })).toBe(1);
    expect(await collection.deleteAll({ filter: [] })).toBe(99);
  });

  it('are searched with the kept vector of a text', async () => {
    const bodies: Record<string, unknown>[] = [];
    const its = client({
      fetch: (input, init) => {
        if (String(input).endsWith('/search')) bodies.push(JSON.parse(String(init!.body)) as Record<string, unknown>);
        return fetch(input, init);
      },
    });
    const name = fresh('kept');
    await its.collections.create({ name, model: MODEL });
    await its.collection(name).insert([{ text: 'The ford is knee deep' }, { text: 'Snow on the pass' }]);
    const search = (hybrid = false): Promise<unknown> => its.collection(name).search('crossing a river', { hybrid });
    const first = await search();
    expect(await search()).toEqual(first);
    expect(bodies.map(({ query, vector }) => [query, typeof vector])).toEqual([
      ['crossing a river', 'undefined'],
      [undefined, 'string'],
    ]);
    expect(its.queryVectorStatistics()).toMatchObject({ entries: 1, hits: 1, misses: 1 });
    await its.collection(name).createTextIndex();
    await search(true);
    expect(bodies.at(-1)).toMatchObject({ query: 'crossing a river', vector: expect.any(String) as string });
    await its.collections.drop(name);
  });

  it('search by words too, by a document, by groups, and for variety', async () => {
    const collection = akidb.collection<{ area: string }>(fresh('reports'));
    await akidb.collections.create({ name: collection.name, model: MODEL, textIndex: true });
    await collection.insert([
      { id: 'a', text: 'The ford is knee deep after rain', metadata: { area: 'north' } },
      { id: 'b', text: 'The bridge beside the ford is closed', metadata: { area: 'north' } },
      { id: 'c', text: 'The hut serves soup until eight', metadata: { area: 'south' } },
    ]);
    expect(await collection.createTextIndex()).toEqual({ textIndex: true, state: 'ready' });
    const [best] = await collection.search('soup', { hybrid: { weights: { text: 2 } }, limit: 1 });
    expect(best).toMatchObject({ id: 'c', ranks: { similarity: 1, text: 1 }, textScore: expect.any(Number) as number });
    expect((await collection.search({ like: 'a' }, { limit: 1 }))[0]!.id).toBe('b');
    const groups = await collection.search('ford', { group: { by: 'area', size: 1 } });
    expect(groups.map(({ group }) => group)).toEqual(['north', 'south']);
    expect(await collection.search('ford', { mmr: { lambda: 0.5 }, offset: 1, exact: true, inputType: 'document' })).toHaveLength(
      2,
    );
    expect(await collection.dropTextIndex()).toEqual({ textIndex: false, state: null });
    expect(await collection.textIndex()).toMatchObject({ textIndex: false });
  });
});

describe('embeddings', () => {
  it('are generated for one text and for many, and kept', async () => {
    const its = client();
    const one = await its.embeddings.generate('granite', MODEL);
    expect(one).toHaveLength(384);
    const many = await its.embeddings.generate(
      ['basalt', 'granite', 'basalt', ...Array.from({ length: 120 }, (_text, n) => `stone ${n}`)],
      MODEL,
    );
    expect(many).toHaveLength(123);
    expect(many[1]).toEqual(one);
    expect(many[2]).toEqual(many[0]);
    expect(its.queryVectorStatistics()).toMatchObject({ entries: 122, hits: 1 });
    expect(await its.embeddings.generateEmbedding('granite', MODEL)).toEqual(one);
    const long = await its.embeddings.generateEmbedding('granite', MODEL, { normalize: false, cache: false });
    expect(Math.hypot(...long)).not.toBeCloseTo(1, 3);
    expect(await its.embeddings.generateEmbeddings([])).toEqual([]);
    const missing = its.embeddings.generate('x', 'no-model');
    await expect(missing).rejects.toThrow(/no-model/);
  });

  it('come with all that models differ in', async () => {
    const answer = await akidb.embeddings.embed(
      Array.from({ length: 40 }, (_text, n) => (n === 35 ? 'long '.repeat(2000) : `text ${n}`)),
      { model: MODEL, inputType: 'query' },
    );
    expect(answer.embeddings).toHaveLength(40);
    expect(answer.embeddings[0]).toBeInstanceOf(Float32Array);
    expect(answer).toMatchObject({ model: MODEL, dimension: 384, truncated: [35] });
    expect(answer.usage.totalTokens).toBeGreaterThan(40);
    expect((await akidb.embeddings.generate(['text 0'], MODEL))[0]).toEqual(answer.embeddings[0]);
  });

  it('are made by models that are listed and can be loaded before', async () => {
    expect((await akidb.embeddings.listModels())[0]).toEqual({ id: MODEL, dimensions: 384, type: 'sentence', cached: true });
    await akidb.embeddings.preloadModel(MODEL);
    await akidb.embeddings.clearCache({ server: true });
  });
});

describe('a client', () => {
  it('tells how the server is', async () => {
    expect(await akidb.health()).toMatchObject({ status: 'ok', dimension: 384 });
    expect(await akidb.health('ready')).toMatchObject({ status: 'ok' });
    expect(await akidb.health('live')).toMatchObject({ status: 'ok' });
    expect(await akidb.version()).toEqual({ name: 'akidb', version: expect.stringMatching(/^\d+\./) as string });
  });

  it('makes backups', async () => {
    const name = fresh('before-upgrade').replace('_', '-');
    expect(await akidb.backups.start({ name })).toMatchObject({ name, keys: false, audit: false });
    expect(await akidb.backups.wait(name)).toMatchObject({ name, state: 'complete', bytes: expect.any(Number) as number });
    expect((await akidb.backups.list()).map((backup) => backup.name)).toContain(name);
    await expect(akidb.backups.get('nothing')).rejects.toThrow(NotFoundError);
  });

  it('has the server verify and compact what it keeps, and waits for the end', async () => {
    const states: string[] = [];
    const verified = await akidb.verify({ onProgress: ({ state }) => void states.push(state) });
    expect(verified).toMatchObject({ state: 'complete', endedAt: expect.any(String) as string, problems: [] });
    expect(states.at(-1)).toBe('complete');
    expect(await akidb.verification()).toEqual(verified);
    const compacted = await akidb.compact();
    expect(compacted).toMatchObject({ state: 'complete', freeBytes: expect.any(Number) as number });
    expect(compacted.bytes).toBeGreaterThan(0);
    expect(await akidb.compaction()).toEqual(compacted);
  });

  it('tells who may do what, who did, and how much was asked for', async () => {
    expect(await akidb.caller()).toEqual({ key: 'anonymous', scopes: ['read', 'write', 'admin'], keys: false });
    expect(await akidb.keys()).toEqual([]);
    const busy = fresh('busy');
    await akidb.tables.create(busy, { columns: { a: 'string' } });
    await akidb.table(busy).insert([{ a: 'x' }]);
    const { on, entries } = await akidb.audit({ limit: 1 });
    expect(typeof on).toBe('boolean');
    expect(entries.length).toBeLessThanOrEqual(1);
    const traffic = (await akidb.traffic()).find((table) => table.name === busy)!;
    expect(traffic.requests.reduce((a, b) => a + b, 0)).toBeGreaterThanOrEqual(1);
    // tokens are made in the name of a key, of which this server has none
    await expect(akidb.tokens.create({ subject: 'ada' })).rejects.toThrow(ForbiddenError);
  });

  it('refuses what cannot work, before anything is sent', async () => {
    await expect(akidb.sync).rejects.toThrow(ConfigurationError);
    expect(() => new AkidbClient({ baseUrl: 'http://db.example.org', apiKey: 'k', allowKeyInBrowser: true })).toThrow(
      /unencrypted/,
    );
    expect(() => new AkidbClient({ baseUrl: 'ftp://db.example.org' })).toThrow(/http/);
    expect(() => new AkidbClient({ baseUrl: 'nonsense' })).toThrow(/no address/);
    expect(() => new AkidbClient({ connections: 50 })).toThrow(/5 to 20/);
  });
});
