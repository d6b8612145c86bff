import { NotLocal, readWhere, type Written } from './where-text.js';

/** A row as answers have it, in JSON. */
export type LocalRow = Record<string, unknown>;

/** Whether a condition holds; null where a value is missing and nobody can say. */
export type Truth = boolean | null;

/** A condition, ready to be asked of rows. */
export type Test = (row: LocalRow) => Truth;

/** What filters have to know of a table's columns: their types by name. */
export type ColumnTypes = ReadonlyMap<string, string>;

/** Reads a value of a row. */
export type Reader = (row: LocalRow) => unknown;

/** A column, or a place in a JSON column. */
export interface Place {
  readonly read: Reader;
  /** Type of the column; `json` for a place in one. */
  readonly type: string;
}

/** The keys of a dotted name, in which a dot that belongs to a key is written `\.` and a backslash `\\`. */
export function keysOf(dotted: string): string[] {
  const keys = [''];
  for (let at = 0; at < dotted.length; at++) {
    const letter = dotted[at]!;
    if (letter === '\\') keys[keys.length - 1] += dotted[++at] ?? '';
    else if (letter === '.') keys.push('');
    else keys[keys.length - 1] += letter;
  }
  return keys;
}

/** What a name stands for; a column whose own name has dots comes first. */
export function place(columns: ColumnTypes, keys: readonly string[]): Place {
  for (let length = keys.length; length > 0; length--) {
    const column = keys.slice(0, length).join('.');
    const type = columns.get(column);
    if (type === undefined) continue;
    const path = keys.slice(length);
    if (path.length === 0) return { read: (row) => row[column] ?? null, type };
    if (type === 'json') return { read: (row) => at(row[column], path), type };
  }
  throw new NotLocal(`there is no column '${keys.join('.')}' here`);
}

function at(value: unknown, path: readonly string[]): unknown {
  for (const key of path) {
    if (value === null || typeof value !== 'object' || Array.isArray(value) || !Object.hasOwn(value, key)) return null;
    value = (value as Record<string, unknown>)[key];
  }
  return value ?? null;
}

/** Orders strings by code point, as the server does; JavaScript's `<` orders units of UTF-16. */
export function compareStrings(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let at = 0; at < length; at++) {
    const [left, right] = [a.charCodeAt(at), b.charCodeAt(at)];
    if (left !== right) return codePointOrder(left) - codePointOrder(right);
  }
  return a.length - b.length;
}

/** Surrogates stand for code points above all others. */
const codePointOrder = (unit: number): number => (unit < 0xd800 ? unit : unit < 0xe000 ? unit + 0x2000 : unit - 0x800);

/** A point in time as a text whose order is that of time: in UTC, without zeros at its end. */
export function timeKey(text: string): string {
  if (text.endsWith('Z') && text.length === 20) return text.slice(0, -1);
  const parts = /^(.{19})(?:\.(\d+))?(Z|[+-]\d\d:?\d\d)$/i.exec(text);
  if (!parts) throw new NotLocal(`'${text}' is no point in time`);
  const [, seconds, digits = '', zone] = parts;
  const fraction = digits.replace(/0+$/, '');
  const milliseconds = Date.parse(`${seconds}${zone}`);
  if (Number.isNaN(milliseconds)) throw new NotLocal(`'${text}' is no point in time`);
  const utc = new Date(milliseconds).toISOString().slice(0, -5);
  return fraction ? `${utc}.${fraction.slice(0, 6)}` : utc;
}

type Scalar = string | number | bigint | boolean;

/** The constant that values of a place are compared with, as {@link comparison} wants it. */
function constant({ type }: Place, given: unknown): Scalar {
  const value = given instanceof Date ? given.toISOString() : given;
  const kind = typeof value;
  const fits =
    type === 'json'
      ? kind === 'string' || kind === 'number' || kind === 'bigint' || kind === 'boolean'
      : type === 'string' || type === 'timestamp'
        ? kind === 'string'
        : type === 'bool'
          ? kind === 'boolean'
          : type === 'float'
            ? kind === 'number' || kind === 'bigint'
            : type === 'int' && (kind === 'bigint' || Number.isInteger(value));
  if (!fits || (kind === 'number' && !Number.isFinite(value)))
    throw new NotLocal(`a ${type} is not compared with ${String(value)}`);
  return type === 'timestamp' ? timeKey(value as string) : (value as Scalar);
}

