import type { Wire } from '../context.js';
import { vectorFrom } from '../json.js';
import type { Metric } from '../similarity.js';
import { compile, comparator, keysOf, place, written as conditionOf, type Place, type Reader, type Test } from './filter.js';
import { before, encoded, type Entry, type ReplicaTable } from './replica.js';
import { Query } from './vectors.js';
import { NotLocal, type WrittenSelect } from './where-text.js';

type Body = Record<string, any>;

/** Members of a query that a replica understands; others are for the server. */
const QUERY = new Set([
  'select',
  'where',
  'order_by',
  'limit',
  'offset',
  'cursor',
  'count',
  'distinct',
  'group_by',
  'explain',
  'similarity',
  'include_vectors',
  'encoding_format',
]);
const SIMILAR = new Set([
  'column',
  'query',
  'query_vector',
  'model_fingerprint',
  'like',
  'filters',
  'limit',
  'offset',
  'threshold',
  'metric',
  'exact',
  'ef',
  'probes',
  'select',
  'include_score',
  'include_vectors',
  'include_query_embedding',
  'encoding_format',
  'input_type',
  'explain',
]);

const known = (body: Body, names: ReadonlySet<string>): void => {
  for (const name in body)
    if ((body[name] ?? undefined) !== undefined && !names.has(name)) throw new NotLocal(`'${name}' is only known to the server`);
};

/** A value that the caller may change without changing the replica. */
const own = (value: unknown): unknown => (typeof value === 'object' && value !== null ? structuredClone(value) : value);

/** What a selection shows of a row. */
function projection(table: ReplicaTable, body: Body): (entry: Entry) => Record<string, unknown> {
  const base64 = body['encoding_format'] === 'base64';
  const fields: [name: string, read: (entry: Entry) => unknown][] = [];
  const column = (name: string): void => {
    fields.push([
      name,
      table.vectors.has(name) ? (entry) => encoded(table.vector(entry, name), base64) : ({ row }) => own(row[name] ?? null),
    ]);
  };
  const all = (vectors: boolean): void => {
    for (const name of table.types.keys()) if (vectors || !table.vectors.has(name)) column(name);
  };
  for (const entry of (body['select'] as unknown[] | undefined) ?? ['*']) {
    if (typeof entry !== 'string') throw new NotLocal('expressions are computed by the server');
    if (entry === '*') all(false);
    else if (table.types.get(entry)) column(entry);
    else {
      const { read } = place(table.types, keysOf(entry));
      fields.push([entry, ({ row }) => own(read(row))]);
    }
  }
  if (body['include_vectors']) for (const name of table.vectors.keys()) column(name);
  return (entry) => {
    const shown: Record<string, unknown> = {};
    for (const [name, read] of fields) shown[name] = read(entry);
    return shown;
  };
}

function filterOf(table: ReplicaTable, filter: unknown): Test | undefined {
  if (filter === undefined || filter === null || (Array.isArray(filter) && filter.length === 0)) return undefined;
  return compile(table.types, filter);
}

/** The rows that satisfy a filter, in the order of their insertion. */
export function matching(table: ReplicaTable, filter: unknown): readonly Entry[] {
  const test = filterOf(table, filter);
  const entries = table.entries();
  return test ? entries.filter(({ row }) => test(row) === true) : entries;
}

/** `POST /tables/{table}/query`. */
export function query(table: ReplicaTable, body: Body, vector: Float32Array | undefined): object {
  known(body, QUERY);
  if (body['similarity']) return similarQuery(table, body, vector);
  const limit = (body['limit'] as number | undefined) ?? Infinity;
  if (body['explain']) {
    const lines = [`LOCAL SCAN ${table.name} (${table.size} rows of this replica)`];
    if (body['where']) lines.push('FILTER each row');
    if (body['order_by']?.length) lines.push('SORT');
    filterOf(table, body['where']);
    return { plan: lines };
  }
  const found = matching(table, body['where']);
  if (body['count']) return { count: found.length };
  if (body['group_by']) return { groups: groups(table, found, body['group_by'] as string[], true).slice(0, limit) };
  if (body['distinct']) {
    const rows = groups(
      table,
      found,
      (body['select'] as string[] | undefined) ?? [...table.types.keys()].filter((name) => !table.vectors.has(name)),
      false,
    ).map(({ values }) => values);
    return { rows: rows.slice(0, limit), next_cursor: null };
  }
  const sorted = sort(table, found, (body['order_by'] as Sort[] | undefined) ?? []);
  const from = ((body['offset'] as number | undefined) ?? 0) + cursorOf(body['cursor']);
  const end = from + limit;
  const show = projection(table, body);
  const rows = sorted.slice(from, Math.min(end, sorted.length)).map(show);
  return { rows, next_cursor: end < sorted.length ? `local:${end}` : null };
}

function cursorOf(cursor: unknown): number {
  if (cursor === undefined || cursor === null) return 0;
  if (typeof cursor === 'string' && cursor.startsWith('local:')) return Number(cursor.slice(6));
  throw new NotLocal('the pages before came from the server');
}

interface Sort {
  column: string;
  direction?: 'asc' | 'desc';
}

