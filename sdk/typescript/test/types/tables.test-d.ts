import { describe, expectTypeOf, it } from 'vitest';
import {
  AkidbClient,
  and,
  expression,
  not,
  type Computed,
  type Generated,
  type Insertable,
  type Key,
  type Override,
  type Query,
  type RowId,
  type SearchResults,
  type Table,
  type Updateable,
} from '@akidb/sdk';

interface Facts {
  area: { name: string };
  stars: number;
  tags: string[];
}

interface Tables {
  code_layouts: {
    repo_url: Key<string>;
    title: string;
    teaches: string | null;
    quality_score: Generated<number>;
    added: Date | null;
    facts: Facts | null;
    sketch: Float32Array | null;
    teaches_embedding: Computed<Float32Array>;
  };
  notes: { note: string };
}

declare const akidb: AkidbClient<Tables>;
declare const layouts: Table<Tables['code_layouts']>;
declare const anything: AkidbClient;

interface WholeRow {
  repo_url: string;
  title: string;
  teaches: string | null;
  quality_score: number;
  added: Date | null;
  facts: Facts | null;
}

describe('tables', () => {
  it('are those of the interface', () => {
    expectTypeOf(akidb.table('code_layouts')).toEqualTypeOf<Table<Tables['code_layouts']>>();
    // @ts-expect-error no such table
    akidb.table('code_layout');
    expectTypeOf(anything.table('whatever').columns['x']!.eq).toBeFunction();
  });

  it('may have columns typed more closely', () => {
    type Closer = Override<Tables, { notes: { note: 'a' | 'b' } }>;
    expectTypeOf<Closer['notes']>().toEqualTypeOf<{ note: 'a' | 'b' }>();
    expectTypeOf<Closer['code_layouts']>().toEqualTypeOf<Tables['code_layouts']>();
  });
});

describe('rows', () => {
  it('are read without vectors, or with what is selected', async () => {
    expectTypeOf(await layouts.query().collect()).toEqualTypeOf<WholeRow[]>();
    expectTypeOf(await layouts.select('title', 'quality_score')).toEqualTypeOf<{ title: string; quality_score: number }[]>();
    expectTypeOf(await layouts.select('*').first()).toEqualTypeOf<WholeRow | null>();
    expectTypeOf(await layouts.select('title', 'teaches_embedding').first()).toEqualTypeOf<{
      title: string;
      teaches_embedding: Float32Array | null;
    } | null>();
    expectTypeOf(await layouts.get('x', { includeVectors: true })).toEqualTypeOf<
      WholeRow & {} extends infer R
        ? { [K in keyof R]: R[K] } & { sketch: Float32Array | null; teaches_embedding: Float32Array | null } extends infer F
          ? { [K in keyof F]: F[K] } | null
          : never
        : never
    >();
    // @ts-expect-error no such column
    layouts.select('titel');
  });

  it('have places in JSON and expressions', async () => {
    const rows = await layouts.select('facts.area.name', 'facts.stars', expression<number>('quality_score * 2').as('double'));
    expectTypeOf(rows).toEqualTypeOf<{ 'facts.area.name': string | null; 'facts.stars': number | null; double: number }[]>();
    // @ts-expect-error a string has no places
    layouts.select('title.length');
  });

  it('show how similar they are', async () => {
    expectTypeOf(await layouts.select('title').similaritySearch('x', 'teaches_embedding')).toEqualTypeOf<
      ({ title: string } & { similarity_score: number })[]
    >();
    for await (const row of layouts.select('title').stream()) expectTypeOf(row).toEqualTypeOf<{ title: string }>();
    expectTypeOf(await layouts.similarity('x').inColumn('sketch').select('title')).toEqualTypeOf<
      SearchResults<{ title: string }>
    >();
    // @ts-expect-error not an embedding column
    layouts.similaritySearch('x', 'title');
    // @ts-expect-error not an embedding column
    layouts.similarity('x').inColumn('quality_score');
    // @ts-expect-error not an embedding column
    akidb.search('code_layouts', 'x', { column: 'title' });
  });

  it('are of any type without an interface', async () => {
    expectTypeOf(await anything.table('t').query()).toEqualTypeOf<Record<string, any>[]>();
    anything.table('t').similaritySearch('x', 'whatever').where({ column: 'c', operator: '>=', value: 1 });
  });
});

