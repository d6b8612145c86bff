// What a replica answers is what the server answers: random filters, orders and searches, asked of both.
import { beforeAll, describe, expect, it } from 'vitest';
import type { Wire } from '../../src/context.js';
import { matching, query, search, sql } from '../../src/sync/local-query.js';
import { ReplicaTable } from '../../src/sync/replica.js';
import { NotLocal, readSelect } from '../../src/sync/where-text.js';
import { base64Of } from '../../src/json.js';
import { client, fresh } from '../support/layouts.js';

const akidb = client();
const seed = Number(globalThis.process?.env?.['AKIDB_SEED'] ?? 7);
let state = seed;
const random = (): number => (state = (state * 48271) % 2147483647) / 2147483647;
const pick = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)]!;

const TEXTS = [
  '',
  'a',
  'b',
  'A',
  'ab',
  'a%b',
  'a_b',
  'a\\b',
  '\u{1F600}',
  '\uFFFD',
  '\uD7FF',
  '\uE000',
  '1',
  'true',
  'e\u0301',
  'é',
  "it's",
];
const WHOLES = [0, 1, -1, 2, -3, 2 ** 53 - 1, -(2 ** 53 - 1)];
const REALS = [0, -0, 1, -1, 0.5, -2.5, 1e300, -1e300, 5e-324, 2 ** 53];
const TIMES = [
  '1970-01-01T00:00:00Z',
  '1969-12-31T23:59:59.999999Z',
  '2026-01-01T12:00:00.000001Z',
  '2026-01-01T12:00:00Z',
  '2026-01-01T13:00:00.5+01:00',
];
const SCALARS = [...TEXTS, ...WHOLES, ...REALS, true, false];
const PATTERNS = ['%', '_', 'a%', '%b', 'a_b', 'a\\%b', 'a\\_b', 'a\\\\b', 'A%', '__', '', '%a%b%', '\u{1F600}'];
const COLUMNS = {
  id: 'string',
  text: 'string',
  whole: 'int',
  real: 'float',
  flag: 'bool',
  time: 'timestamp',
  json: 'json',
} as const;
const PLACES = [...Object.keys(COLUMNS), 'json.a', 'json.b.c', 'json.a\\.b', 'nothing'];
const CONSTANTS: Record<string, readonly unknown[]> = {
  id: TEXTS,
  text: TEXTS,
  whole: WHOLES,
  real: [...REALS, ...WHOLES],
  flag: [true, false],
  time: TIMES,
};

const json = (depth: number): unknown => {
  const kind = Math.floor(random() * (depth > 2 ? 3 : 6));
  if (kind < 3) return pick([...SCALARS, null]);
  if (kind === 3) return Array.from({ length: Math.floor(random() * 4) }, () => pick([...SCALARS, null]));
  return Object.fromEntries(['a', 'b', 'c', 'a.b'].filter(() => random() < 0.6).map((name) => [name, json(depth + 1)]));
};

const constant = (place: string): unknown => (random() < 0.9 ? pick(CONSTANTS[place] ?? SCALARS) : pick(SCALARS));

function clause(): object {
  const column = pick(PLACES);
  const operator = pick([
    '=',
    '!=',
    '<',
    '<=',
    '>',
    '>=',
    'in',
    'not in',
    'like',
    'is null',
    'is not null',
    'contains',
    'contains any',
    'contains all',
  ]);
  if (operator.startsWith('is')) return { column, operator };
  if (operator === 'like') return { column, operator, value: pick(PATTERNS) };
  const list = operator.endsWith('in') || operator.endsWith('any') || operator.endsWith('all');
  const value = list ? Array.from({ length: 1 + Math.floor(random() * 3) }, () => constant(column)) : constant(column);
  return { column, operator, value };
}

