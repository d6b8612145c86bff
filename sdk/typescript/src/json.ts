import { ProtocolError } from './errors.js';

/** Strings, which may have digits in them, and numbers. */
const TOKENS = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d[\d.eE+-]*/g;

/** What stands before an integer while it is a string; nobody else can write it. */
const MARK = `int64:${Math.random().toString(36).slice(2)}:`;
const MARKED = new RegExp(`"${MARK}(-?\\d+)"`, 'g');

/** JSON of any kind. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json | undefined };

/**
 * Writes JSON; a `bigint` becomes an integer, a `Date` a string.
 *
 * @throws TypeError if there is a value that JSON does not have
 */
export function encode(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch {
    // most likely a bigint; looking for one each time would cost every request
    const text = JSON.stringify(value, (_key, item: unknown) => (typeof item === 'bigint' ? MARK + item : item));
    return text.replace(MARKED, '$1');
  }
}

/** Reads JSON; with `bigints`, integers beyond 2^53 come as `bigint` instead of the nearest number. */
export function decode(text: string, bigints: boolean): unknown {
  if (!bigints) return JSON.parse(text);
  let marked = false;
  const source = text.replace(TOKENS, (token) => {
    if (token.length < 16 || !/^-?\d+$/.test(token) || Number.isSafeInteger(Number(token))) return token;
    marked = true;
    return `"${MARK}${token}"`;
  });
  return JSON.parse(source, marked ? revive : undefined);
}

function revive(_key: string, value: unknown): unknown {
  return typeof value === 'string' && value.startsWith(MARK) ? BigInt(value.slice(MARK.length)) : value;
}

/** A vector from base64 of little-endian float32 numbers. */
export function vectorOf(base64: string): Float32Array {
  try {
    const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
    return new Float32Array(bytes.buffer);
  } catch (error) {
    throw new ProtocolError('what should be a vector in base64 is none', error);
  }
}

/** A vector from the form in which an answer has it. */
export function vectorFrom(vector: string | readonly number[]): Float32Array {
  return typeof vector === 'string' ? vectorOf(vector) : Float32Array.from(vector);
}

/** Base64 of a vector's little-endian float32 numbers. */
export function base64Of(vector: Float32Array): string {
  const bytes = new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength);
  let text = '';
  for (let start = 0; start < bytes.length; start += 0x2000) {
    text += String.fromCharCode(...bytes.subarray(start, start + 0x2000));
  }
  return btoa(text);
}

/** Whether something looks like a vector in JSON. */
export function isNumbers(value: unknown): value is number[] {
  return Array.isArray(value) && value.length > 0 && typeof value[0] === 'number';
}

/** The same object with names in camelCase; what users wrote (defaults of columns, values of groups) stays as it is. */
export function camel(value: unknown): any {
  if (Array.isArray(value)) return value.map(camel);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key.replace(/_(.)/g, (_match, letter: string) => letter.toUpperCase()),
      key === 'default' || key === 'values' || key === 'metadata' ? item : camel(item),
    ]),
  );
}

/** The same object with names in snake_case, without what is undefined. */
export function snake(value: unknown): any {
  if (Array.isArray(value)) return value.map(snake);
  if (value === null || typeof value !== 'object' || value instanceof Float32Array || value instanceof Date) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, item]) => item !== undefined)
      .map(([key, item]) => [
        key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
        key === 'default' ? item : snake(item),
      ]),
  );
}
