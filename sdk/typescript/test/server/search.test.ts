import { beforeAll, describe, expect, inject, it } from 'vitest';
import {
  AkidbClient,
  ConfigurationError,
  InvalidRequestError,
  NotFoundError,
  PixeltableClient,
  PixeltableNative,
  type QueryVector,
  type VectorStore,
} from '@akidb/sdk';
import { client, codeLayouts, fresh, layouts, MODEL, type Tables } from '../support/layouts.js';

const akidb = client();
let name: string;

beforeAll(async () => {
  name = await layouts(akidb);
  await codeLayouts(akidb); // the contract's chains name it
});

/** A client whose requests are counted. */
function counted(options: ConstructorParameters<typeof AkidbClient>[0] = {}): {
  its: AkidbClient;
  sent: () => string[];
  bodies: () => any[];
} {
  let paths: string[] = [];
  let bodies: any[] = [];
  const its = client({
    ...options,
    fetch: (input, init) => {
      paths.push(new URL(String(input)).pathname);
      bodies.push(init?.body ? JSON.parse(String(init.body)) : undefined);
      return fetch(input, init);
    },
  });
  return {
    its,
    sent: () => [paths, (paths = [])][0]!,
    bodies: () => [bodies, (bodies = [])][0]!,
  };
}

/** The vector that a search was sent with. */
const vectorIn = (body: { query_vector: string }): Float32Array =>
  new Float32Array(Uint8Array.from(atob(body.query_vector), (character) => character.charCodeAt(0)).buffer);

/** The row, whose score may differ in its last digit by the way in which it was found. */
const near = (row: { title: string; similarity_score: number }): unknown => ({
  ...row,
  similarity_score: expect.closeTo(row.similarity_score, 5) as number,
});

describe('a map of vectors', () => {
  it('has a point for each row, in the plane in which they differ most', async () => {
    const rows = await akidb.table(name).select('repo_url', 'language');
    const map = await akidb.table(name).projection({ column: 'teaches_embedding', by: 'language' });
    expect(map).toMatchObject({ column: 'teaches_embedding', rows: rows.length });
    expect(map.points.map(({ key, by }) => [key, by]).sort()).toEqual(rows.map((row) => [row.repo_url, row.language]).sort());
    expect(map.plane?.first.length).toBe(384);
    expect(map.plane?.explained[0]).toBeGreaterThanOrEqual(map.plane!.explained[1]!);
    expect((await akidb.table(name).projection({ limit: 1 })).points).toHaveLength(1);
    await expect(akidb.table(name).projection({ limit: 0 })).rejects.toThrow(InvalidRequestError);
  });
});

describe('the chains of the contract', () => {
  it('run as they stand: PixeltableClient', async () => {
    const client = new PixeltableClient({ baseUrl: inject('url') });

    const results = await client.tables
      .get('code_layouts')
      .similarity('How to organize React components')
      .inColumn('teaches_embedding')
      .where({ column: 'quality_score', operator: '>=', value: 7 })
      .where({ column: 'language', operator: '=', value: 'TypeScript' })
      .threshold(0.7)
      .limit(10)
      .execute();

    expect(results.map(({ data }) => data['title'])).toEqual(['Shop front']);
    expect(results[0]!.score).toBeGreaterThanOrEqual(0.7);
    expect(results[0]!.data).not.toHaveProperty('teaches_embedding');

    const embedding = await client.embeddings.generate('React component organization patterns', MODEL);
    expect(embedding).toBeInstanceOf(Float32Array);
    expect(embedding).toHaveLength(384);

    const found = await client.search('code_layouts', 'How to organize React components', {
      column: 'teaches_embedding',
      limit: 10,
      threshold: 0.7,
      filters: [
        { column: 'quality_score', operator: '>=', value: 7 },
        { column: 'language', operator: '=', value: 'TypeScript' },
      ],
      includeScore: true,
    });
    expect(found).toEqual(results);
  });

  it('run as they stand: PixeltableNative', async () => {
    const pt = new PixeltableNative();
    expect(() => pt.getTable('code_layouts')).toThrow(ConfigurationError);
    await pt.init({ baseUrl: inject('url') });

    const layouts = pt.getTable('code_layouts');
    const results = await layouts
      .select('repo_url', 'title', 'teaches', 'quality_score')
      .similaritySearch('React hooks best practices', 'teaches_embedding')
      .where('quality_score >= ?', 8)
      .where('language = ?', 'TypeScript')
      .orderBy('similarity_score', 'desc')
      .limit(10)
      .collect();

    expect(results.map((row) => row.title)).toEqual(['Hooks', 'Shop front']);
    expect(Object.keys(results[0]!)).toEqual(['repo_url', 'title', 'teaches', 'quality_score', 'similarity_score']);

    const least = 8;
    const rows = await pt.sql`select title from code_layouts where quality_score >= ${least} order by title`;
    expect(rows).toEqual([{ title: 'Charts' }, { title: 'Hooks' }, { title: 'Shop front' }]);
  });
});