function sort(table: ReplicaTable, entries: readonly Entry[], order: readonly Sort[]): readonly Entry[] {
  if (order.length === 0) return entries;
  return sortBy(
    entries,
    order.map(({ column, direction }) => ({ ...place(table.types, keysOf(column)), sign: direction === 'desc' ? -1 : 1 })),
  );
}

function sortBy(entries: readonly Entry[], places: readonly (Place & { sign: number })[]): readonly Entry[] {
  const by = places.map(({ read, type, sign }) => {
    if (type === 'embedding') throw new NotLocal('vectors have no order');
    return { compare: comparator({ read, type }), sign };
  });
  return [...entries].sort((a, b) => {
    for (const { compare, sign } of by) {
      const its = compare(a.row, b.row);
      if (its !== 0) return its * sign;
    }
    return before(a, b);
  });
}

/** @param counted whether the largest come first */
function groups(
  table: ReplicaTable,
  entries: readonly Entry[],
  names: readonly string[],
  counted: boolean,
): { values: object; count: number }[] {
  const reads: [string, Reader][] = names.map((name) => [name, place(table.types, keysOf(name)).read]);
  if (names.some((name) => typeof name !== 'string' || table.vectors.has(name) || name === '*'))
    throw new NotLocal('only the server groups these');
  const found = new Map<string, { values: Record<string, unknown>; count: number }>();
  for (const { row } of entries) {
    const values: Record<string, unknown> = {};
    for (const [name, read] of reads) values[name] = read(row);
    const key = JSON.stringify(values, (_name, value: unknown) => (typeof value === 'bigint' ? String(value) : value));
    const group = found.get(key);
    if (group) group.count++;
    else found.set(key, { values, count: 1 });
  }
  // as the server: of groups the most frequent first, and then, as distinct rows, in the order of their values
  const by = names.map((name) => comparator({ read: (row) => row[name] ?? null, type: place(table.types, keysOf(name)).type }));
  return [...found.values()].sort((a, b) => {
    if (counted && a.count !== b.count) return b.count - a.count;
    for (const compare of by) {
      const its = compare(a.values, b.values);
      if (its !== 0) return its;
    }
    return 0;
  });
}

/** A float32 number as the server writes it: in as few digits as tell it from others. */
function written(score: number): number {
  for (let digits = 6; digits < 9; digits++) {
    const its = Number(score.toPrecision(digits));
    if (Math.fround(its) === score) return its;
  }
  return Number(score.toPrecision(9));
}

interface Found {
  readonly entry: Entry;
  readonly score: number;
}

/** The rows most similar to a vector, best first. */
function nearest(
  table: ReplicaTable,
  { column, metric, like, threshold }: Body,
  filter: unknown,
  vector: Float32Array | undefined,
  k: number,
): { found: Found[]; sought: Float32Array } {
  const vectors = table.vectors.get(column as string);
  if (!vectors) throw new NotLocal(`'${String(column)}' holds no vectors here`);
  const source = like ? table.get((like as { key: string }).key) : undefined;
  const sought = like ? source && table.vector(source, column as string) : vector;
  if (!sought || sought.length !== vectors.dimensions) throw new NotLocal('there is no vector to search with');
  const test = filterOf(table, filter);
  const query = new Query(sought, (metric as Metric | undefined) ?? table.metric(column as string));
  const least = (threshold as number | undefined) ?? -Infinity;
  const passes = (slot: number): boolean => {
    const entry = table.at(slot);
    if (!entry || entry === source || entry.slot !== slot || entry.vectors?.has(column as string)) return false;
    return !test || test(entry.row) === true;
  };
  const byOrder = (a: number, b: number): number => before(table.at(a)!, table.at(b)!);
  const found: Found[] = vectors
    .nearest(query, table.slots, k, passes, byOrder, least)
    .map(({ slot, score }) => ({ entry: table.at(slot)!, score }));
  for (const entry of table.unconfirmed()) {
    const its = entry.vectors?.get(column as string);
    if (!its || entry === source || (test && test(entry.row) !== true)) continue;
    const score = query.score(its);
    if (score >= least) found.push({ entry, score });
  }
  found.sort((a, b) => b.score - a.score || before(a.entry, b.entry));
  return { found: found.slice(0, k), sought };
}

/** What is shown of a row that was found; it says so if its vector was made here, and the server's is still to come. */
function shown(
  table: ReplicaTable,
  column: string,
  entry: Entry,
  show: (entry: Entry) => Record<string, unknown>,
): Record<string, unknown> {
  const its = show(entry);
  return table.isProvisional(entry, column) ? { ...its, _provisional: true } : its;
}

