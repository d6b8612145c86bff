import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { Codes, widest } from '../../src/sync/codes.js';
import { like } from '../../src/sync/filter.js';
import { Query, quantize, VectorColumn } from '../../src/sync/vectors.js';

let state = 3;
const random = (): number => (state = (state * 48271) % 2147483647) / 2147483647;

describe('the kernel', () => {
  it('is what its script makes', () => {
    const script = fileURLToPath(new URL('../../scripts/kernel.mjs', import.meta.url));
    execFileSync(process.execPath, [script, '--check'], { stdio: 'pipe' });
  });

  it.each([1, 15, 16, 17, 384, 1000, 4096])(
    'multiplies vectors of %i numbers to the last bit, at the limits too',
    (dimensions) => {
      const both = [new Codes(dimensions), new Codes(dimensions, false)];
      expect(both.map(({ by }) => by)).toEqual(['simd', 'javascript']);
      const most = widest(dimensions);
      const vectors = Array.from({ length: 200 }, (_vector, index) =>
        Int8Array.from({ length: dimensions }, () =>
          index === 0 ? -127 : index === 1 ? 127 : Math.round((random() - 0.5) * 254),
        ),
      );
      vectors.forEach((vector, slot) => both.forEach((codes) => codes.set(slot, vector)));
      for (const query of [
        Int16Array.from({ length: dimensions }, () => most),
        Int16Array.from({ length: dimensions }, () => -most),
        Int16Array.from({ length: dimensions }, () => Math.round((random() - 0.5) * 2 * most)),
      ]) {
        const exact = vectors.map((vector) => vector.reduce((sum, code, i) => sum + code * query[i]!, 0));
        for (const codes of both) expect([...codes.products(query, vectors.length).subarray(0, vectors.length)]).toEqual(exact);
      }
      for (const codes of both) expect(codes.get(199)).toEqual(vectors[199]);
    },
  );
});

describe('a search of codes', () => {
  it.each(['cosine', 'euclidean', 'inner_product'] as const)('by %s finds what comparing all in full finds', (metric) => {
    const dimensions = 33;
    for (let round = 0; round < 40; round++) {
      const exact = round % 2 === 0;
      const column = new VectorColumn(dimensions, exact, round % 4 < 2);
      const spread = 10 ** Math.floor(random() * 5 - 2);
      const one = (): Float32Array => Float32Array.from({ length: dimensions }, () => (random() - 0.5) * spread);
      const vectors = Array.from({ length: 300 }, one);
      for (let slot = 0; slot < 100; slot++) vectors[slot + 100] = vectors[slot]!; // equal scores
      vectors.forEach((vector, slot) => {
        const { scale, codes } = quantize(vector);
        const bytes = new Uint8Array(4 + dimensions);
        new DataView(bytes.buffer).setFloat32(0, scale, true);
        bytes.set(new Uint8Array(codes.buffer), 4);
        column.set(slot, exact ? new Uint8Array(vector.buffer) : bytes);
      });
      column.clear(7);
      const query = new Query(round % 3 === 0 ? vectors[5]! : one(), metric);
      const k = 1 + Math.floor(random() * 40);
      const passes = (slot: number): boolean => round % 5 > 0 || slot % 3 === 0;
      const all = vectors
        .map((_vector, slot) => ({ slot, score: column.has(slot) ? query.score(column.get(slot)!) : -Infinity }))
        .filter(({ slot, score }) => score > -Infinity && passes(slot))
        .sort((a, b) => b.score - a.score || a.slot - b.slot);
      expect(column.nearest(query, 300, k, passes, (a, b) => a - b)).toEqual(all.slice(0, k));
      const threshold = all[10]!.score;
      const near = column.nearest(query, 300, 300, passes, (a, b) => a - b, threshold);
      expect(near).toEqual(all.filter(({ score }) => score >= threshold));
    }
  });
});

it('a pattern takes no longer than its length times the length of the text', () => {
  expect(like('%a%a%a%a%a%a%a%a%b')('a'.repeat(5000))).toBe(false);
  expect(like('a%_\\%%b')('axx%yyb')).toBe(true);
  expect(like('a%a')('a')).toBe(false);
});
