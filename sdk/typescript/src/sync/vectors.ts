import type { Metric } from '../similarity.js';
import { Codes, widest } from './codes.js';

/** A vector that was found: where it lies and how similar it is. */
export interface Near {
  readonly slot: number;
  readonly score: number;
}

/**
 * The vectors of a column of a replica, each in the slot of its row: one byte a number with a scale a vector, and the float32 numbers
 * themselves where they were subscribed.
 *
 * A search multiplies the codes of all vectors, which says how similar each is to within a bound, and compares those in full precision
 * that may be among the best by that bound. What it finds is what comparing all of them in full precision finds.
 */
export class VectorColumn {
  readonly #codes: Codes;
  /** Factor of the codes; 0 where the slot has no vector or only zeros. */
  #scales = new Float32Array(64);
  /** L2 norms of the vectors; -1 where the slot has none. */
  #norms = new Float64Array(64).fill(-1);
  /** How far the codes are from the vectors at most, in L2; 0 where the codes are the vectors. */
  #errors = new Float32Array(64);
  #floats: Float32Array | undefined;

  /**
   * @param exact whether float32 numbers are kept, not codes alone
   */
  constructor(
    readonly dimensions: number,
    readonly exact: boolean,
    simd = true,
  ) {
    this.#codes = new Codes(dimensions, simd);
    if (exact) this.#floats = new Float32Array(64 * dimensions);
  }

  /** What multiplies. */
  get by(): 'simd' | 'javascript' {
    return this.#codes.by;
  }

  /** Bytes in memory. */
  get bytes(): number {
    return this.#codes.bytes + this.#norms.byteLength + 2 * this.#scales.byteLength + (this.#floats?.byteLength ?? 0);
  }

  has(slot: number): boolean {
    return this.#norms[slot]! >= 0;
  }

  /** Sets the vector of a slot from bytes as the server sends them: float32 numbers, or a scale and codes. */
  set(slot: number, bytes: Uint8Array): void {
    this.#reserve(slot);
    const { buffer, byteOffset } = bytes;
    if (this.exact) {
      const vector = new Float32Array(buffer.slice(byteOffset, byteOffset + 4 * this.dimensions));
      const { scale, codes } = quantize(vector);
      let square = 0;
      let error = 0;
      for (let i = 0; i < vector.length; i++) {
        square += vector[i]! * vector[i]!;
        const off = vector[i]! - scale * codes[i]!;
        error += off * off;
      }
      this.#floats!.set(vector, slot * this.dimensions);
      this.#put(slot, scale, codes, Math.sqrt(square), Math.sqrt(error));
    } else {
      const scale = new DataView(buffer, byteOffset).getFloat32(0, true);
      const codes = new Int8Array(buffer, byteOffset + 4, this.dimensions);
      let square = 0;
      for (let i = 0; i < codes.length; i++) square += Math.fround(scale * codes[i]!) ** 2;
      this.#put(slot, scale, codes, Math.sqrt(square), 0);
    }
  }

