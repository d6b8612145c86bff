import { ApiError, ProtocolError } from './errors.js';
import { base64Of, isNumbers, vectorFrom } from './json.js';
import { untilAborted } from './transport.js';

/** The vector of a text as it is kept. */
export interface QueryVector {
  /** Base64 of its little-endian float32 numbers, which is how it is sent again. */
  readonly vector: string;
  /** Of the model that made it, where the server told; it is not compared with vectors of another. */
  readonly fingerprint?: string | undefined;
}

/** Keeps vectors of queries beyond the life of a client; see `fileVectorStore` and `indexedDbVectorStore`. */
export interface VectorStore {
  /** What was kept, the least recently used first. */
  load(): Promise<Iterable<readonly [key: string, vector: QueryVector]>>;
  /** Replaces what was kept. */
  save(entries: Iterable<readonly [key: string, vector: QueryVector]>): Promise<void>;
}

/** How the vectors of queries are kept. */
export interface QueryVectorOptions {
  /** Bytes that they may take, 16 MiB by default (some 7,000 vectors of 384 numbers); 0 keeps none. */
  maxBytes?: number | undefined;
  /** Where they are kept beyond the life of the client; nowhere by default. */
  store?: VectorStore | undefined;
}

/** How the vectors of queries were used. */
export interface QueryVectorStatistics {
  entries: number;
  bytes: number;
  /** Look-ups that found a vector. */
  hits: number;
  /** Look-ups that did not. */
  misses: number;
  /** Look-ups that waited for a vector that somebody else had asked for. */
  shared: number;
}

/** What of an answer tells the vector that was searched with, which is asked for as base64. */
interface Searched {
  query_embedding?: string | number[] | undefined;
  model_fingerprint?: string | undefined;
  /** Whether a model of this program made it, for want of the server. */
  passing?: boolean | undefined;
}

/** A vector that was made, unless it is `passing`: near enough to answer with, and not to be kept. */
export interface MadeVector extends QueryVector {
  readonly passing?: boolean | undefined;
}

/** Whether a vector that is kept counts. */
type Fits = (vector: QueryVector) => boolean;

/** What the server says of a vector of another model than the one that is searched with. */
const UNFIT = new Set(['MODEL_CHANGED', 'DIMENSION_MISMATCH']);

/** A vector as it is kept, of one number at least. */
const BASE64 = /^[A-Za-z0-9+/]{4,}={0,2}$/;

const SAVE_AFTER = 1000;

/** Vectors of texts that were searched with: the least recently used go first. */
export class QueryVectors {
  readonly #entries = new Map<string, QueryVector>();
  readonly #flights = new Map<string, Promise<QueryVector>>();
  readonly #maxBytes: number;
  readonly #store: VectorStore | undefined;
  #loading: Promise<void> | undefined;
  #saving: ReturnType<typeof setTimeout> | undefined;
  #bytes = 0;
  #hits = 0;
  #misses = 0;
  #shared = 0;

  constructor(options: QueryVectorOptions = {}) {
    this.#maxBytes = options.maxBytes ?? 16 * 1024 * 1024;
    this.#store = options.store;
  }

