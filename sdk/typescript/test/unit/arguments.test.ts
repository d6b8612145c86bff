import { describe, expect, it } from 'vitest';
import { AkidbClient, ConfigurationError, identifier, ProtocolError } from '@akidb/sdk';

/** A client that counts its requests and answers all of them with the same. */
function client(answer: unknown = {}, type = 'application/json'): { akidb: AkidbClient; sent: string[] } {
  const sent: string[] = [];
  const akidb = new AkidbClient({
    baseUrl: 'http://127.0.0.1:1',
    retries: 0,
    fetch: async (input) => {
      sent.push(String(input));
      const text = typeof answer === 'string' ? answer : JSON.stringify(answer);
      return new Response(text, { headers: { 'content-type': type } });
    },
  });
  return { akidb, sent };
}

/** Arguments as programs without types give them. */
const wrong = (value: unknown): any => value;

type Act = (akidb: AkidbClient) => unknown;

const circle: Record<string, unknown> = {};
circle['self'] = circle;

const REFUSED: [field: string, act: Act][] = [
  // names and keys
  ['table', (db) => db.table('')],
  ['table', (db) => db.table(wrong(undefined))],
  ['collection', (db) => db.collection(wrong(null))],
  ['table', (db) => db.tables.drop('')],
  ['table', (db) => db.tables.drop('..')],
  ['key', (db) => db.table('t').get(wrong(undefined))],
  ['key', (db) => db.table('t').deleteByKey('')],
  ['key', (db) => db.table('t').deleteByKey('..')],
  ['key', (db) => db.table('t').updateByKey(NaN, {})],
  ['key', (db) => db.table('t').get('half of a pair \ud800')],
  ['name', (db) => db.tables.dropColumn('t', '.')],
  ['to', (db) => db.tables.rename('t', wrong(undefined))],
  ['name', (db) => db.tables.create('', { columns: {} })],
  ['columns', (db) => db.tables.create('t', wrong({}))],
  ['columns.a', (db) => db.tables.create('t', { columns: { a: wrong('text') } })],
  ['columns.a', (db) => db.tables.addColumn('t', 'a', wrong({ kind: 'int' }))],
  ['column', (db) => db.computedColumns.pause('t', '')],
  ['sourceColumn', (db) => db.computedColumns.createEmbeddingColumn('t', wrong({ name: 'v', model: 'm' }))],
  ['index', (db) => db.indexes.drop('t', wrong(undefined))],
  ['columns', (db) => db.indexes.createTextIndex('t', wrong('title'))],
  ['id', (db) => db.collection('c').delete('')],
  ['ids', (db) => db.collection('c').getMany(wrong('d'))],
  ['name', (db) => db.collections.create(wrong({ model: 'm' }))],
  // queries
  ['limit', (db) => db.table('t').limit(0)],
  ['limit', (db) => db.table('t').limit(wrong('10'))],
  ['limit', (db) => db.table('t').limit(1.5)],
  ['offset', (db) => db.table('t').offset(-1)],
  ['select[1]', (db) => db.table('t').select('a', wrong(undefined))],
  ['orderBy.direction', (db) => db.table('t').orderBy('a', wrong('descending'))],
  ['size', (db) => db.table('t').query().pages(0).next()],
  ['query', (db) => db.table('t').similaritySearch('', 'v')],
  ['query[1]', (db) => db.table('t').similaritySearch(new Float32Array([1, NaN]), 'v')],
  ['query.like', (db) => db.table('t').similaritySearch({ like: '' }, 'v')],
  ['column', (db) => db.table('t').similarity('x').inColumn(wrong(undefined))],
  ['limit', (db) => db.table('t').similarity('x').limit(1001)],
  ['threshold', (db) => db.search('t', 'x', { column: 'v', threshold: wrong('0.7') })],
  ['metric', (db) => db.search('t', 'x', { column: 'v', metric: wrong('dot') })],
  ['column', (db) => db.search('t', 'x', wrong({}))],
  ['query', (db) => db.search('t', wrong(undefined), { column: 'v' })],
  ['filters', (db) => db.search('t', 'x', { column: 'v', filters: wrong({ column: 'a' }) })],
  ['filters[0].operator', (db) => db.search('t', 'x', { column: 'v', filters: [wrong({ column: 'a', operator: '==' })] })],
  ['query', (db) => db.collection('c').search('')],
  ['limit', (db) => db.collection('c').search('x', { limit: 0 })],
  // conditions
  ['where', (db) => db.table('t').where(wrong(undefined))],
  ['where', (db) => db.table('t').where('a = ? and b = ?', 1)],
  ['where', (db) => db.table('t').where("a = '?'", 1)],
  ['params[0]', (db) => db.table('t').where('a = ?', undefined)],
  ['where.column', (db) => db.table('t').where(wrong({ operator: '=', value: 1 }))],
  ['where.value', (db) => db.table('t').where({ column: 'a', operator: '=', value: undefined })],
  ['where.value', (db) => db.table('t').where(db.table('t').columns['a']!.gte(NaN))],
  ['where.value[1]', (db) => db.table('t').where(db.table('t').columns['a']!.in([1, undefined]))],
  ['where', (db) => db.table('t').delete(wrong(undefined))],
  ['where', (db) => db.table('t').update(wrong(null), { a: 1 })],
  ['filter', (db) => db.collection('c').deleteAll(wrong({}))],
  // rows
  ['rows', (db) => db.table('t').insert(wrong({ a: 1 }))],
  ['rows[1]', (db) => db.table('t').insert([{ a: 1 }, wrong(undefined)])],
  ['rows[0].score', (db) => db.table('t').insert([{ score: NaN }])],
  ['rows[0].score', (db) => db.table('t').insert([{ score: -Infinity }])],
  ['rows[0].at', (db) => db.table('t').insert([{ at: new Date('never') }])],
  ['rows[0].facts', (db) => db.table('t').insert([{ facts: new Map([['a', 1]]) }])],
  ['rows[0].facts.deep[1]', (db) => db.table('t').insert([{ facts: { deep: [1, undefined] } }])],
  ['rows[0].act', (db) => db.table('t').insert([{ act: () => 1 }])],
  ['rows[0].v[2]', (db) => db.table('t').insert([{ v: new Float32Array([1, 2, NaN]) }])],
  ['rows[0].v', (db) => db.table('t').insert([{ v: new Float64Array(2) }])],
  ['onConflict', (db) => db.table('t').insert([{ a: 1 }], { onConflict: wrong('upsert') })],
  ['embed', (db) => db.table('t').update([], { a: 1 }, { embed: wrong('later') })],
  ['values.a', (db) => db.table('t').updateByKey('k', { a: Infinity })],
  ['rows[0]', (db) => db.table('t').updateRows([wrong('k')])],
  ['ifMissing', (db) => db.table('t').updateRows([{ k: 1 }], { ifMissing: wrong('skip') })],
  ['rows', (db) => db.table('t').import(wrong(7))],
  ['batch', (db) => db.table('t').import([{ a: 1 }], { batch: 0 })],
  ['concurrency', (db) => db.table('t').import([{ a: 1 }], { concurrency: 0 })],
  ['documents[0]', (db) => db.collection('c').insert([wrong('text')])],
  ['documents[0].vector[1]', (db) => db.collection('c').insert({ text: 'x', vector: [1, NaN] })],
  // tokens, operation
  ['subject', (db) => db.tokens.create({ subject: '' })],
  ['expiresIn', (db) => db.tokens.create({ subject: 's', expiresIn: 0.5 })],
  ['scopes[1]', (db) => db.tokens.create({ subject: 's', scopes: ['read', wrong('admin')] })],
  ['tables', (db) => db.tokens.create({ subject: 's', tables: wrong(['notes']) })],
  ['tables', (db) => db.tokens.create({ subject: 's', tables: wrong(new Map([['notes', {}]])) })],
  ['tables.notes', (db) => db.tokens.create({ subject: 's', tables: wrong({ notes: undefined }) })],
  ['tables.notes.columns', (db) => db.tokens.create({ subject: 's', tables: { notes: wrong({ columns: 'title' }) } })],
  ['tables.notes.where', (db) => db.tokens.create({ subject: 's', tables: { notes: wrong({ where: "a = 'b'" }) } })],
  [
    'tables.notes.where.value',
    (db) => db.tokens.create({ subject: 's', tables: { notes: { where: { column: 'owner', operator: '=' } } } }),
  ],
  ['limit', (db) => db.audit({ limit: 1001 })],
  ['refused', (db) => db.audit({ refused: wrong('yes') })],
  ['wait', (db) => db.verify({ wait: wrong('no') })],
  ['onProgress', (db) => db.compact({ onProgress: wrong('tell') })],
  // SQL, embeddings, how calls are made
  ['sql', (db) => wrong(db.sql)('select * from t where a = 1')],
  ['sql.values[0]', (db) => db.sql`select ${undefined}`],
  ['identifier', () => identifier('')],
  ['text', (db) => db.embeddings.generate('')],
  ['texts[1]', (db) => db.embeddings.generate(['a', wrong(null)])],
  ['texts', (db) => db.embeddings.generate(wrong(7))],
  ['model', (db) => db.embeddings.generate('a', wrong(7))],
  ['timeout', (db) => db.table('t').count({ timeout: 0 })],
  ['retries', (db) => db.table('t').count({ retries: -1 })],
  ['signal', (db) => db.table('t').count({ signal: wrong(new AbortController()) })],
  ['timeout', () => new AkidbClient({ timeout: NaN })],
  ['apiKey', () => new AkidbClient({ apiKey: wrong(7) })],
  ['connections', () => new AkidbClient({ connections: 50 })],
  ['baseUrl', () => new AkidbClient({ baseUrl: 'nonsense' })],
];

