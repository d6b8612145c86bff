// The rows, and their order, that the real Pixeltable gave for the migration sample: see test/migration/record.py.
import { beforeAll, describe, expect, inject, it } from 'vitest';
import { AkidbClient, type Computed, type Json, type Key } from '@akidb/sdk';
import * as pxt from '@akidb/sdk/pixeltable';
import recorded from '../migration/recorded.json';
import { fresh, MODEL } from '../support/layouts.js';

interface Tables {
  [name: string]: {
    repo_url: Key;
    title: string;
    teaches: string | null;
    language: string;
    quality_score: number;
    seen: string;
    tags: Json;
    archived: boolean;
    teaches_embedding: Computed<Float32Array>;
  };
}

const akidb = new AkidbClient<Tables>({ baseUrl: inject('url') });
const name = fresh('moved');

beforeAll(async () => {
  await akidb.tables.create(name, {
    columns: {
      repo_url: 'string',
      title: { type: 'string', required: true },
      teaches: 'string',
      language: { type: 'string', required: true },
      quality_score: { type: 'float', required: true },
      seen: { type: 'timestamp', required: true },
      tags: 'json',
      archived: { type: 'bool', required: true },
    },
    primaryKey: 'repo_url',
  });
  await akidb.computedColumns.createEmbeddingColumn(name, { name: 'teaches_embedding', sourceColumn: 'teaches', model: MODEL });
  await akidb.table(name).insert(recorded.rows);
  pxt.init({ baseUrl: inject('url') });
});

interface Scored {
  repo_url: string;
  score: number | null;
}

/** The same rows in the same order; rows of the same score may change places, as may rows whose scores differ in the last digits. */
function same(rows: readonly Scored[], expected: readonly Scored[]): void {
  expect(rows.map(({ score }) => score)).toEqual(expected.map(({ score }) => expect.closeTo(score!, 4) as number));
  for (const [place, row] of rows.entries()) {
    const its = expected.find(({ repo_url }) => repo_url === row.repo_url);
    // the last places may be shared with rows that are not among the ten
    if (its) expect(row.score).toBeCloseTo(its.score!, 4);
    else expect(row.score).toBeCloseTo(expected.at(-1)!.score!, 4);
    expect(rows[place - 1]?.score ?? 1).toBeGreaterThanOrEqual(row.score!);
  }
}

describe(`what Pixeltable ${recorded.pixeltable} gave`, () => {
  it('for a filter', async () => {
    const rows = await akidb.table(name).select('repo_url', 'quality_score').where('quality_score >= ?', 8).collect();
    const byUrl = (a: { repo_url: string }, b: { repo_url: string }): number => a.repo_url.localeCompare(b.repo_url);
    expect(rows.sort(byUrl)).toEqual([...recorded.good].sort(byUrl));
    const t = await pxt.get_table(name);
    const some = await t
      .where(pxt.and_(t.c['quality_score']!.lt(3), t.c['language']!.eq('Go')))
      .order_by(t.c['title']!)
      .select(t.c['title']!, t.c['language']!)
      .collect();
    expect(some).toEqual(recorded.some);
  });

  it.each(recorded.searches)('for "$text"', async ({ text, nearest, narrowed }) => {
    const table = akidb.table(name);
    const scored = ({ repo_url, similarity_score: score }: { repo_url: string; similarity_score: number }): Scored => ({
      repo_url,
      score,
    });
    const query = table.select('repo_url').similaritySearch(text, 'teaches_embedding').limit(10);
    same((await query).map(scored), nearest);
    same((await query.where('quality_score >= ?', 7).where(table.columns.language.eq('TypeScript'))).map(scored), narrowed);

    const t = await pxt.get_table(name);
    const sim = t.c['teaches']!.similarity(text);
    const rows = await t.order_by(sim, { asc: false }).limit(10).select(t.c['repo_url']!, { score: sim }).collect();
    same(rows as unknown as Scored[], nearest);
  });
});