describe('conditions', () => {
  it('are of the columns and their types', () => {
    const { columns } = layouts;
    expectTypeOf(layouts.where(columns.quality_score.gte(8)).where('title = ?', 'x')).toEqualTypeOf<
      Query<Tables['code_layouts']>
    >();
    layouts.where(and(columns.title.in(['a']), not(columns.added.lt(new Date()))));
    layouts.where({ column: 'quality_score', operator: '>=', value: 7 });
    layouts.where([{ column: 'facts.area.name', operator: '=', value: 'north' }, columns.facts.at('area.name').eq('x')]);
    layouts.where(columns.facts.at('tags').containsAny(['ui']));
    // @ts-expect-error an element is a string
    columns.facts.at('tags').contains(7);
    // @ts-expect-error a number, not a string
    columns.quality_score.gte('8');
    // @ts-expect-error a number, not a string
    layouts.where({ column: 'quality_score', operator: '>=', value: 'high' });
    // @ts-expect-error no such column
    layouts.where({ column: 'quality', operator: '>=', value: 1 });
    // @ts-expect-error no such operator
    layouts.where({ column: 'title', operator: '~', value: 'x' });
    // @ts-expect-error a list
    layouts.where({ column: 'title', operator: 'in', value: 'x' });
    // @ts-expect-error a column of another table
    layouts.where(akidb.table('notes').columns.note.eq('x'));
    // @ts-expect-error no such column
    columns.quality;
    // @ts-expect-error no such column
    layouts.orderBy('quality');
    layouts.orderBy(columns.sketch.similarity('x'), 'desc');
    // @ts-expect-error vectors are not compared
    columns.sketch.eq(new Float32Array(3));
    // @ts-expect-error vectors are not compared
    layouts.where({ column: 'sketch', operator: 'is null' });
    // @ts-expect-error vectors have no order
    layouts.orderBy('sketch');
    // @ts-expect-error no vectors
    columns.title.similarity('x');
  });
});

describe('writes', () => {
  it('bring what is required, and nothing that is computed', () => {
    type New = Insertable<Tables['code_layouts']>;
    expectTypeOf<Pick<New, 'repo_url' | 'title' | 'teaches' | 'quality_score'>>().toEqualTypeOf<{
      repo_url: string;
      title: string;
      teaches?: string | null;
      quality_score?: number | undefined;
    }>();
    layouts.insert([{ repo_url: 'x', title: 'X', sketch: [1, 2], added: new Date() }]);
    layouts.insert([{ repo_url: 'x', title: 'X', sketch: new Float32Array(2), added: '2026-01-01T00:00:00Z' }]);
    // @ts-expect-error title is missing
    layouts.insert([{ repo_url: 'x' }]);
    // @ts-expect-error a string, not a number
    layouts.insert([{ repo_url: 'x', title: 7 }]);
    // @ts-expect-error no such column
    layouts.insert([{ repo_url: 'x', title: 'X', stars: 1 }]);
    // @ts-expect-error computed
    layouts.insert([{ repo_url: 'x', title: 'X', teaches_embedding: new Float32Array(3) }]);
    const row = { repo_url: 'x', title: 'X', teaches_embedding: new Float32Array(3) };
    // @ts-expect-error computed, also where excess members are not looked at
    layouts.insert([row]);
    anything.table('t').insert([{ whatever: 1 }]);
  });

  it('change neither keys nor what is computed', () => {
    expectTypeOf<Updateable<Tables['notes']>>().toEqualTypeOf<{ note?: string }>();
    layouts.update({ column: 'title', operator: '=', value: 'x' }, { quality_score: 3, teaches: null });
    // @ts-expect-error a key
    layouts.update([], { repo_url: 'y' });
    // @ts-expect-error computed
    layouts.updateByKey('x', { teaches_embedding: null });
    // @ts-expect-error never null
    layouts.updateByKey('x', { title: null });
  });

  it('change rows each to values of its own, by their keys', () => {
    layouts.updateRows(
      [
        { repo_url: 'x', quality_score: 3 },
        { repo_url: 'y', teaches: null },
      ],
      { ifMissing: 'ignore' },
    );
    // @ts-expect-error which row?
    layouts.updateRows([{ quality_score: 3 }]);
    // @ts-expect-error computed
    layouts.updateRows([{ repo_url: 'x', teaches_embedding: null }]);
    // @ts-expect-error a number, not a string
    layouts.updateRows([{ repo_url: 'x', quality_score: '3' }]);
    anything.table('t').updateRows([{ whatever: 1 }]);
    const numbered = new AkidbClient<{ t: { row_id: RowId; note: string } }>().table('t');
    numbered.updateRows([{ row_id: 7, note: 'x' }]);
  });
});
