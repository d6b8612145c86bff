import { refuse, requireElement, requireText } from './arguments.js';
import type { Context, Wire } from './context.js';
import { base64Of, vectorFrom } from './json.js';
import type { AnyRow } from './schema.js';
import type { RequestOptions } from './transport.js';

/** A name in SQL, which is quoted; made by {@link identifier}. */
export class Identifier {
  /** @internal */
  constructor(readonly name: string) {}
}

/** A part of a select: its text with a `?` for each of its values. */
export class SqlFragment {
  /** @internal */
  constructor(
    readonly query: string,
    readonly params: readonly unknown[],
  ) {}
}

/**
 * A part of a select. What stands in `${}` is bound as a value, never read as SQL, unless it is a fragment or an
 * {@link identifier} itself.
 */
export function sql(strings: TemplateStringsArray, ...values: unknown[]): SqlFragment {
  if (!Array.isArray((strings as Partial<TemplateStringsArray>)?.raw)) {
    refuse('sql', 'the tag of a template, sql`select …`, so that values are bound', strings);
  }
  let query = strings[0]!;
  const params: unknown[] = [];
  values.forEach((value, index) => {
    if (value instanceof Identifier) {
      query += `"${value.name.replaceAll('"', '""')}"`;
    } else if (value instanceof SqlFragment) {
      query += value.query;
      params.push(...value.params);
    } else {
      query += '?';
      if (!(value instanceof Float32Array)) requireElement(value, `sql.values[${index}]`);
      params.push(value instanceof Float32Array ? { vector: base64Of(value) } : value);
    }
    query += strings[index + 1]!;
  });
  return new SqlFragment(query, params);
}

/** A name of a table or a column that is not known when the program is written. */
export function identifier(name: string): Identifier {
  requireText(name, 'identifier');
  return new Identifier(name);
}

/** Fragments or values one after the other. */
export function join(parts: readonly unknown[], separator = ', '): SqlFragment {
  const fragments = parts.map((part) => (part instanceof SqlFragment ? part : sql`${part}`));
  return new SqlFragment(
    fragments.map(({ query }) => query).join(separator),
    fragments.flatMap(({ params }) => params),
  );
}

/** A select over tables and collections; it runs when it is awaited. Writes go through tables. */
export class SqlQuery<R = AnyRow> implements PromiseLike<R[]> {
  readonly #context: Context;
  readonly #fragment: SqlFragment;
  readonly #options: RequestOptions;

  /** @internal */
  constructor(context: Context, fragment: SqlFragment, options: RequestOptions = {}) {
    this.#context = context;
    this.#fragment = fragment;
    this.#options = options;
  }

  /** How the call is made. */
  with(options: RequestOptions): SqlQuery<R> {
    return new SqlQuery(this.#context, this.#fragment, { ...this.#options, ...options });
  }

  /** All rows by the names of their columns; of two columns of one name, the last counts. */
  async collect(): Promise<R[]> {
    const { columns, rows } = await this.table();
    return rows.map((row) => Object.fromEntries(columns.map((name, index) => [name, row[index]]))) as R[];
  }

  /** The first row; null if there is none. */
  async first(): Promise<R | null> {
    return (await this.collect())[0] ?? null;
  }

  /** All rows as arrays, beside the names of their columns. Vectors are `Float32Array`. */
  async table(): Promise<{ columns: string[]; rows: unknown[][] }> {
    const body = { query: this.#fragment.query, params: this.#fragment.params, encoding_format: 'base64' };
    const { columns, rows, vectors } = await this.#context.transport.json<Wire['SqlResponse']>(
      { method: 'POST', path: '/api/v1/sql', body, repeatable: true, answer: { columns: [''], rows: [[]] } },
      this.#options,
    );
    for (const column of vectors ?? []) for (const row of rows) if (row[column]) row[column] = vectorFrom(row[column] as string);
    return { columns, rows };
  }

  /** The way that it would go; only what a vector index answers is run for that. */
  async explain(): Promise<string[]> {
    const body = { query: this.#fragment.query, params: this.#fragment.params, explain: true };
    const call = { method: 'POST', path: '/api/v1/sql', body, repeatable: true, answer: { plan: [''] } } as const;
    return (await this.#context.transport.json<Wire['Plan']>(call, this.#options)).plan;
  }

  /** Runs it when it is awaited. */
  then<A = R[], B = never>(
    onFulfilled?: ((rows: R[]) => A | PromiseLike<A>) | null,
    onRejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): PromiseLike<A | B> {
    return this.collect().then(onFulfilled, onRejected);
  }
}