/** A condition as text, and its parameters. */
function text(): { text: string; params: unknown[] } {
  const params: unknown[] = [];
  const term = (depth: number): string => {
    if (depth < 3 && random() < 0.4) {
      const [left, right] = [term(depth + 1), term(depth + 1)];
      return pick([
        `(${left}) and ${right}`,
        `${left} or (${right})`,
        `not (${left}) AND (${right})`,
        `not not (${left}) or ${right}`,
      ]);
    }
    const column = pick(['text', 'whole', 'real', 'flag', 'time', 'json.a', 'json."a.b"', '"text"']);
    const value = (): string => {
      const its = constant(column.replaceAll('"', ''));
      if (random() < 0.3 && typeof its === 'number' && Number.isInteger(its) && Math.abs(its) < 1000) return String(its);
      if (random() < 0.3 && typeof its === 'string') return `'${its.replaceAll("'", "''")}'`;
      if (random() < 0.5 && typeof its === 'boolean') return String(its);
      params.push(its);
      return '?';
    };
    const not = pick(['', 'not ']);
    switch (Math.floor(random() * 6)) {
      case 0:
        return `${column} ${not}in (${value()}, ${value()})`;
      case 1:
        params.push(pick(PATTERNS));
        return `${column} ${not}like ?`;
      case 2:
        return `${column} ${not}between ${value()} and ${value()}`;
      case 3:
        return `${column} is ${not}null`;
      case 4:
        return column.startsWith('json')
          ? `${column} ${not}contains any (${value()}, ${value()})`
          : `${column} = ${value()} /* so */`;
      default:
        return `${column} ${pick(['=', '!=', '<>', '<', '<=', '>', '>='])} ${value()}`;
    }
  };
  return { text: term(0), params };
}

function filter(depth = 0): unknown {
  const kind = random();
  if (depth === 0 && kind < 0.3) return text();
  if (depth < 3 && kind < 0.5) {
    const terms = Array.from({ length: 1 + Math.floor(random() * 3) }, () => filter(depth + 1));
    return pick([{ and: terms }, { or: terms }, { not: terms[0] }, { not: { or: terms } }]);
  }
  return clause();
}

async function replica(name: string, vectors: 'int8' | 'float32' = 'float32'): Promise<ReplicaTable> {
  const description = await akidb.transport.json<Wire['Table']>({
    method: 'GET',
    path: `/api/v1/tables/${name}`,
    repeatable: true,
  });
  return new ReplicaTable({ table: name, columns: description.columns.map((column) => column.name), vectors }, description);
}