/** Below 0, 0 or above 0; null where values are of different kinds. Of times, both are keys. */
function order(value: unknown, other: Scalar): number | null {
  if (typeof other === 'string') return typeof value === 'string' ? compareStrings(value, other) : null;
  if (typeof other === 'boolean' || (typeof value !== 'number' && typeof value !== 'bigint')) return null;
  return value < other ? -1 : value > other ? 1 : 0;
}

function equal(value: unknown, other: Scalar): boolean {
  return typeof other === 'boolean' ? value === other : order(value, other) === 0;
}

const HOLDS: Record<string, (sign: number) => boolean> = {
  '<': (sign) => sign < 0,
  '<=': (sign) => sign <= 0,
  '>': (sign) => sign > 0,
  '>=': (sign) => sign >= 0,
};

/** What reads values of a place so that they can be compared with constants. */
function comparable({ read, type }: Place): Reader {
  if (type !== 'timestamp') return read;
  return (row) => {
    const value = read(row);
    return typeof value === 'string' ? timeKey(value) : null;
  };
}

function clause(columns: ColumnTypes, keys: readonly string[], operator: string, value: unknown): Test {
  const its = place(columns, keys);
  const { type } = its;
  const list = (): Scalar[] => {
    if (!Array.isArray(value)) throw new NotLocal(`'${operator}' takes a list`);
    return value.map((item) => constant(its, item));
  };
  if (operator === 'is null') return (row) => its.read(row) === null;
  if (operator === 'is not null') return (row) => its.read(row) !== null;
  if (type === 'embedding') throw new NotLocal('vectors are not compared');
  const read = comparable(its);
  switch (operator) {
    case '=':
    case '!=': {
      const other = constant(its, value);
      const wanted = operator === '=';
      return (row) => {
        const its = read(row);
        return its === null ? null : equal(its, other) === wanted;
      };
    }
    case 'in':
    case 'not in': {
      const others = list();
      const wanted = operator === 'in';
      return (row) => {
        const its = read(row);
        return its === null ? null : others.some((other) => equal(its, other)) === wanted;
      };
    }
    case 'like': {
      if (type !== 'string' && type !== 'json') throw new NotLocal(`a ${type} has no pattern`);
      const matches = like(value);
      return (row) => {
        const its = read(row);
        return typeof its === 'string' ? matches(its) : null;
      };
    }
    case 'contains':
    case 'contains any':
    case 'contains all': {
      if (type !== 'json') throw new NotLocal(`a ${type} holds no arrays`);
      const others = operator === 'contains' ? [constant(its, value)] : list();
      const all = operator === 'contains all';
      return (row) => {
        const its = read(row);
        if (its === null) return null;
        if (!Array.isArray(its)) return false;
        const has = (other: Scalar): boolean => its.some((element) => equal(element, other));
        return all ? others.every(has) : others.some(has);
      };
    }
    default: {
      const holds = HOLDS[operator];
      const other = constant(its, value);
      if (!holds || typeof other === 'boolean') throw new NotLocal(`'${operator}' is not known here`);
      return (row) => {
        const sign = order(read(row), other);
        return sign === null ? null : holds(sign);
      };
    }
  }
}

