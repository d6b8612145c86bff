import { refuse, requireCondition, requireWords } from './arguments.js';
import type { ScalarPath, ValueAt, VectorColumn } from './schema.js';

/** How a value is compared. */
export type Operator =
  | '='
  | '!='
  | '<'
  | '<='
  | '>'
  | '>='
  | 'in'
  | 'not in'
  | 'like'
  | 'is null'
  | 'is not null'
  | 'contains'
  | 'contains any'
  | 'contains all';

/** What a column is compared with. */
export type Comparable<V> = V extends Date ? Date | string : V;

/** What an array in JSON has in it; anything, where the type does not say that there is an array. */
export type ElementOf<V> = V extends readonly (infer E)[] ? E : unknown;

type ClauseOn<P extends string, V> =
  | { column: P; operator: '=' | '!=' | '<' | '<=' | '>' | '>='; value: Comparable<NonNullable<V>> }
  | { column: P; operator: 'in' | 'not in'; value: readonly Comparable<NonNullable<V>>[] }
  | { column: P; operator: 'like'; value: string }
  | { column: P; operator: 'is null' | 'is not null'; value?: undefined }
  | { column: P; operator: 'contains'; value: ElementOf<NonNullable<V>> }
  | { column: P; operator: 'contains any' | 'contains all'; value: readonly ElementOf<NonNullable<V>>[] };

/** A condition on a column of which nothing is known. */
export interface WhereClause {
  column: string;
  operator: Operator;
  value?: unknown;
}

/** A condition on one column. */
export type Clause<T> = string extends keyof T
  ? WhereClause
  : { [P in ScalarPath<T>]: ClauseOn<P, ValueAt<T, P>> }[ScalarPath<T>];

declare const names: unique symbol;

/** A condition made by a {@link Column}, {@link and}, {@link or} or {@link not}; it knows which columns it is about. */
export interface Predicate<P extends string = string> {
  readonly [names]?: P;
}

/** What rows have to satisfy: a clause, a predicate, or a list of them that must all hold. */
export type Condition<T> = Clause<T> | Predicate<ScalarPath<T>> | readonly Condition<T>[];

/** What is sent: the server's filter. */
export type Filter = object;

/** Every one of these holds. */
export function and<P extends string>(...predicates: readonly Predicate<P>[]): Predicate<P> {
  return { and: predicates } as Predicate<P>;
}

/** At least one of these holds. */
export function or<P extends string>(...predicates: readonly Predicate<P>[]): Predicate<P> {
  return { or: predicates } as Predicate<P>;
}

/** This does not hold; a missing value satisfies neither a condition nor its opposite. */
export function not<P extends string>(predicate: Predicate<P>): Predicate<P> {
  return { not: predicate } as Predicate<P>;
}

/**
 * The filter that a `where` means: a condition, or a text in which each `?` stands for one of the parameters.
 *
 * @internal
 */
export function filter(condition: unknown, params: readonly unknown[] = [], field = 'where'): Filter {
  if (typeof condition === 'string') {
    requireWords(condition, params, field);
    return { text: condition, params };
  }
  requireCondition(condition, field);
  if (params.length) refuse(field, 'a text if values come for its placeholders', condition);
  return condition as Filter;
}

/** Order by similarity to a text or a vector; made by {@link Column.similarity}. */
export class Similarity {
  constructor(
    readonly query: string | Float32Array,
    readonly column: string,
  ) {}
}

/** A reference to a column, which conditions are made of: `t.columns.quality_score.gte(8)`. */
export class Column<P extends string = string, V = any> {
  constructor(readonly name: P) {}

  eq(value: Comparable<NonNullable<V>>): Predicate<P> {
    return this.#is('=', value);
  }

  ne(value: Comparable<NonNullable<V>>): Predicate<P> {
    return this.#is('!=', value);
  }

  gt(value: Comparable<NonNullable<V>>): Predicate<P> {
    return this.#is('>', value);
  }

  gte(value: Comparable<NonNullable<V>>): Predicate<P> {
    return this.#is('>=', value);
  }

  lt(value: Comparable<NonNullable<V>>): Predicate<P> {
    return this.#is('<', value);
  }

  lte(value: Comparable<NonNullable<V>>): Predicate<P> {
    return this.#is('<=', value);
  }

  /** Between two values, both included. */
  between(least: Comparable<NonNullable<V>>, most: Comparable<NonNullable<V>>): Predicate<P> {
    return and(this.gte(least), this.lte(most));
  }

  in(values: readonly Comparable<NonNullable<V>>[]): Predicate<P> {
    return this.#is('in', values);
  }

  notIn(values: readonly Comparable<NonNullable<V>>[]): Predicate<P> {
    return this.#is('not in', values);
  }

  /** The whole string matches: `%` is any run of characters, `_` one, `\` takes the next as it is. */
  like(pattern: string): Predicate<P> {
    return this.#is('like', pattern);
  }

  /** An array in JSON has this element. */
  contains(element: ElementOf<NonNullable<V>>): Predicate<P> {
    return this.#is('contains', element);
  }

  /** An array in JSON has at least one of these elements. */
  containsAny(elements: readonly ElementOf<NonNullable<V>>[]): Predicate<P> {
    return this.#is('contains any', elements);
  }

  /** An array in JSON has all of these elements. */
  containsAll(elements: readonly ElementOf<NonNullable<V>>[]): Predicate<P> {
    return this.#is('contains all', elements);
  }

  isNull(): Predicate<P> {
    return this.#is('is null');
  }

  isNotNull(): Predicate<P> {
    return this.#is('is not null');
  }

  /** A place in a JSON column: `t.columns.facts.at('area')`. */
  at<Rest extends string>(place: Rest): Column<`${P}.${Rest}`, ValueAt<Record<P, V>, `${P}.${Rest}`>> {
    return new Column(`${this.name}.${place}`);
  }

  /** An order for `orderBy`: how similar the column's vectors are to a text or a vector. */
  similarity(query: string | Float32Array): Similarity {
    return new Similarity(query, this.name);
  }

  #is(operator: Operator, value?: unknown): Predicate<P> {
    return { column: this.name, operator, value } as Predicate<P>;
  }
}

/** References to the columns of a table by name; those of vectors are only searched by similarity, others never. */
export type Columns<T> = string extends keyof T
  ? Readonly<Record<string, Column>>
  : {
      readonly [P in keyof T & string]: P extends VectorColumn<T>
        ? Pick<Column<P>, 'name' | 'similarity'>
        : Omit<Column<P, ValueAt<T, P>>, 'similarity'>;
    };

/** References to any columns: which there are, only the types know. */
export function columns<T>(): Columns<T> {
  return new Proxy(Object.create(null) as Columns<T>, {
    get: (_target, name) => (typeof name === 'string' ? new Column(name) : undefined),
  });
}
