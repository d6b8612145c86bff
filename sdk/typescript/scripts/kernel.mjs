// Writes src/sync/kernel.ts: the WebAssembly that multiplies 8-bit codes with a 16-bit query, put together here by hand, so that
// nothing but Node is needed to make it. A test makes it anew and compares.
//
//   (func (export "dots") (param $query i32) (param $codes i32) (param $length i32) (param $count i32) (param $out i32)
//     for each of count vectors: for each 16 of length codes: widen to 16 bits, multiply by the query's, add pairs in 32 bits
import { readFileSync, writeFileSync } from 'node:fs';

const unsigned = (value) => {
  const bytes = [];
  do {
    const byte = value & 0x7f;
    value >>>= 7;
    bytes.push(value ? byte | 0x80 : byte);
  } while (value);
  return bytes;
};
const signed = (value) => {
  const bytes = [];
  for (;;) {
    const byte = value & 0x7f;
    value >>= 7;
    if ((value === 0 && !(byte & 0x40)) || (value === -1 && byte & 0x40)) return [...bytes, byte];
    bytes.push(byte | 0x80);
  }
};
const text = (value) => [...unsigned(value.length), ...Buffer.from(value)];
const list = (items) => [...unsigned(items.length), ...items.flat()];
const section = (id, bytes) => [id, ...unsigned(bytes.length), ...bytes];

const I32 = 0x7f;
const V128 = 0x7b;
const EMPTY = 0x40;
const get = (local) => [0x20, ...unsigned(local)];
const set = (local) => [0x21, ...unsigned(local)];
const tee = (local) => [0x22, ...unsigned(local)];
const constant = (value) => [0x41, ...signed(value)];
const add = [0x6a];
const block = (body) => [0x02, EMPTY, ...body, 0x0b];
const loop = (body) => [0x03, EMPTY, ...body, 0x0b];
const branch = (depth) => [0x0c, depth];
const branchIf = (depth) => [0x0d, depth];
const simd = (operation, ...rest) => [0xfd, ...unsigned(operation), ...rest];
const load = (offset) => simd(0x00, ...unsigned(4), ...unsigned(offset)); // v128.load, at addresses that 16 divides
const zero = simd(0x0c, ...Array(16).fill(0)); // v128.const 0
const low = simd(0x87, 0x01).slice(0, 3); // i16x8.extend_low_i8x16_s
const high = simd(0x88, 0x01).slice(0, 3); // i16x8.extend_high_i8x16_s
const dot = simd(0xba, 0x01).slice(0, 3); // i32x4.dot_i16x8_s
const sum = simd(0xae, 0x01).slice(0, 3); // i32x4.add
const lane = (index) => simd(0x1b, index); // i32x4.extract_lane
const store = [0x36, 0x02, 0x00]; // i32.store

const [query, codes, length, count, out, at, end, some, one, two] = Array.from({ length: 10 }, (_local, index) => index);

const body = [
  // locals beside the parameters: at, end: i32; some, one, two: v128
  ...list([
    [2, I32],
    [3, V128],
  ]),
  ...block([
    ...loop([
      ...get(count),
      0x45, // i32.eqz
      ...branchIf(1),
      ...zero,
      ...set(one),
      ...zero,
      ...set(two),
      ...get(query),
      ...set(at),
      ...get(codes),
      ...get(length),
      ...add,
      ...set(end),
      ...loop([
        ...get(codes),
        ...load(0),
        ...tee(some),
        ...low,
        ...get(at),
        ...load(0),
        ...dot,
        ...get(one),
        ...sum,
        ...set(one),
        ...get(some),
        ...high,
        ...get(at),
        ...load(16),
        ...dot,
        ...get(two),
        ...sum,
        ...set(two),
        ...get(at),
        ...constant(32),
        ...add,
        ...set(at),
        ...get(codes),
        ...constant(16),
        ...add,
        ...tee(codes),
        ...get(end),
        0x49, // i32.lt_u
        ...branchIf(0),
      ]),
      ...get(out),
      ...get(one),
      ...get(two),
      ...sum,
      ...tee(one),
      ...lane(0),
      ...get(one),
      ...lane(1),
      ...add,
      ...get(one),
      ...lane(2),
      ...add,
      ...get(one),
      ...lane(3),
      ...add,
      ...store,
      ...get(out),
      ...constant(4),
      ...add,
      ...set(out),
      ...get(count),
      ...constant(-1),
      ...add,
      ...set(count),
      ...branch(0),
    ]),
  ]),
  0x0b,
];

const module = [
  0x00,
  ...Buffer.from('asm'),
  ...[1, 0, 0, 0],
  ...section(1, list([[0x60, ...list([[I32], [I32], [I32], [I32], [I32]]), ...list([])]])),
  ...section(2, list([[...text('m'), ...text('m'), 0x02, 0x00, ...unsigned(1)]])),
  ...section(3, list([[0]])),
  ...section(7, list([[...text('dots'), 0x00, ...unsigned(0)]])),
  ...section(10, list([[...unsigned(body.length), ...body]])),
];

const target = new URL('../src/sync/kernel.ts', import.meta.url);
const source = `// Made by scripts/kernel.mjs, which says what it does; do not edit.
const BASE64 =
  '${Buffer.from(module).toString('base64')}';

/** WebAssembly with SIMD that multiplies 8-bit codes with a 16-bit query. */
export const KERNEL: Uint8Array<ArrayBuffer> = Uint8Array.from(atob(BASE64), (character) => character.charCodeAt(0));
`;
if (process.argv.includes('--check')) {
  if (readFileSync(target, 'utf8') !== source) throw new Error('src/sync/kernel.ts is not what scripts/kernel.mjs makes');
} else {
  writeFileSync(target, source);
}