describe('arguments', () => {
  it.each(REFUSED)('that cannot work are refused before anything is sent, and named: %s', async (field, act) => {
    const { akidb, sent } = client();
    const error = await Promise.resolve()
      .then(() => act(akidb))
      .catch((it: unknown) => it);
    const cause = error instanceof Error && error.name === 'ImportError' ? error.cause : error;
    expect(cause).toBeInstanceOf(ConfigurationError);
    expect(cause).toMatchObject({ field, message: expect.stringContaining(field) as string });
    expect(sent).toEqual([]);
  });

  it('of calls that give a promise are refused by the promise', () => {
    const { akidb } = client();
    for (const call of [
      () => akidb.table('t').insert(wrong(7)),
      () => akidb.table('t').get(wrong(undefined)),
      () => akidb.tables.drop(''),
      () => akidb.indexes.get('t', ''),
      () => akidb.computedColumns.get('t', ''),
      () => akidb.backups.get(''),
      () => akidb.tokens.create({ subject: '' }),
      () => akidb.audit({ limit: 0 }),
      () => akidb.verify({ wait: wrong(1) }),
      () => akidb.collection('c').get(''),
      () => akidb.embeddings.generate(wrong(7)),
      () => akidb.search('t', '', { column: 'v' }),
    ]) {
      const promise = call();
      expect(promise).toBeInstanceOf(Promise);
      promise.catch(() => undefined);
    }
  });

  it('may be all that JSON has a form for', async () => {
    const { akidb, sent } = client({ inserted: 1, updated: 0, ignored: 0, version: 1 });
    const none = Object.assign(Object.create(null) as object, { a: 1 });
    class Point {
      constructor(readonly x: number) {}
    }
    await akidb.table('..t').insert([
      { n: 1n, at: new Date(0), facts: { a: [null, { b: 'x' }], left: undefined }, v: [1, 2], w: new Float32Array(2) },
      { facts: none, url: new URL('http://127.0.0.1'), point: new Point(1), left: undefined },
    ]);
    await akidb.table('t').insert([]);
    expect(sent).toHaveLength(2);
    await expect(akidb.table('t').insert([circle])).rejects.toThrow(TypeError);
  });

  it('in words count the values for their placeholders as the server does', () => {
    const { akidb } = client();
    const t = akidb.table('t');
    t.where("a = ? and b <> 'is it ''?''' and \"c?\" = ?", 1, 2);
    t.where('a = ? -- why?\n and b = ? /* or ? */', 1, 2);
    t.where('a = 1');
  });
});

