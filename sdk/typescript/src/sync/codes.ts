import { KERNEL } from './kernel.js';

const LANES = 16;
const HEADER = 64;

/** What multiplies codes: `dots(query, codes, dimensions, count, out)`, all but `count` in bytes from the beginning of the memory. */
type Dots = (query: number, codes: number, length: number, count: number, out: number) => void;

/** Compiled once a program; null where the platform has no SIMD in WebAssembly, or may not compile it. */
let compiled: WebAssembly.Module | null | undefined;

function kernel(memory: WebAssembly.Memory): Dots | null {
  try {
    compiled ??= new WebAssembly.Module(KERNEL);
    return new WebAssembly.Instance(compiled, { m: { m: memory } }).exports['dots'] as Dots;
  } catch {
    return null;
  }
}

/**
 * Vectors of one length as signed bytes, and their inner products with a vector of 16-bit numbers. The products are whole numbers and
 * exact, whoever multiplies: WebAssembly with SIMD, or plain JavaScript where that is missing.
 */
export class Codes {
  /** Which of the two multiplies. */
  readonly by: 'simd' | 'javascript';
  readonly #dimensions: number;
  /** Dimensions, filled up with zeros to whole lanes. */
  readonly #stride: number;
  #capacity = 0;
  #memory: WebAssembly.Memory | undefined;
  #dots: Dots | null = null;
  #query = new Int16Array(0);
  #products = new Int32Array(0);
  #codes = new Int8Array(0);

  constructor(dimensions: number, simd = true) {
    this.#dimensions = dimensions;
    this.#stride = Math.ceil(dimensions / LANES) * LANES;
    if (simd && typeof WebAssembly === 'object') {
      this.#memory = new WebAssembly.Memory({ initial: 1 });
      this.#dots = kernel(this.#memory);
      if (!this.#dots) this.#memory = undefined;
    }
    this.by = this.#dots ? 'simd' : 'javascript';
    this.#reserve(64);
  }

  /** Bytes that the codes take. */
  get bytes(): number {
    return this.#memory ? this.#memory.buffer.byteLength : this.#codes.byteLength + this.#products.byteLength;
  }

  set(slot: number, codes: Int8Array): void {
    if (slot >= this.#capacity) this.#reserve(Math.max(slot + 1, Math.ceil(this.#capacity * 1.5)));
    this.#codes.set(codes, slot * this.#stride);
  }

  get(slot: number): Int8Array {
    return this.#codes.subarray(slot * this.#stride, slot * this.#stride + this.#dimensions);
  }

  /** The inner products with the first so many vectors; to be read before the next call. */
  products(query: Int16Array, count: number): Int32Array {
    if (count > this.#capacity) this.#reserve(count);
    this.#query.set(query);
    const [codes, products, stride] = [this.#codes, this.#products, this.#stride];
    if (this.#dots) {
      this.#dots(this.#query.byteOffset, codes.byteOffset, stride, count, products.byteOffset);
      return products;
    }
    const numbers = Float64Array.from(this.#query);
    for (let slot = 0, at = 0; slot < count; slot++) {
      let product = 0;
      for (let i = 0; i < stride; i += 4) {
        product +=
          codes[at]! * numbers[i]! +
          codes[at + 1]! * numbers[i + 1]! +
          codes[at + 2]! * numbers[i + 2]! +
          codes[at + 3]! * numbers[i + 3]!;
        at += 4;
      }
      products[slot] = product;
    }
    return products;
  }

  #reserve(capacity: number): void {
    const [codes, stride] = [this.#codes, this.#stride];
    if (this.#memory) {
      // the query first, then products, then codes, which move up when there are more products
      const productsAt = Math.ceil((stride * 2) / HEADER) * HEADER;
      const codesAt = Math.ceil((productsAt + capacity * 4) / HEADER) * HEADER;
      const bytes = codesAt + capacity * stride;
      const old = codes.slice();
      const missing = Math.ceil((bytes - this.#memory.buffer.byteLength) / 65536);
      if (missing > 0) this.#memory.grow(missing);
      const { buffer } = this.#memory;
      this.#query = new Int16Array(buffer, 0, stride);
      this.#products = new Int32Array(buffer, productsAt, capacity);
      this.#codes = new Int8Array(buffer, codesAt, capacity * stride);
      this.#codes.fill(0);
      this.#codes.set(old);
    } else {
      this.#query = new Int16Array(stride);
      this.#products = new Int32Array(capacity);
      this.#codes = new Int8Array(capacity * stride);
      this.#codes.set(codes);
    }
    this.#capacity = capacity;
  }
}

/**
 * The largest 16-bit number that a query may be written with, so that no sum of its products with codes leaves 32 bits.
 *
 * @param dimensions of the vectors
 */
export function widest(dimensions: number): number {
  return Math.min(32_767, Math.floor((2 ** 31 - 1) / (128 * dimensions)));
}