/** Whether a string matches as a whole: `%` is any run of characters, `_` one, `\` takes the next as it is. */
export function like(pattern: unknown): (text: string) => boolean {
  if (typeof pattern !== 'string' || pattern.length > 4096 || /(?:^|[^\\])(?:\\\\)*\\$/.test(pattern)) {
    throw new NotLocal('this is no pattern');
  }
  // parts between runs: each is found at the leftmost place, so that no pattern takes longer than its length times the text's
  const parts: (string | null)[][] = [[]];
  const points = [...pattern];
  for (let at = 0; at < points.length; at++) {
    if (points[at] === '%') parts.push([]);
    else parts.at(-1)!.push(points[at] === '_' ? null : points[at] === '\\' ? points[++at]! : points[at]!);
  }
  const first = parts[0]!;
  const last = parts.at(-1)!;
  return (text) => {
    const letters = [...text];
    const fits = (part: readonly (string | null)[], from: number): boolean =>
      part.every((letter, offset) => from + offset < letters.length && (letter === null || letter === letters[from + offset]));
    if (parts.length === 1) return letters.length === first.length && fits(first, 0);
    const end = letters.length - last.length;
    if (!fits(first, 0) || first.length > end || !fits(last, end)) return false;
    let from = first.length;
    for (const part of parts.slice(1, -1)) {
      while (from + part.length <= end && !fits(part, from)) from++;
      if (from + part.length > end) return false;
      from += part.length;
    }
    return true;
  };
}

const and =
  (tests: readonly Test[]): Test =>
  (row) => {
    let all: Truth = true;
    for (const test of tests) {
      const its = test(row);
      if (its === false) return false;
      if (its === null) all = null;
    }
    return all;
  };

const or =
  (tests: readonly Test[]): Test =>
  (row) => {
    let any: Truth = false;
    for (const test of tests) {
      const its = test(row);
      if (its) return true;
      if (its === null) any = null;
    }
    return any;
  };

const not =
  (test: Test): Test =>
  (row) => {
    const its = test(row);
    return its === null ? null : !its;
  };

/**
 * A filter in any of its forms: a clause, a list of filters that must all hold, `and`, `or`, `not`, or a text with its parameters.
 *
 * @throws NotLocal if it is not one, or the columns do not allow it; what to say about it, the server knows best
 */
export function compile(columns: ColumnTypes, filter: unknown): Test {
  if (Array.isArray(filter)) return and(filter.map((term) => compile(columns, term)));
  if (typeof filter === 'string') return written(columns, readWhere(filter, []));
  const its = (filter ?? {}) as Record<string, unknown>;
  if (typeof its['text'] === 'string') return written(columns, readWhere(its['text'], (its['params'] ?? []) as unknown[]));
  if (Array.isArray(its['and'])) return and(its['and'].map((term) => compile(columns, term)));
  if (Array.isArray(its['or'])) return or(its['or'].map((term) => compile(columns, term)));
  if (its['not'] !== undefined) return not(compile(columns, its['not']));
  if (typeof its['column'] !== 'string' || typeof its['operator'] !== 'string') throw new NotLocal('this is no filter');
  return clause(columns, keysOf(its['column']), its['operator'].toLowerCase(), its['value']);
}

/** A condition that was read from a text. */
export function written(columns: ColumnTypes, syntax: Written): Test {
  if ('and' in syntax) return and(syntax.and.map((term) => written(columns, term)));
  if ('or' in syntax) return or(syntax.or.map((term) => written(columns, term)));
  if ('not' in syntax) return not(written(columns, syntax.not));
  return clause(columns, syntax.keys, syntax.operator, syntax.value);
}

/** Orders values as the server does: missing ones first, then numbers, strings, false and true. */
export function comparator({ read, type }: Place): (a: LocalRow, b: LocalRow) => number {
  const value = comparable({ read, type });
  return (a, b) => {
    const [left, right] = [value(a), value(b)];
    if (left === null || right === null) return Number(left !== null) - Number(right !== null);
    const [one, other] = [rank(left), rank(right)];
    if (one === 3 || other === 3) throw new NotLocal('arrays and objects have an order at the server only');
    if (one !== other) return one - other;
    if (one === 0) return (left as number) < (right as number) ? -1 : (left as number) > (right as number) ? 1 : 0;
    if (one === 1) return compareStrings(left as string, right as string);
    return Number(left) - Number(right);
  };
}

function rank(value: unknown): number {
  switch (typeof value) {
    case 'number':
    case 'bigint':
      return 0;
    case 'string':
      return 1;
    case 'boolean':
      return 2;
    default:
      return 3;
  }
}