describe('a search', () => {
  it('is typed, lazy, immutable and awaitable', async () => {
    const base = new AkidbClient<Tables>({ baseUrl: inject('url') })
      .table(name)
      .similarity('draw a chart')
      .inColumn('teaches_embedding');
    const one = base.select('title').limit(1);
    expect(await one).toEqual([{ data: { title: 'Charts' }, score: expect.closeTo(0.6, 0) as number }]);
    expect(await base).toHaveLength(5);
    expect(await one.includeScore(false)).toEqual([{ data: { title: 'Charts' } }]);
  });

  it('tells beside the rows how it went', async () => {
    const results = await akidb
      .table(name)
      .similarity('draw a chart')
      .inColumn('teaches_embedding')
      .explain()
      .with({ timeout: 5000 });
    expect(results.info.milliseconds).toBeGreaterThanOrEqual(0);
    expect(results.info.queryVector).toBeInstanceOf(Float32Array);
    expect(results.info.explanation).toMatchObject({ plan: 'exact', rows: 5, candidates: 5 });
    expect(JSON.parse(JSON.stringify(results))).toEqual([...results]);
  });

  it('takes a vector, the key of a row, another metric, mmr and offsets', async () => {
    const table = akidb.table(name);
    const query = await akidb.embeddings.generate('draw a chart', MODEL);
    expect((await table.similarity(query).inColumn('teaches_embedding').limit(1))[0]!.data['title']).toBe('Charts');
    const like = await table.like('https://git.example/hooks').inColumn('teaches_embedding').limit(1);
    expect(like[0]!.data['title']).toBe('Shop front');
    const how = { metric: 'euclidean', exact: true, mmr: { lambda: 0.3, candidates: 10 } } as const;
    expect(await table.similarity(query).inColumn('teaches_embedding').using(how).offset(1).limit(3)).toHaveLength(3);
    await expect(table.similarity('x').execute()).rejects.toThrow(ConfigurationError);
  });

  it('searches by words too', async () => {
    const { indexName } = await akidb.indexes.createTextIndex(name, ['title', 'teaches']);
    await akidb.indexes.wait(name, indexName);
    const [best] = await akidb
      .table(name)
      .similarity('markdown charts')
      .inColumn('teaches_embedding')
      .using({ hybrid: { columns: ['title', 'teaches'] } });
    expect(best!.ranks).toEqual({ similarity: expect.any(Number) as number, text: expect.any(Number) as number });
    expect(best!.textScore).toBeGreaterThan(0);
    const rows = await akidb
      .table(name)
      .select('title')
      .similaritySearch('markdown', 'teaches_embedding', { hybrid: { columns: ['teaches'] } })
      .limit(1);
    expect(rows[0]).toMatchObject({ title: 'Blog' });
  });

  it('is the same as rows of a query, by similarity, ascending, or streamed', async () => {
    const table = akidb.table(name);
    const query = table.select('title').similaritySearch('hooks in React', 'teaches_embedding').threshold(0.2);
    const rows = await query;
    expect(rows.map((row) => row.title)).toEqual(['Hooks', 'Shop front']);
    const streamed: unknown[] = [];
    for await (const row of query.stream()) streamed.push(row);
    expect(streamed).toEqual(rows.map(near));
    expect(await query.orderBy('similarity_score', 'asc')).toEqual([...rows].reverse().map(near));
    expect(
      await table.select('title').orderBy(table.columns['teaches_embedding']!.similarity('hooks in React'), 'desc').limit(2),
    ).toEqual(rows.map(near));
    expect((await query.explain()).toString()).toMatch(/SIMILARITY/);
    expect(await query.first()).toEqual(near(rows[0]!));
  });

  it('is by groups, by the row of a key, and by words also as rows', async () => {
    const table = akidb.table(name);
    const groups = await table
      .similarity('hooks in React')
      .inColumn('teaches_embedding')
      .using({ group: { by: 'language' } });
    expect(groups.map(({ group, data }) => [group, data['title']])).toEqual([
      ['TypeScript', 'Hooks'],
      ['Python', 'Charts'],
    ]);
    const like = { like: 'https://git.example/hooks' };
    expect(await table.select('title').similaritySearch(like, 'teaches_embedding').limit(1)).toMatchObject([
      { title: 'Shop front' },
    ]);
    const streamed: unknown[] = [];
    const query = table
      .select('title')
      .similaritySearch('hooks in React', 'teaches_embedding', { exact: true, mmr: { lambda: 0.9 } })
      .limit(2);
    for await (const row of query.stream()) streamed.push(row);
    expect(streamed).toEqual((await query).map(near));
    const counter = counted();
    for (const inputType of ['query', 'document', 'query'] as const) {
      await counter.its.search(name, 'for what it is', { column: 'teaches_embedding', inputType });
    }
    expect(counter.its.queryVectorStatistics()).toMatchObject({ entries: 2, hits: 1, misses: 2 });
  });

  it('says what is wrong', async () => {
    await expect(akidb.search(fresh('nothing'), 'x', { column: 'y' })).rejects.toThrow(NotFoundError);
    await expect(akidb.search(name, 'x', { column: 'nothing' })).rejects.toMatchObject({
      code: 'UNKNOWN_COLUMN',
      field: 'column',
    });
  });
});