describe(`a replica agrees with the server (AKIDB_SEED=${seed})`, () => {
  let name: string;
  let table: ReplicaTable;

  beforeAll(async () => {
    name = fresh('agreement');
    await akidb.tables.create(name, { columns: { ...COLUMNS }, primaryKey: 'id' });
    const rows = Array.from({ length: 120 }, (_row, index) => ({
      id: `k${index}`,
      text: pick([...TEXTS, null]),
      whole: pick([...WHOLES, null]),
      real: pick([...REALS, null]),
      flag: pick([true, false, null]),
      time: pick([...TIMES, null]),
      json: json(0),
    }));
    await akidb.table(name).insert(rows);
    table = await replica(name);
    for (const row of await akidb.table(name).query().collect()) table.put(`t/${row.id as string}`, { ...row, version: 1 });
  });

  it('on which rows a filter lets pass', { timeout: 120_000 }, async () => {
    let refused = 0;
    for (let round = 0; round < 400; round++) {
      const where = filter();
      const theirs = await akidb.transport
        .json<{ rows: { id: string }[] }>({
          method: 'POST',
          path: `/api/v1/tables/${name}/query`,
          body: { select: ['id'], where, limit: 1000 },
          repeatable: true,
        })
        .then(({ rows }) => rows.map(({ id }) => id))
        .catch((error: { code: string }) => error.code);
      let ours: string[] | undefined;
      try {
        ours = matching(table, where).map(({ key }) => key as string);
      } catch (error) {
        if (!(error instanceof NotLocal)) throw error;
      }
      if (!ours)
        refused++; // then the server is asked
      else expect(ours, JSON.stringify(where)).toEqual(theirs);
    }
    expect(refused).toBeLessThan(300);
  });

  it('on what a select of SQL gives', { timeout: 60_000 }, async () => {
    let agreed = 0;
    for (let round = 0; round < 60; round++) {
      const { text: where, params } = text();
      const query =
        pick([`select id, json.a as a, "text" from ${name}`, `SELECT * FROM "${name}"`, `select count(*) as n from ${name}`]) +
        pick(['', ` where ${where}`]);
      const more = query.includes('count')
        ? ''
        : pick(['', ' order by whole desc, id', ' order by time, id limit 7', ' order by id limit 5 offset 2;']);
      const body = { query: query + more, params: query.includes('where') ? params : [] };
      let ours: object;
      try {
        ours = sql(table, readSelect(body.query, body.params));
      } catch (error) {
        if (!(error instanceof NotLocal)) throw error;
        continue; // then the server is asked
      }
      const theirs = await akidb.transport
        .json({ method: 'POST', path: '/api/v1/sql', body, repeatable: true })
        .catch((error: { code: string }) => error.code);
      expect(ours, JSON.stringify(body)).toEqual(theirs);
      agreed++;
    }
    expect(agreed).toBeGreaterThan(20);
  });

  it('on the order of rows', { timeout: 60_000 }, async () => {
    let agreed = 0;
    for (let round = 0; round < 60; round++) {
      const order_by = Array.from({ length: 1 + Math.floor(random() * 2) }, () => ({
        column: pick(['text', 'whole', 'real', 'flag', 'time', 'json.b.c', 'json.a\\.b']),
        direction: pick(['asc', 'desc'] as const),
      }));
      const body = { select: ['id'], order_by, limit: 50, offset: Math.floor(random() * 20) };
      const theirs = await akidb.transport.json<{ rows: unknown[] }>({
        method: 'POST',
        path: `/api/v1/tables/${name}/query`,
        body,
        repeatable: true,
      });
      try {
        const ours = (query(table, body, undefined) as { rows: unknown[] }).rows;
        expect(ours, JSON.stringify(order_by)).toEqual(theirs.rows);
        agreed++;
      } catch (error) {
        if (!(error instanceof NotLocal)) throw error; // arrays and objects
      }
    }
    expect(agreed).toBeGreaterThan(10);
  });

  it.each(['cosine', 'euclidean', 'inner_product'] as const)(
    'on what is most similar by %s, ties and scores alike, if it has vectors in full',
    { timeout: 60_000 },
    async (metric) => {
      const vectors = fresh(`nearest_${metric}`);
      await akidb.tables.create(vectors, {
        columns: { id: 'string', group: 'int', vec: { type: 'embedding', dimensions: 50, metric } },
        primaryKey: 'id',
      });
      const one = (): number[] => Array.from({ length: 50 }, () => Math.fround(random() - 0.5));
      const few = Array.from({ length: 40 }, one); // rows share vectors, so that scores are equal
      await akidb.table(vectors).insert(
        Array.from({ length: 400 }, (_row, index) => ({
          id: `k${(index * 7919) % 400}`,
          group: index % 5,
          vec:
            index % 10 === 9
              ? null
              : index % 17 === 0 && metric !== 'cosine'
                ? Array.from({ length: 50 }, () => 0)
                : index % 3
                  ? pick(few)
                  : one(),
        })),
      );
      const here = await replica(vectors);
      for await (const row of akidb.table(vectors).query().includeVectors().stream()) {
        const vec = row.vec as Float32Array | null;
        here.put(`v/${row.id as string}`, { ...row, vec: vec && base64Of(vec), version: 1 });
      }
      for (let round = 0; round < 60; round++) {
        const sought = random() < 0.3 ? Float32Array.from(pick(few)) : Float32Array.from(one());
        const body = {
          column: 'vec',
          query_vector: base64Of(sought),
          limit: 1 + Math.floor(random() * 30),
          offset: pick([0, 0, 5]),
          include_score: true,
          select: ['id'],
          filters: random() < 0.5 ? { text: 'group < ?', params: [2] } : undefined,
          threshold: random() < 0.2 ? (metric === 'cosine' ? 0.1 : metric === 'euclidean' ? 0.25 : 0.2) : undefined,
        };
        const theirs = await akidb.transport.json<Wire['SimilarityAnswer']>({
          method: 'POST',
          path: `/api/v1/tables/${vectors}/search/similarity`,
          body: { ...body, exact: true },
          repeatable: true,
        });
        const ours = search(here, body, sought);
        expect(ours.results.map(({ data }) => data['id'])).toEqual(theirs.results.map(({ data }) => data['id']));
        ours.results.forEach(({ score }, index) =>
          expect(score).toBeCloseTo(theirs.results[index]!.score!, metric === 'cosine' ? 7 : 5),
        );
      }
      await akidb.tables.drop(vectors);
    },
  );
});