  /**
   * The vector of a key, also if somebody is just getting it; undefined if nobody is.
   *
   * @param fits whether a vector that is kept counts; one that does not is forgotten
   */
  async find(key: string, fits?: Fits): Promise<QueryVector | undefined> {
    if (this.#store) await (this.#loading ??= this.#load());
    const known = this.#known(key, fits);
    if (known) {
      this.#hits++;
      this.#entries.delete(key);
      this.#entries.set(key, known);
      return known;
    }
    const flight = this.#flights.get(key);
    if (flight) this.#shared++;
    else this.#misses++;
    return flight?.catch(() => undefined);
  }

  /** The first of these of which a vector is kept; undefined if there is none. */
  async firstKept<K>(of: readonly K[], keyOf: (it: K) => string): Promise<K | undefined> {
    if (this.#store) await (this.#loading ??= this.#load());
    return of.find((it) => this.#entries.has(keyOf(it)));
  }

  /** The vector of a key; if it is not known, `make` gets it once for all who ask meanwhile. */
  async get(key: string, make: () => Promise<MadeVector>, fits?: Fits): Promise<QueryVector> {
    if (this.#store) await (this.#loading ??= this.#load());
    if (this.#known(key, fits) || this.#flights.has(key)) {
      // whoever failed to get it may have failed for reasons of its own, such as having been aborted
      return (await this.find(key, fits)) ?? this.get(key, make, fits);
    }
    this.#misses++;
    const flight = make();
    this.#flights.set(key, flight);
    try {
      const vector = await flight;
      if (!vector.passing) this.put(key, vector);
      return vector;
    } finally {
      this.#flights.delete(key);
    }
  }

  /**
   * The answer to a search by text: by the text's vector if that is known, else by the text itself, whose vector the answer brings.
   *
   * @param changed called when the vector turned out to be of another model than the one that is searched with
   */
  async search<A extends Searched>(
    key: string,
    byText: () => Promise<A>,
    byVector: (vector: QueryVector) => Promise<A>,
    signal: AbortSignal | undefined,
    changed?: () => void,
  ): Promise<A> {
    let answer: Promise<A> | undefined;
    const vector = await untilAborted(
      this.get(key, async () => {
        const { query_embedding: made, model_fingerprint: fingerprint, passing } = await (answer = byText());
        if (typeof made !== 'string' && !isNumbers(made)) {
          throw new ProtocolError('the answer lacks the vector that was searched with');
        }
        return { vector: typeof made === 'string' ? made : base64Of(vectorFrom(made)), fingerprint, passing };
      }),
      signal,
    );
    if (answer) return answer;
    try {
      return { ...(await byVector(vector)), query_embedding: vector.vector };
    } catch (error) {
      if (!(error instanceof ApiError && UNFIT.has(error.code))) throw error;
      this.#forget(key);
      changed?.();
      return byText();
    }
  }

  #known(key: string, fits: Fits = () => true): QueryVector | undefined {
    const known = this.#entries.get(key);
    if (!known || fits(known)) return known;
    this.#forget(key);
    return undefined;
  }

  #forget(key: string): void {
    const known = this.#entries.get(key);
    if (!known) return;
    this.#entries.delete(key);
    this.#bytes -= size(key, known);
  }

  /** Forgets all vectors, also those that are kept beyond. */
  async clear(): Promise<void> {
    this.#entries.clear();
    this.#bytes = 0;
    this.#loading ??= Promise.resolve();
    if (this.#store) await this.save();
  }

  /** Writes what is kept beyond the life of the client now, instead of a moment later. */
  async save(): Promise<void> {
    clearTimeout(this.#saving);
    this.#saving = undefined;
    await this.#store?.save(this.#entries);
  }

  statistics(): QueryVectorStatistics {
    return {
      entries: this.#entries.size,
      bytes: this.#bytes,
      hits: this.#hits,
      misses: this.#misses,
      shared: this.#shared,
    };
  }

  /** Keeps a vector. */
  put(key: string, vector: QueryVector): void {
    const bytes = size(key, vector);
    if (bytes > this.#maxBytes || this.#entries.has(key)) return;
    this.#entries.set(key, vector);
    this.#bytes += bytes;
    for (const [oldest, its] of this.#entries) {
      if (this.#bytes <= this.#maxBytes) break;
      this.#entries.delete(oldest);
      this.#bytes -= size(oldest, its);
    }
    if (this.#store && this.#saving === undefined) {
      this.#saving = setTimeout(() => void this.save().catch(() => undefined), SAVE_AFTER);
      (this.#saving as { unref?: () => void }).unref?.();
    }
  }

  async #load(): Promise<void> {
    try {
      for (const [key, vector] of await this.#store!.load()) {
        if (typeof key === 'string' && BASE64.test(vector.vector)) this.put(key, vector);
      }
    } catch {
      // a store that cannot be read costs requests, not answers
    }
    clearTimeout(this.#saving);
    this.#saving = undefined;
  }
}

function size(key: string, { vector, fingerprint = '' }: QueryVector): number {
  return 2 * key.length + vector.length + fingerprint.length + 128; // letters beyond Latin take two bytes
}