describe('the vector of a query', () => {
  it('is asked for once, then sent', async () => {
    const { its, sent, bodies } = counted();
    const search = (): Promise<unknown> => its.search(name, 'when is high water', { column: 'teaches_embedding', limit: 1 });
    const first = await search();
    expect(sent()).toEqual([`/api/v1/tables/${name}`, `/api/v1/tables/${name}/search/similarity`]);
    expect(bodies()[1]).toMatchObject({ query: 'when is high water' });
    expect(await search()).toEqual(first);
    expect(sent()).toEqual([`/api/v1/tables/${name}/search/similarity`]);
    expect(vectorIn(bodies()[0])).toHaveLength(384);
    await its.table(name).similaritySearch('when is high water', 'teaches_embedding').limit(1);
    expect(vectorIn(bodies()[0])).toHaveLength(384);
    expect(its.queryVectorStatistics()).toMatchObject({ entries: 1, hits: 2, misses: 1 });
    await its.embeddings.clearCache();
    await search();
    expect(bodies().at(-1)).toMatchObject({ query: 'when is high water' });
  });

  it('is made once for many who ask at the same time, and nobody fails for the sake of another', async () => {
    const { its, bodies } = counted();
    const stop = new AbortController();
    const ask = (signal?: AbortSignal): Promise<unknown> =>
      its.search(name, 'all at once', { column: 'teaches_embedding', limit: 1, signal });
    await its.search(name, 'first', { column: 'teaches_embedding' });
    bodies();
    const aborted = ask(stop.signal).catch((reason: unknown) => reason);
    const others = Array.from({ length: 20 }, () => ask());
    await Promise.resolve();
    stop.abort('not now');
    expect(await aborted).toBe('not now');
    expect(new Set((await Promise.all(others)).map((answer) => JSON.stringify(answer))).size).toBe(1);
    const texts = bodies().filter((body) => typeof body.query === 'string');
    expect(texts.length).toBeLessThanOrEqual(2);
  });

  it('outlives the client if there is a store', async () => {
    let kept: (readonly [string, QueryVector])[] = [];
    const store: VectorStore = { load: async () => kept, save: async (entries) => void (kept = [...entries]) };
    const first = client({ queryVectors: { store } });
    const found = await first.search(name, 'kept beyond', { column: 'teaches_embedding', limit: 2 });
    await first.close();
    expect(kept).toHaveLength(1);
    const { its, bodies } = counted({ queryVectors: { store } });
    expect(await its.search(name, 'kept beyond', { column: 'teaches_embedding', limit: 2 })).toEqual(found);
    expect(vectorIn(bodies().at(-1))).toHaveLength(384);
  });

  it('keeps no more than it may: the least recently used go first', async () => {
    const { its } = counted({ queryVectors: { maxBytes: 6000 } });
    for (const text of ['one', 'two', 'one', 'three']) await its.search(name, text, { column: 'teaches_embedding', limit: 1 });
    expect(its.queryVectorStatistics()).toMatchObject({ entries: 2, hits: 1, misses: 3 });
    await its.search(name, 'one', { column: 'teaches_embedding', limit: 1 });
    expect(its.queryVectorStatistics().hits).toBe(2);
    expect(its.queryVectorStatistics().bytes).toBeLessThanOrEqual(6000);
  });

  it('of another model is not compared with the vectors of this column: its text is embedded again', async () => {
    let kept: (readonly [string, QueryVector])[] = [];
    const store: VectorStore = { load: async () => kept, save: async (entries) => void (kept = [...entries]) };
    const first = client({ queryVectors: { store } });
    const found = await first.search(name, 'made by whom', { column: 'teaches_embedding', limit: 2 });
    await first.close();
    expect(kept[0]![1].fingerprint).toEqual(expect.any(String));
    const another = btoa(String.fromCharCode(...new Uint8Array(new Float32Array(384).fill(0.05).buffer)));
    kept = kept.map(([key]) => [key, { vector: another, fingerprint: 'of another model' }]);
    const { its, bodies } = counted({ queryVectors: { store } });
    expect(await its.search(name, 'made by whom', { column: 'teaches_embedding', limit: 2 })).toEqual(found);
    expect(bodies().at(-1)).toMatchObject({ query: 'made by whom' });
  });

  it('searches by words too', async () => {
    const { its, bodies } = counted();
    const search = (): Promise<unknown> =>
      its
        .table(name)
        .similarity('markdown blog')
        .inColumn('teaches_embedding')
        .using({ hybrid: { columns: ['title'] } })
        .limit(2)
        .execute();
    const first = await search();
    bodies();
    expect(await search()).toEqual(first);
    expect(bodies()[0]).toMatchObject({ query: 'markdown blog', query_vector: expect.any(String) as string });
  });

  it('is not that of a column whose vectors users write', async () => {
    const { its } = counted();
    const other = fresh('vectors');
    await its.tables.create(other, { columns: { v: { type: 'embedding', dimensions: 2 } } });
    await its.table(other).insert([{ v: new Float32Array([1, 0]) }, { v: [0, 1] }]);
    const found = await its.search(other, new Float32Array([1, 0.1]), { column: 'v', includeVectors: true, limit: 1 });
    expect(found[0]!.data['v']).toEqual(new Float32Array([1, 0]));
    await expect(its.search(other, 'a text', { column: 'v' })).rejects.toMatchObject({ field: 'query' });
  });
});
