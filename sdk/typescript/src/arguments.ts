/** What calls are given is looked at before anything is sent: errors name the argument, and nothing turns into something else in JSON. */
import { ConfigurationError } from './errors.js';
import { base64Of } from './json.js';

const OPERATORS = '=,!=,<,<=,>,>=,in,not in,like,is null,is not null,contains,contains any,contains all'.split(',');

/** What has no placeholders in it although it may have a `?`: strings, quoted names and comments. */
const QUOTED = /'[^']*'|"[^"]*"|`[^`]*`|--.*|\/\*[^]*?\*\//g;

/** So deep is looked into JSON; what is deeper, the server refuses. */
const DEEPEST = 64;

/** Refuses an argument. */
export function refuse(field: string, rule: string, value: unknown): never {
  throw new ConfigurationError(`${field} must be ${rule}, not ${shown(value)}`, field);
}

function shown(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value);
  if (typeof value === 'function') return 'a function';
  if (Array.isArray(value)) return value.length ? 'an array' : 'an empty array';
  if (value instanceof Date) return 'an invalid Date';
  if (typeof value !== 'object' || value === null) return String(value);
  return `a ${(value.constructor as { name?: string } | undefined)?.name || 'nameless'} object`;
}

/** A string that is not empty. */
export function requireText(value: unknown, field: string): void {
  if (typeof value !== 'string' || value === '') refuse(field, 'a string that is not empty', value);
}

/** An array of what a check lets pass. */
export function requireEach(values: unknown, field: string, check: (value: unknown, field: string) => void): void {
  if (!Array.isArray(values)) refuse(field, 'an array', values);
  for (let index = 0; index < values.length; index++) check(values[index], `${field}[${index}]`);
}

/** An integer in a range, both ends included. */
export function requireInteger(value: unknown, field: string, least: number, most = Number.MAX_SAFE_INTEGER): void {
  if (Number.isInteger(value) && (value as number) >= least && (value as number) <= most) return;
  refuse(field, `an integer ${most === Number.MAX_SAFE_INTEGER ? `of at least ${least}` : `from ${least} to ${most}`}`, value);
}

/** A number that is finite. */
export function requireNumber(value: unknown, field: string): void {
  if (!Number.isFinite(value)) refuse(field, 'a finite number', value);
}

/** One of these strings. */
export function requireOneOf(value: unknown, field: string, known: readonly string[]): void {
  if (!known.includes(value as string)) refuse(field, `one of ${known.join(', ')}`, value);
}

/** What stands between two slashes of an address: a name, or the key of a row. Dots alone would lead elsewhere. */
export function requireKey(value: unknown, field: string): void {
  if (typeof value === 'bigint' || Number.isFinite(value)) return;
  requireText(value, field);
  if (value === '.' || value === '..') refuse(field, 'more than dots, which addresses leave out', value);
}

/** A text or a vector, which are searched with. */
export function requireSought(value: unknown, field: string): void {
  if (typeof value === 'string' && value !== '') return;
  const numbers = value instanceof Float32Array || Array.isArray(value) ? (value as ArrayLike<unknown>) : undefined;
  if (!numbers?.length) refuse(field, 'a text that is not empty or a vector', value);
  for (let index = 0; index < numbers.length; index++) {
    if (!Number.isFinite(numbers[index])) requireNumber(numbers[index], `${field}[${index}]`);
  }
}

/** A condition in words, with a value for each of its placeholders. */
export function requireWords(text: string, params: readonly unknown[], field: string): void {
  requireText(text, field);
  const places = text.replace(QUOTED, '').split('?').length - 1;
  if (places !== params.length) {
    throw new ConfigurationError(`${field} has ${places} placeholders, and ${params.length} values came for them`, field);
  }
  requireJson(params, 'params');
}

/** A condition: a clause, a list of conditions, or `and`, `or` and `not` of them. */
export function requireCondition(condition: unknown, field: string): void {
  if (Array.isArray(condition)) return requireEach(condition, field, requireCondition);
  if (typeof condition !== 'object' || condition === null) refuse(field, 'a condition', condition);
  const { and, or, not, column, operator, value, text } = condition as Record<string, unknown>;
  if (text !== undefined) return requireText(text, field);
  for (const [name, parts] of Object.entries({ and, or, not })) {
    if (parts !== undefined) return requireCondition(parts, `${field}.${name}`);
  }
  requireText(column, `${field}.column`);
  requireOneOf(operator, `${field}.operator`, OPERATORS);
  if (!(operator as string).startsWith('is ')) requireElement(value, `${field}.value`);
}

/** A row as it is sent: vectors become base64, and what JSON would make something else of is refused. */
export function rowOf<R extends object>(row: R, field: string): R {
  if (typeof row !== 'object' || row === null || Array.isArray(row)) refuse(field, 'an object of values by column', row);
  let plain: Record<string, unknown> | undefined;
  for (const name in row) {
    const value: unknown = row[name];
    if (isPlain(value)) continue;
    if (value instanceof Float32Array) {
      if (!value.every(Number.isFinite)) requireSought(value, `${field}.${name}`);
      (plain ??= { ...(row as Record<string, unknown>) })[name] = base64Of(value);
    } else {
      requireJson(value, `${field}.${name}`);
    }
  }
  return (plain ?? row) as R;
}

/** What stays itself in JSON; most values do, and their place needs no name. */
function isPlain(value: unknown): boolean {
  return (
    typeof value === 'string' || Number.isFinite(value) || value === null || value === undefined || typeof value === 'boolean'
  );
}

/** What JSON has a form for; of members of objects, undefined is as good as left out. */
export function requireJson(value: unknown, field: string, depth = 0): void {
  if (isPlain(value) || depth > DEEPEST) return;
  if (typeof value === 'number') requireNumber(value, field);
  if (typeof value === 'function' || typeof value === 'symbol') refuse(field, 'a value', value);
  if (typeof value !== 'object' || value === null) return;
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index++) {
      const element: unknown = value[index];
      if (!isPlain(element) || element === undefined) requireElement(element, `${field}[${index}]`, depth + 1);
    }
  } else if (value instanceof Date) {
    if (Number.isNaN(value.getTime())) refuse(field, 'a time', value);
  } else if (typeof (value as { toJSON?: unknown }).toJSON !== 'function') {
    // such as a Map, which would become an empty object
    if (ArrayBuffer.isView(value) || Symbol.iterator in value) refuse(field, 'a value of JSON', value);
    for (const [name, member] of Object.entries(value)) {
      if (!isPlain(member)) requireJson(member, `${field}.${name}`, depth + 1);
    }
  }
}

/** What JSON has a form for, and is there: among others, undefined would become null. */
export function requireElement(value: unknown, field: string, depth = 0): void {
  if (value === undefined) refuse(field, 'a value', value);
  requireJson(value, field, depth);
}
