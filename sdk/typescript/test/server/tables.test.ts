import { beforeAll, describe, expect, inject, it } from 'vitest';
import {
  and,
  AkidbClient,
  type Condition,
  ConflictError,
  expression,
  InvalidRequestError,
  not,
  NotFoundError,
  or,
} from '@akidb/sdk';
import { client, fresh, layouts, ROWS, type Layouts, type Tables } from '../support/layouts.js';

const akidb = client();
let name: string;

beforeAll(async () => {
  name = await layouts(akidb);
});

describe('a table', () => {
  it('is created, described, renamed, listed and dropped', async () => {
    const first = fresh('notes');
    const second = fresh('notes');
    const made = await akidb.tables.create(first, { columns: { note: { type: 'string', required: true }, 'the year': 'int' } });
    expect(made).toMatchObject({ name: first, kind: 'table', primaryKey: 'row_id', rowCount: 0 });
    await akidb.tables.rename(first, second);
    await akidb.tables.addColumn(second, 'facts', { type: 'json', default: { some_key: 1 } });
    await akidb.tables.renameColumn(second, 'the year', 'year');
    const { columns } = await akidb.tables.describe(second);
    expect(columns.map((column) => column.name)).toEqual(['row_id', 'note', 'year', 'facts']);
    expect(columns.at(-1)!.default).toEqual({ some_key: 1 });
    await akidb.tables.dropColumn(second, 'year');
    expect((await akidb.tables.list()).map((table) => table.name)).toContain(second);
    await akidb.tables.drop(second);
    await expect(akidb.tables.describe(second)).rejects.toThrow(NotFoundError);
  });

  it('takes rows, changes them and deletes them', async () => {
    const table = akidb.table(await layouts(akidb));
    const { version, ...counts } = await table.insert(
      [
        { repo_url: 'https://git.example/blog', title: 'Blog engine' },
        { repo_url: 'https://git.example/new', title: 'New' },
      ],
      { onConflict: 'replace' },
    );
    expect(version).toBeGreaterThan(0);
    expect(counts).toEqual({ inserted: 1, updated: 1, ignored: 0 });
    expect(await table.update({ column: 'title', operator: '=', value: 'New' }, { quality_score: 1 })).toMatchObject({
      updated: 1,
    });
    expect(await table.updateByKey('https://git.example/new', { language: 'Go' })).toMatchObject({ updated: 1 });
    expect(await table.get('https://git.example/new')).toMatchObject({ title: 'New', quality_score: 1, language: 'Go' });
    expect(await table.get('https://git.example/new', { includeMeta: true })).toHaveProperty('changed_at');
    expect(await table.delete(table.columns['quality_score']!.lt(3))).toMatchObject({ deleted: 1 });
    expect(await table.get('https://git.example/new')).toBeNull();
    await table.deleteByKey('https://git.example/blog');
    await expect(table.deleteByKey('https://git.example/blog')).rejects.toThrow(NotFoundError);
    expect(await table.count()).toBe(4);
    expect(await table.delete([])).toMatchObject({ deleted: 4 });
  });

  it('changes rows each to values of its own, all or none', async () => {
    const table = akidb.table(await layouts(akidb));
    const score = async (): Promise<unknown> =>
      (
        await table
          .select('quality_score')
          .where(table.columns['title']!.in(['Blog', 'Hooks']))
          .orderBy('title')
      ).map((row) => row['quality_score']);
    const changes = [
      { repo_url: 'https://git.example/blog', quality_score: 1 },
      { repo_url: 'https://git.example/hooks', quality_score: 2, language: null },
    ];
    const { version, ...counts } = await table.updateRows(changes);
    expect(version).toBeGreaterThan(0);
    expect(counts).toEqual({ updated: 2, missing: 0 });
    expect(await score()).toEqual([1, 2]);
    const others = [
      { repo_url: 'https://git.example/blog', quality_score: 3 },
      { repo_url: 'nowhere', quality_score: 4 },
    ];
    await expect(table.updateRows(others)).rejects.toThrow(NotFoundError);
    expect(await score()).toEqual([1, 2]);
    expect(await table.updateRows(others, { ifMissing: 'ignore' })).toMatchObject({ updated: 1, missing: 1 });
    expect(await score()).toEqual([3, 2]);
    await expect(table.updateRows([{ quality_score: 5 }])).rejects.toMatchObject({
      field: expect.stringMatching(/^rows/) as string,
    });
  });

  it('is not there: no row of it is null, the table is told', async () => {
    await expect(akidb.table(fresh('nothing')).get('x')).rejects.toThrow(/Table '.*' not found/);
  });

  it('refuses rows that do not fit and names the value', async () => {
    const error = await akidb
      .table(name)
      .insert([{ repo_url: 'x', title: 'X', quality_score: 'high' }])
      .catch((it: unknown) => it);
    expect(error).toBeInstanceOf(InvalidRequestError);
    expect(error).toMatchObject({
      code: 'WRONG_TYPE',
      status: 400,
      field: 'rows[0].quality_score',
      retryable: false,
      name: 'InvalidRequestError',
    });
    expect((error as InvalidRequestError).requestId).toMatch(/\w+/);
    await expect(akidb.table(name).insert([ROWS[0]!])).rejects.toThrow(ConflictError);
  });
});

