import { describe, expect, it } from 'vitest';
import { rowOf } from '../../src/arguments.js';
import { base64Of, camel, decode, encode, snake, vectorOf } from '../../src/json.js';

describe('JSON', () => {
  it.each([
    '9007199254740993',
    '-9223372036854775808',
    '[9007199254740992,1,-12345678901234567890]',
    '{"a":{"b":[18446744073709551615]},"c":"9007199254740993"}',
    '{"say \\"9007199254740993\\"":"\\\\","n":9007199254740993}',
    '1.7976931348623157e308',
    '[12345678901234567.5,1e21,0.12345678901234567]',
    '""',
    'null',
    '{"text":"\\u0000int64:7 int64:x:7","n":9007199254740993}',
  ])('with integers of any size comes back as it was: %s', (text) => {
    expect(JSON.parse(encode(decode(text, true)))).toEqual(JSON.parse(text));
    if (!/[.e]/.test(text)) expect(encode(decode(text, true))).toBe(text);
  });

  it('keeps numbers where they are exact', () => {
    expect(decode('[9007199254740991,9007199254740993,-9007199254740993]', true)).toEqual([
      9007199254740991,
      9007199254740993n,
      -9007199254740993n,
    ]);
    expect(decode('[9007199254740993]', false)).toEqual([9007199254740992]);
  });

  it('may hold long strings', () => {
    const value = { text: 'a "quoted" \\ word '.repeat(200_000), n: 9007199254740993n };
    expect(decode(encode(value), true)).toEqual(value);
  });

  it('refuses what it does not have', () => {
    const circle: Record<string, unknown> = {};
    circle['circle'] = circle;
    expect(() => encode(circle)).toThrow(TypeError);
    expect(() => decode('{"a":', true)).toThrow(SyntaxError);
  });

  it('has vectors as base64', () => {
    const row = { id: 1, v: new Float32Array([0.5, -1]) };
    expect(rowOf(row, 'row')).toEqual({ id: 1, v: 'AAAAPwAAgL8=' });
    expect(row.v).toBeInstanceOf(Float32Array);
    const same = { id: 1 };
    expect(rowOf(same, 'row')).toBe(same);
  });
});

describe('vectors', () => {
  it('come back from base64 as they were, also parts of others and long ones', () => {
    const long = Float32Array.from({ length: 5000 }, (_element, index) => Math.sin(index) * 1e-3);
    for (const vector of [new Float32Array(0), long, long.subarray(7, 391)]) expect(vectorOf(base64Of(vector))).toEqual(vector);
    expect(base64Of(new Float32Array([1]))).toBe('AACAPw==');
  });
});

describe('names', () => {
  it('change their form, and what users wrote does not', () => {
    const wire = { row_count: 1, columns: [{ auto_update: true, default: { my_key: 1 } }], groups: [{ values: { a_b: 1 } }] };
    expect(camel(wire)).toEqual({
      rowCount: 1,
      columns: [{ autoUpdate: true, default: { my_key: 1 } }],
      groups: [{ values: { a_b: 1 } }],
    });
    expect(snake({ efConstruction: 8, default: { myKey: 1 }, nothing: undefined })).toEqual({
      ef_construction: 8,
      default: { myKey: 1 },
    });
    const when = new Date(0);
    expect(snake({ default: 1, since: when, list: [{ aB: null }] })).toEqual({ default: 1, since: when, list: [{ a_b: null }] });
  });
});