describe('answers', () => {
  const ANSWERS: [what: string, act: Act, answer: unknown, said: RegExp][] = [
    ['a count', (db) => db.table('t').count(), {}, /POST \/api\/v1\/tables\/t\/query .*answer\.count is no number/],
    ['rows', (db) => db.table('t').limit(1), { rows: {} }, /answer\.rows is no array/],
    ['a row', (db) => db.table('t').limit(2), { rows: [{}, null] }, /answer\.rows\[1\] is no object/],
    ['a list', (db) => db.table('t').count(), [], /answer is no object/],
    ['a row of a key', (db) => db.table('t').get('k'), 7, /answer is no object/],
    ['an insert', (db) => db.table('t').insert([{}]), { inserted: '1' }, /answer\.inserted is no number/],
    ['hits', (db) => db.search('t', new Float32Array(2), { column: 'v' }), { results: [{}] }, /results\[0\]\.data is no object/],
    [
      'tables',
      (db) => db.tables.list(),
      { tables: [{ name: 't', columns: [{}] }] },
      /tables\[0\]\.columns\[0\]\.name is no string/,
    ],
    [
      'vectors',
      (db) => db.embeddings.generate(['a', 'b']),
      { embeddings: ['AACAPw=='] },
      /2 texts were sent, and 1 vectors came/,
    ],
    ['a vector', (db) => db.embeddings.generate('a'), { embeddings: ['?'] }, /base64/],
    ['documents', (db) => db.collection('c').insert([{ text: 'a' }]), { results: [] }, /1 documents were sent, and 0 answered/],
    ['SQL', (db) => db.sql`select 1`.table(), { columns: ['a'], rows: [{}] }, /answer\.rows\[0\] is no array/],
    ['nothing', (db) => db.table('t').count(), '', /answer is no object/],
  ];

  it.each(ANSWERS)('of another form than the types promise are told: %s', async (_what, act, answer, said) => {
    const { akidb } = client(answer);
    const error = await Promise.resolve(act(akidb)).catch((it: unknown) => it);
    expect(error).toBeInstanceOf(ProtocolError);
    expect((error as Error).message).toMatch(said);
  });

  it('in lines are rows', async () => {
    const { akidb } = client('{"n":1}\n7\n', 'application/x-ndjson');
    await expect(akidb.table('t').query().collect()).rejects.toThrow(/line \[1\] is no object/);
  });
});