describe('a query', () => {
  const table = () => new AkidbClient<Tables>({ baseUrl: inject('url') }).table(name);

  it('selects, filters and sorts', async () => {
    const t = table();
    expect(
      await t
        .select('title', 'quality_score')
        .where('quality_score >= ?', 8)
        .where(t.columns.language.eq('TypeScript'))
        .orderBy('title'),
    ).toEqual([
      { title: 'Hooks', quality_score: 9 },
      { title: 'Shop front', quality_score: 8 },
    ]);
  });

  it('knows every operator', async () => {
    const t = table();
    const { quality_score: score, title, language, facts } = t.columns;
    const titles = async (condition: Condition<Layouts>): Promise<string[]> =>
      (await t.select('title').where(condition).orderBy('title').collect()).map((row) => row.title);
    expect(await titles(score.ne(9))).toEqual(['Blog', 'Forms', 'Shop front']);
    expect(await titles(score.gt(8))).toEqual(['Charts', 'Hooks']);
    expect(await titles(score.lte(5))).toEqual(['Forms']);
    expect(await titles(score.between(6, 8))).toEqual(['Blog', 'Shop front']);
    expect(await titles(title.in(['Blog', 'Forms', 'Nothing']))).toEqual(['Blog', 'Forms']);
    expect(await titles(title.notIn(['Blog', 'Forms']))).toEqual(['Charts', 'Hooks', 'Shop front']);
    expect(await titles(title.like('%o%'))).toEqual(['Blog', 'Forms', 'Hooks', 'Shop front']);
    expect(await titles(facts.isNotNull())).toEqual(['Shop front']);
    expect(await titles(facts.at('area.name').eq('north'))).toEqual(['Shop front']);
    expect(await titles(facts.at('tags').contains('cart'))).toEqual(['Shop front']);
    expect(await titles(facts.at('tags').containsAny(['cart', 'garden']))).toEqual(['Shop front']);
    expect(await titles(facts.at('tags').containsAll(['cart', 'garden']))).toEqual([]);
    expect(await titles(or(language.eq('Python'), and(score.lt(6), not(title.eq('Blog')))))).toEqual(['Charts', 'Forms']);
    expect(await titles([score.gte(6), { column: 'language', operator: '=', value: 'TypeScript' }])).toEqual([
      'Blog',
      'Hooks',
      'Shop front',
    ]);
    expect(await titles({ column: 'added', operator: '>=', value: '2026-01-01T00:00:00Z' })).toEqual(['Shop front']);
  });

  it('is immutable: each step gives a new one', async () => {
    const all = table().select('title').orderBy('title');
    const some = all.where('quality_score > ?', 8);
    expect(await all.count()).toBe(5);
    expect(await some.count()).toBe(2);
    expect(await all.limit(1)).toEqual([{ title: 'Blog' }]);
    expect(await all).toHaveLength(5);
  });

  it('computes expressions and places in JSON', async () => {
    const rows = await table()
      .select('title', 'facts.area.name', expression<number>('quality_score * 2').as('double'))
      .where('title = ?', 'Shop front');
    expect(rows).toEqual([{ title: 'Shop front', 'facts.area.name': 'north', double: 16 }]);
  });

  it('gives the first row, groups, distinct values, pages, and a plan', async () => {
    const t = table();
    expect(await t.orderBy('title').first()).toMatchObject({ title: 'Blog' });
    expect(await t.where('title = ?', 'Nothing').first()).toBeNull();
    expect(await t.query().groupBy('language')).toEqual([
      { values: { language: 'TypeScript' }, count: 4 },
      { values: { language: 'Python' }, count: 1 },
    ]);
    expect(await t.select('language').distinct()).toEqual([{ language: 'Python' }, { language: 'TypeScript' }]);
    const pages: string[][] = [];
    for await (const page of t.select('title').orderBy('title').limit(4).pages(3)) pages.push(page.map((row) => row.title));
    expect(pages).toEqual([['Blog', 'Charts', 'Forms'], ['Hooks']]);
    const plan = await t.where('repo_url = ?', 'x').explain();
    expect(plan.plan.length).toBeGreaterThan(0);
    expect(`${plan}`).toBe(plan.plan.join('\n'));
  });

  it('shows vectors as Float32Array, and only if asked', async () => {
    const t = table();
    expect(await t.where('title = ?', 'Blog').first()).not.toHaveProperty('teaches_embedding');
    const named = await t.select('title', 'teaches_embedding').where('title = ?', 'Blog').first();
    expect(named!.teaches_embedding).toBeInstanceOf(Float32Array);
    expect(named!.teaches_embedding).toHaveLength(384);
    const all = await t.where('title = ?', 'Blog').includeVectors().includeMeta().first();
    expect(all!.teaches_embedding).toEqual(named!.teaches_embedding);
    expect(all!.version).toBeGreaterThan(0);
    expect((await t.get('https://git.example/blog', { includeVectors: true }))!.teaches_embedding).toEqual(
      named!.teaches_embedding,
    );
  });

  it('gives times as Date if asked', async () => {
    const t = client({ dates: true }).table(name);
    const added = new Date('2026-03-01T09:30:00Z');
    expect(await t.select('title', 'added').where(t.columns['added']!.eq(added)).first()).toEqual({ title: 'Shop front', added });
  });

  it('keeps integers beyond 2^53 if asked', async () => {
    const large = 9_007_199_254_740_993n;
    const numbers = fresh('numbers');
    const exact = client({ bigints: true });
    await exact.tables.create(numbers, { columns: { n: 'int', text: 'string', facts: 'json' }, primaryKey: 'n' });
    await exact.table(numbers).insert([
      { n: large, text: 'say "9007199254740993"', facts: { big: 1e300, n: large } },
      { n: 7, text: '\\', facts: null },
    ]);
    expect(await exact.table(numbers).orderBy('n')).toEqual([
      { n: 7, text: '\\', facts: null },
      { n: large, text: 'say "9007199254740993"', facts: { big: 1e300, n: large } },
    ]);
    expect(await exact.table(numbers).get(large)).toMatchObject({ n: large });
    expect(
      await exact
        .table(numbers)
        .where('n > ?', large - 1n)
        .count(),
    ).toBe(1);
  });
});

