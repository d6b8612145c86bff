import { beforeAll, describe, expect, inject, it } from 'vitest';
import * as pxt from '@akidb/sdk/pixeltable';
import { fresh } from '../support/layouts.js';

beforeAll(() => {
  pxt.init({ baseUrl: inject('url') });
});

describe("Pixeltable's names", () => {
  it('make, fill, search and drop a table, line by line as in Python', async () => {
    const name = fresh('knowledge');
    const t = await pxt.create_table(name, {
      title: pxt.Required(pxt.String),
      teaches: pxt.String,
      quality_score: pxt.Int,
      facts: pxt.Json,
    });
    await t.insert([
      { title: 'Hooks', teaches: 'React hooks best practices', quality_score: 9, facts: { area: 'web' } },
      { title: 'Charts', teaches: 'How to draw bar charts', quality_score: 8 },
      { title: 'Tides', teaches: 'How to predict the tides of the sea', quality_score: 5 },
    ]);
    await t.add_embedding_index(t.teaches, { embedding: pxt.sentence_transformer.using({ model_id: 'all-MiniLM-L6-v2' }) });

    expect(await t.where(t.quality_score.ge(8)).select(t.title).order_by(t.title).collect()).toEqual([
      { title: 'Charts' },
      { title: 'Hooks' },
    ]);

    const sim = t.teaches.similarity('when is high water?');
    expect(await t.order_by(sim, { asc: false }).select(t.title, { score: sim }).limit(1).collect()).toEqual([
      { title: 'Tides', score: expect.any(Number) as number },
    ]);
    const best = await t.where(sim.ge(0.2)).order_by(sim, { asc: false }).select(t.title, { what: t.teaches }).collect();
    expect(best).toEqual([{ title: 'Tides', what: 'How to predict the tides of the sea' }]);
    expect(await t.order_by(sim).select(t.title).collect()).toHaveLength(3);

    expect(await t.where(pxt.and_(t.title.contains('ar'), pxt.not_(t.quality_score.isin([1, 2])))).count()).toBe(1);
    expect(await t.where(t.facts.at('area').eq('web')).head(5)).toMatchObject([{ title: 'Hooks' }]);
    expect(await t.columns()).toEqual(['row_id', 'title', 'teaches', 'quality_score', 'facts']);
    expect(await t.update({ quality_score: 6 }, { where: t.title.eq('Tides') })).toMatchObject({ num_rows: 1, num_excs: 0 });
    expect(await t.delete({ where: t.quality_score.lt(8) })).toMatchObject({ num_rows: 1 });
    await t.add_column({ stars: pxt.Int });
    await t.rename_column('stars', 'likes');
    await t.drop_column('likes');
    await t.drop_embedding_index({ column: 'teaches' });
    expect(await t.count()).toBe(2);
    expect(await pxt.list_tables()).toContain(name);
    expect(await (await pxt.get_table(name)).show()).toHaveLength(2);
    await pxt.drop_table(name);
    await pxt.drop_table(name, { if_not_exists: 'ignore' });
    await expect(pxt.get_table(name)).rejects.toThrow(/not found/);
  });
});