/** `POST /tables/{table}/search/similarity`. */
export function search(table: ReplicaTable, body: Body, vector: Float32Array | undefined): Wire['SimilarityAnswer'] {
  const start = performance.now();
  known(body, SIMILAR);
  const [limit, offset] = [(body['limit'] as number | undefined) ?? 10, (body['offset'] as number | undefined) ?? 0];
  const { found, sought } = nearest(table, body, body['filters'], vector, limit + offset);
  const show = projection(table, body);
  const score = body['include_score'] === true;
  const results = found.slice(offset).map(({ entry, score: its }) => ({
    data: shown(table, body['column'] as string, entry, show),
    ...(score && { score: written(its) }),
  }));
  const base64 = body['encoding_format'] === 'base64';
  return {
    results: results as Wire['SimilarityAnswer']['results'],
    ...(body['include_query_embedding'] !== false && { query_embedding: encoded(sought, base64)! as string }),
    search_time_ms: performance.now() - start,
    ...(body['explain'] && { explanation: explanation(table, body['column'] as string, found.length) }),
  };
}

function explanation(table: ReplicaTable, column: string, found: number): object {
  const { by, exact } = table.vectors.get(column)!;
  return {
    plan: 'local',
    reason: `the table is in this replica; ${by === 'simd' ? 'WebAssembly' : 'JavaScript'} compared all vectors${exact ? ' in full precision' : ''}`,
    rows: table.size,
    candidates: found,
  };
}

function similarQuery(table: ReplicaTable, body: Body, vector: Float32Array | undefined): object {
  const similarity = body['similarity'] as Body;
  known(similarity, SIMILAR);
  if (body['count'] || body['distinct'] || body['group_by'] || body['cursor'])
    throw new NotLocal('only the server counts what is similar');
  const [limit, offset] = [(body['limit'] as number | undefined) ?? 100, (body['offset'] as number | undefined) ?? 0];
  const order = (body['order_by'] as Sort[] | undefined) ?? [];
  // another order is of all that is similar enough, not of the nearest alone
  const { found } = nearest(table, similarity, body['where'], vector, order.length ? Math.max(1, table.size) : limit + offset);
  if (body['explain']) {
    const { plan, reason } = explanation(table, similarity['column'] as string, found.length) as { plan: string; reason: string };
    return { plan: [`SIMILARITY ${plan}: ${reason}`, `rows ${table.size}`] };
  }
  const show = projection(table, body);
  const sorted = order.length ? sortFound(table, found, order) : found;
  const rows = sorted.slice(offset, offset + limit).map(({ entry, score }) => ({
    ...shown(table, similarity['column'] as string, entry, show),
    similarity_score: written(score),
  }));
  return { rows, next_cursor: null };
}

function sortFound(table: ReplicaTable, found: readonly Found[], order: readonly Sort[]): Found[] {
  const by = order.map(({ column, direction }) => {
    const sign = direction === 'desc' ? -1 : 1;
    if (column === 'similarity_score') return (a: Found, b: Found): number => (a.score - b.score) * sign;
    const compare = comparator(place(table.types, keysOf(column)));
    return (a: Found, b: Found): number => compare(a.entry.row, b.entry.row) * sign;
  });
  return [...found].sort((a, b) => {
    for (const compare of by) {
      const its = compare(a, b);
      if (its !== 0) return its;
    }
    return before(a.entry, b.entry);
  });
}

const MOST_SQL = 10_000;

/** `POST /sql`, of a select that was read. */
export function sql(table: ReplicaTable, { columns, where, order, limit, offset }: WrittenSelect): Wire['SqlResponse'] {
  const test = where && conditionOf(table.types, where);
  const found = table.entries().filter(({ row }) => !test || test(row) === true);
  const shown =
    columns === '*'
      ? [...table.types.keys()].filter((name) => !table.vectors.has(name)).map((name) => ({ keys: [name], name }))
      : columns;
  const named = new Map(shown.map(({ name, keys }) => [name, keys]));
  if (shown.some(({ keys }) => keys === 'count')) {
    if (shown.length > 1 || order.length > 0) throw new NotLocal('only the server counts groups');
    const rows = offset || limit === 0 ? [] : [[found.length]];
    return { columns: [shown[0]!.name], rows };
  }
  const reads = shown.map(({ keys }) => {
    const { read, type } = place(table.types, keys as string[]);
    if (type === 'embedding') throw new NotLocal('vectors are selected at the server');
    return read;
  });
  const by = order.map(({ keys, descending }) => {
    const alias = keys.length === 1 ? named.get(keys[0]!) : undefined;
    return { ...place(table.types, (alias ?? keys) as string[]), sign: descending ? -1 : 1 };
  });
  const sorted = by.length > 0 ? sortBy(found, by) : found;
  const from = offset ?? 0;
  const part = sorted.slice(from, limit === undefined ? undefined : from + limit);
  if (part.length > MOST_SQL) throw new NotLocal('these are too many rows');
  return { columns: shown.map(({ name }) => name), rows: part.map(({ row }) => reads.map((read) => own(read(row)))) };
}

/** `GET /tables/{table}/rows/{key}`. */
export function row(table: ReplicaTable, entry: Entry, vectors: boolean, base64: boolean): object {
  return projection(table, { include_vectors: vectors, encoding_format: base64 ? 'base64' : undefined })(entry);
}

/** The vector that a body brings; undefined if it brings none. */
export function vectorIn(body: Body): Float32Array | undefined {
  const given = body['query_vector'] as string | number[] | undefined;
  return given ? vectorFrom(given) : undefined;
}