describe('a stream', () => {
  let numbers: string;
  beforeAll(async () => {
    numbers = fresh('numbers');
    await akidb.tables.create(numbers, { columns: { n: 'int', text: 'string' }, primaryKey: 'n' });
  });

  it('brings in what an async iterable gives, batch by batch, and asks for no more than there is room for', async () => {
    let given = 0;
    let ahead = 0;
    async function* rows() {
      for (; given < 5000; given++) yield { n: given, text: `row ${given} with an umlaut ä and a line\nfeed` };
    }
    const told: number[] = [];
    const result = await akidb.table(numbers).import(rows(), {
      batch: 500,
      concurrency: 2,
      onProgress: (progress) => {
        told.push(progress.rows);
        ahead = Math.max(ahead, given - progress.rows);
      },
    });
    expect(result).toEqual({ rows: 5000, inserted: 5000, updated: 0, ignored: 0, batches: 10 });
    expect(told).toHaveLength(10);
    expect(told.at(-1)).toBe(5000);
    expect(ahead).toBeLessThanOrEqual(2000);
    expect(await akidb.table(numbers).count()).toBe(5000);
  });

  it('ends an import at the batch that is refused and says how many rows are kept', async () => {
    const rows = Array.from({ length: 1500 }, (_row, index) => ({ n: 10_000 + index, text: index === 1200 ? 7 : 'x' }));
    const error = await akidb
      .table(numbers)
      .import(rows, { batch: 500, concurrency: 1 })
      .catch((it: unknown) => it);
    expect(error).toMatchObject({ name: 'ImportError', code: 'WRONG_TYPE', progress: { rows: 1000, batches: 2 } });
    expect((error as Error).cause).toBeInstanceOf(InvalidRequestError);
    expect(await akidb.table(numbers).where('n >= ?', 10_000).count()).toBe(1000);
    await akidb.table(numbers).delete(akidb.table(numbers).columns['n']!.gte(10_000));
  });

  it('gives all rows in order, and all of a collect without a limit', async () => {
    let expected = 0;
    for await (const row of akidb.table(numbers).orderBy('n').stream()) expect(row['n']).toBe(expected++);
    expect(expected).toBe(5000);
    expect(await akidb.table(numbers).select('n')).toHaveLength(5000);
    expect(await akidb.table(numbers).select('n').limit(1500)).toHaveLength(1500);
  });

  it('ends when the loop is left', async () => {
    const seen: number[] = [];
    for await (const row of akidb.table(numbers).orderBy('n').stream()) {
      seen.push(row['n'] as number);
      if (seen.length === 3) break;
    }
    expect(seen).toEqual([0, 1, 2]);
    expect(await akidb.table(numbers).count()).toBe(5000);
  });

  it('ends with the reason of the signal, as it is', async () => {
    const reason = { why: 'the page was left' };
    const controller = new AbortController();
    const read = async (): Promise<void> => {
      for await (const row of akidb.table(numbers).query().stream({ signal: controller.signal })) {
        if (row['n'] === 10) controller.abort(reason);
      }
    };
    await expect(read()).rejects.toBe(reason);
    await expect(akidb.table(numbers).count({ signal: controller.signal })).rejects.toBe(reason);
  });
});
