import { expect, it } from 'vitest';
import { AkidbClient, PixeltableNative, sql } from '@akidb/sdk';

it('builders send nothing before they are awaited or end in a verb, and then once each time', async () => {
  const sent: string[] = [];
  const options = {
    baseUrl: 'http://127.0.0.1:1',
    fetch: async (input: RequestInfo | URL) => {
      sent.push(new URL(String(input)).pathname);
      const body = { rows: [], results: [], search_time_ms: 1, columns: [], name: 't', primary_key: 'k' };
      return new Response(JSON.stringify(body), { headers: { 'content-type': 'application/json' } });
    },
  };
  const akidb = new AkidbClient(options);
  const native = new PixeltableNative();
  await native.init(options);

  const table = akidb.tables.get('t');
  const query = table.select('a').where('a = ?', 1).orderBy('a').limit(1).offset(1).distinct();
  const search = table
    .similarity(new Float32Array([1]))
    .inColumn('v')
    .where({ column: 'a', operator: '=', value: 1 })
    .limit(3);
  const similar = native.getTable('t').similaritySearch('x', 'v').threshold(0.5).limit(1);
  const select = native.sql`select ${1} ${sql`where ${2}`}`;
  const rows = query.stream();
  const pages = query.pages();
  akidb.collection('c').documents();
  akidb.computedColumns.progress('t', 'v');
  await new Promise((resolve) => setTimeout(resolve));
  expect(sent).toEqual([]);

  await query;
  await query;
  await search;
  await select;
  await pages.next();
  await rows.next();
  expect(sent).toEqual([
    '/api/v1/tables/t/query',
    '/api/v1/tables/t/query',
    '/api/v1/tables/t/search/similarity',
    '/api/v1/sql',
    '/api/v1/tables/t/query',
    '/api/v1/tables/t/query',
  ]);
  await similar;
  expect(sent.slice(6)).toEqual(['/api/v1/tables/t', '/api/v1/tables/t/search/similarity']);
});