  clear(slot: number): void {
    if (slot < this.#norms.length) this.#norms[slot] = -1;
  }

  /** The vector of a slot; null if it has none. Of codes, it is what they stand for. */
  get(slot: number): Float32Array | null {
    if (!(this.#norms[slot]! >= 0)) return null;
    if (this.#floats) return this.#floats.slice(slot * this.dimensions, (slot + 1) * this.dimensions);
    return Float32Array.from(this.#codes.get(slot), (code) => this.#scales[slot]! * code);
  }

  /** How similar the vector of a slot is, in full precision. */
  score(query: Query, slot: number): number {
    const { vector, metric } = query;
    let dot = 0;
    let distance = 0;
    if (this.#floats) {
      const from = slot * this.dimensions;
      if (metric === 'euclidean') {
        for (let i = 0; i < vector.length; i++) distance += (vector[i]! - this.#floats[from + i]!) ** 2;
      } else {
        for (let i = 0; i < vector.length; i++) dot += vector[i]! * this.#floats[from + i]!;
      }
    } else {
      const codes = this.#codes.get(slot);
      const scale = this.#scales[slot]!;
      if (metric === 'euclidean') {
        for (let i = 0; i < vector.length; i++) distance += (vector[i]! - Math.fround(scale * codes[i]!)) ** 2;
      } else {
        for (let i = 0; i < vector.length; i++) dot += vector[i]! * Math.fround(scale * codes[i]!);
      }
    }
    return query.scored(dot, distance, this.#norms[slot]!);
  }

  /**
   * The most similar vectors, best first; of equal ones those that `before` puts first.
   *
   * @param count slots, from 0
   * @param passes whether a slot may be found
   */
  nearest(
    query: Query,
    count: number,
    k: number,
    passes: (slot: number) => boolean,
    before: (a: number, b: number) => number,
    threshold = -Infinity,
  ): Near[] {
    const known = Math.min(count, this.#norms.length);
    const { codes, scale, slack, metric, norm } = query.written(this.dimensions);
    const products = this.#codes.products(codes, known);
    const [scales, norms, errors] = [this.#scales, this.#norms, this.#errors];
    const best = new Lowest(k);
    const slots: number[] = [];
    const uppers: number[] = [];
    for (let slot = 0; slot < known; slot++) {
      const its = norms[slot]!;
      if (its < 0) continue;
      const dot = products[slot]! * scale * scales[slot]!;
      // the query is a little off what its numbers say, the codes are off the vector: by Cauchy and Schwarz no more than this
      const off = slack * its + (norm + slack) * errors[slot]!;
      let upper: number;
      let lower: number;
      if (metric === 'cosine') {
        const norms = norm * its;
        upper = norms === 0 ? 0 : (dot + off) / norms;
        lower = norms === 0 ? 0 : (dot - off) / norms;
      } else if (metric === 'inner_product') {
        upper = dot + off;
        lower = dot - off;
      } else {
        const squares = norm * norm + its * its;
        upper = 1 / (1 + Math.sqrt(Math.max(0, squares - 2 * (dot + off))));
        lower = 1 / (1 + Math.sqrt(Math.max(0, squares - 2 * (dot - off))));
      }
      // a float's rounding, so that what is equal in full precision is not lost
      const rounding = 1e-6 * Math.max(1, Math.abs(upper));
      upper += rounding;
      if (upper < threshold || upper < best.least || !passes(slot)) continue;
      best.add(lower - rounding);
      slots.push(slot);
      uppers.push(upper);
    }
    const found: Near[] = [];
    for (let at = 0; at < slots.length; at++) {
      if (uppers[at]! < best.least) continue;
      const score = this.score(query, slots[at]!);
      if (score >= threshold) found.push({ slot: slots[at]!, score });
    }
    return found.sort((a, b) => b.score - a.score || before(a.slot, b.slot)).slice(0, k);
  }

  #put(slot: number, scale: number, codes: Int8Array, norm: number, error: number): void {
    this.#codes.set(slot, codes);
    this.#scales[slot] = scale;
    this.#norms[slot] = norm;
    // not below what it is, though it is kept in fewer digits
    this.#errors[slot] = error * 1.000001;
  }

  #reserve(slot: number): void {
    const size = this.#norms.length;
    if (slot < size) return;
    const next = Math.max(slot + 1, Math.ceil(size * 1.5));
    const grown = <A extends Float32Array | Float64Array>(from: A, to: A): A => {
      to.set(from);
      return to;
    };
    this.#scales = grown(this.#scales, new Float32Array(next));
    this.#errors = grown(this.#errors, new Float32Array(next));
    this.#norms = grown(this.#norms, new Float64Array(next).fill(-1));
    if (this.#floats) this.#floats = grown(this.#floats, new Float32Array(next * this.dimensions));
  }
}

/** What vectors are compared with. */
export class Query {
  readonly norm: number;
  /** The vector's numbers. */
  readonly vector: Float64Array;

  constructor(
    vector: Float32Array,
    readonly metric: Metric,
  ) {
    this.vector = Float64Array.from(vector);
    let square = 0;
    for (const number of this.vector) square += number * number;
    this.norm = Math.sqrt(square);
  }

  /**
   * A score, which is a float32 number as the server's is.
   *
   * @param norm of the other vector
   */
  scored(dot: number, distance: number, norm: number): number {
    if (this.metric === 'cosine') {
      const norms = this.norm * norm;
      return norms === 0 ? 0 : Math.fround(dot / norms);
    }
    if (this.metric === 'inner_product') return Math.fround(dot);
    return Math.fround(1 / (1 + Math.fround(Math.sqrt(Math.fround(distance)))));
  }

  /** How similar a vector is, in full precision. */
  score(other: Float32Array): number {
    let dot = 0;
    let distance = 0;
    let square = 0;
    for (let i = 0; i < this.vector.length; i++) {
      const [mine, its] = [this.vector[i]!, other[i]!];
      dot += mine * its;
      distance += (mine - its) ** 2;
      square += its * its;
    }
    return this.scored(dot, distance, Math.sqrt(square));
  }

  /** The vector as 16-bit numbers of one scale, and how far they are off at most, in L2. */
  written(dimensions: number): { codes: Int16Array; scale: number; slack: number; metric: Metric; norm: number } {
    const codes = new Int16Array(dimensions);
    let largest = 0;
    for (const number of this.vector) largest = Math.max(largest, Math.abs(number));
    const scale = largest / widest(dimensions);
    let square = 0;
    if (scale > 0) {
      for (let i = 0; i < dimensions; i++) {
        codes[i] = Math.round(this.vector[i]! / scale);
        square += (this.vector[i]! - codes[i]! * scale) ** 2;
      }
    }
    return { codes, scale, slack: Math.sqrt(square) * 1.000001, metric: this.metric, norm: this.norm };
  }
}

/** Vectors as one byte a number: the same rule as the server's. */
export function quantize(vector: Float32Array): { scale: number; codes: Int8Array } {
  let largest = 0;
  for (const number of vector) largest = Math.max(largest, Math.abs(number));
  const scale = Math.fround(largest / 127);
  const codes = new Int8Array(vector.length);
  if (scale > 0) {
    for (let i = 0; i < vector.length; i++) codes[i] = Math.max(-127, Math.min(127, Math.floor(vector[i]! / scale + 0.5)));
  }
  return { scale, codes };
}

/** Keeps the largest of many numbers, so many of them; the least of those is what others have to reach. */
class Lowest {
  /** -Infinity while there are fewer. */
  least = -Infinity;
  readonly #heap: number[] = [];
  readonly #size: number;

  constructor(size: number) {
    this.#size = size;
  }

  add(number: number): void {
    const heap = this.#heap;
    if (heap.length < this.#size) {
      heap.push(number);
      let at = heap.length - 1;
      while (at > 0) {
        const parent = (at - 1) >> 1;
        if (heap[parent]! <= heap[at]!) break;
        [heap[parent], heap[at]] = [heap[at]!, heap[parent]!];
        at = parent;
      }
    } else if (number > heap[0]!) {
      heap[0] = number;
      for (let at = 0; ;) {
        let least = at;
        for (const child of [2 * at + 1, 2 * at + 2]) if (child < heap.length && heap[child]! < heap[least]!) least = child;
        if (least === at) break;
        [heap[least], heap[at]] = [heap[at]!, heap[least]!];
        at = least;
      }
    }
    if (heap.length === this.#size) this.least = heap[0]!;
  }
}
