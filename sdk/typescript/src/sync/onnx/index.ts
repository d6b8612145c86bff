import { AkidbError, ConfigurationError, ConnectionError } from '../../errors.js';
import type { LocalModel, ModelManifest, ModelServer, ModelVariant, OpenModel } from '../local-model.js';
import { browserModelCache, type ModelCache } from './model-cache.js';
import { WordPiece } from './word-piece.js';

export { browserModelCache, folderModelCache, type ModelCache } from './model-cache.js';
export type { LocalModel, ModelManifest, ModelServer, ModelVariant, OpenModel } from '../local-model.js';

/** Milliseconds within which a server that has a new model says so, before the old one is used. */
const SOON = 5_000;
/** Milliseconds within which a server makes the files that it was never asked for. */
const IN_TIME = 120_000;

/** What of `onnxruntime-web` and `onnxruntime-node` is used. */
export interface OnnxRuntime {
  readonly InferenceSession: { create(model: Uint8Array): Promise<OnnxSession> };
  readonly Tensor: new (type: 'int64', data: BigInt64Array, dims: readonly number[]) => object;
  /** Of `onnxruntime-web`: one thread is used unless the program says otherwise. */
  readonly env?: { readonly wasm?: { numThreads?: number | undefined } };
}

/** An opened graph. */
export interface OnnxSession {
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  run(inputs: any): Promise<Readonly<Record<string, { readonly data: unknown; readonly dims: readonly number[] }>>>;
  release(): Promise<void>;
}

/** How a model runs here. */
export interface OnnxModelOptions {
  /** The program's ONNX Runtime: `() => import('onnxruntime-web')`, or `onnxruntime-node`. */
  runtime: () => Promise<OnnxRuntime | { readonly default: OnnxRuntime }>;
  /** Which graph is used: `int8` by default, the smallest; `fp16` is about twice as large, `fp32` four times. */
  variant?: ModelVariant['name'] | undefined;
  /** Where its files are kept: by default the browser's Cache Storage where there is one, and nowhere elsewhere; see `folderModelCache`. */
  cache?: ModelCache | undefined;
}

/**
 * One of the server's models, run in this program by ONNX Runtime. Its files come from the server when it is first opened, and again when the
 * server's model has become another.
 *
 * @param model id or alias of a model of the server that it runs by ONNX
 */
export function onnxModel(model: string, options: OnnxModelOptions): LocalModel {
  if (typeof options.runtime !== 'function')
    throw new ConfigurationError("runtime must be a function, as () => import('onnxruntime-web')");
  return { model, open: (server, signal) => open(model, options, server, signal) };
}

/** Whether something is the ONNX Runtime, or what an import made of it. */
function runtimeOf(module: unknown): OnnxRuntime {
  for (const its of [module, (module as { default?: unknown } | undefined)?.default]) {
    const { InferenceSession, Tensor, env } = (its ?? {}) as Partial<OnnxRuntime>;
    if (!InferenceSession || !Tensor) continue;
    // threads gain little with one short text, and keep a program of Node from ending
    if (env?.wasm && env.wasm.numThreads === undefined) env.wasm.numThreads = 1;
    return { InferenceSession, Tensor };
  }
  throw new ConfigurationError('runtime does not give onnxruntime-web or onnxruntime-node');
}

async function open(model: string, options: OnnxModelOptions, server: ModelServer, signal: AbortSignal): Promise<OpenModel> {
  const runtime = runtimeOf(await options.runtime());
  const wanted = options.variant ?? 'int8';
  const cache = options.cache ?? ('caches' in globalThis ? browserModelCache() : undefined);
  const files = new Files(model, wanted, cache, server, signal);
  const manifest = await files.manifest();
  const variant = manifest.variants.find(({ name }) => name === wanted);
  if (!variant) throw new ConfigurationError(`the server does not offer '${model}' as ${wanted}`);
  const tokenizer = new WordPiece(new TextDecoder().decode(await files.tokenizer(manifest)));
  const session = await runtime.InferenceSession.create(await files.graph(manifest, variant));
  await files.tidy();
  const types = session.inputNames.includes('token_type_ids');
  const tensor = (ids: readonly number[], value: (id: number) => number): object =>
    new runtime.Tensor(
      'int64',
      BigInt64Array.from(ids, (id) => BigInt(value(id))),
      [1, ids.length],
    );
  let turn: Promise<unknown> = Promise.resolve();
  const embed = async (text: string): Promise<Float32Array> => {
    const ids = tokenizer.encode(text, manifest.max_tokens);
    const results = await session.run({
      input_ids: tensor(ids, (id) => id),
      attention_mask: tensor(ids, () => 1),
      ...(types && { token_type_ids: tensor(ids, () => 0) }),
    });
    for (const { data, dims } of Object.values(results)) {
      if (dims.length === 3 && dims[2] === manifest.dimensions) return pooled(data as Float32Array, ids.length, manifest);
    }
    throw new ConfigurationError(`the graph of '${model}' does not give the states of tokens`);
  };
  return {
    manifest,
    // one after the other, as a session of WebAssembly runs
    embed: (text) => {
      const made = turn.then(() => embed(text));
      turn = made.catch(() => undefined);
      return made;
    },
    close: async () => {
      await turn;
      await session.release();
    },
  };
}

/** One vector of the states of all tokens, scaled to an L2 norm of 1. */
function pooled(states: Float32Array, tokens: number, { dimensions, pooling }: ModelManifest): Float32Array {
  const sums = new Float64Array(dimensions);
  const [from, to] = pooling === 'mean' ? [0, tokens] : pooling === 'cls' ? [0, 1] : [tokens - 1, tokens];
  for (let token = from; token < to; token++) {
    for (let i = 0; i < dimensions; i++) sums[i]! += states[token * dimensions + i]!;
  }
  const norm = Math.sqrt(sums.reduce((sum, value) => sum + value * value, 0));
  return Float32Array.from(sums, (value) => (norm === 0 ? 0 : value / norm));
}

/** The files of a model: those that are kept, as long as they are the server's. */
class Files {
  readonly #model: string;
  readonly #cache: ModelCache | undefined;
  readonly #server: ModelServer;
  readonly #signal: AbortSignal;
  readonly #beginning: string;
  readonly #used: string[] = [];

  constructor(model: string, variant: string, cache: ModelCache | undefined, server: ModelServer, signal: AbortSignal) {
    this.#model = model;
    this.#cache = cache;
    this.#server = server;
    this.#signal = signal;
    this.#beginning = `${server.url} ${model} ${variant} `;
  }

  /** As the server has it now, or, where that cannot be reached, had it last. */
  async manifest(): Promise<ModelManifest> {
    const kept = await this.#kept('manifest.json');
    try {
      const bytes = await this.#fetch('manifest.json', kept ? SOON : IN_TIME);
      await this.#keep('manifest.json', bytes);
      return parsed(bytes);
    } catch (error) {
      if (!kept || this.#signal.aborted || !(error instanceof AkidbError && error.retryable)) throw error;
    }
    this.#used.push(this.#beginning + 'manifest.json');
    return parsed(kept);
  }

  tokenizer({ fingerprint, tokenizer: { file, bytes } }: ModelManifest): Promise<Uint8Array> {
    return this.#file(file, `${fingerprint} ${file}`, async (its) => its.length === bytes);
  }

  graph(_manifest: ModelManifest, { file, sha256, bytes }: ModelVariant): Promise<Uint8Array> {
    return this.#file(file, `${sha256} ${file}`, async (its) => its.length === bytes && (await isOf(its, sha256)));
  }

  /** Forgets files that were the model's before. */
  async tidy(): Promise<void> {
    await this.#cache?.keep(this.#beginning, this.#used).catch(() => undefined);
  }

  async #file(name: string, key: string, whole: (bytes: Uint8Array) => Promise<boolean>): Promise<Uint8Array> {
    const kept = await this.#kept(key);
    if (kept && (await whole(kept))) {
      this.#used.push(this.#beginning + key);
      return kept;
    }
    const bytes = await this.#fetch(name, IN_TIME);
    if (!(await whole(bytes))) {
      throw new ConnectionError(`${name} of '${this.#model}' did not come as the server described it`);
    }
    await this.#keep(key, bytes);
    return bytes;
  }

  async #fetch(name: string, timeout: number): Promise<Uint8Array> {
    const response = await this.#server.file(this.#model, name, { signal: this.#signal, timeout });
    try {
      return new Uint8Array(await response.arrayBuffer());
    } catch (error) {
      throw new ConnectionError(`${name} of '${this.#model}' did not come whole`, error);
    }
  }

  async #kept(key: string): Promise<Uint8Array | undefined> {
    return this.#cache?.get(this.#beginning + key).catch(() => undefined);
  }

  /** A cache that is full costs a fetch the next time, not the model. */
  async #keep(key: string, bytes: Uint8Array): Promise<void> {
    this.#used.push(this.#beginning + key);
    await this.#cache?.put(this.#beginning + key, bytes).catch(() => undefined);
  }
}

function parsed(bytes: Uint8Array): ModelManifest {
  return JSON.parse(new TextDecoder().decode(bytes)) as ModelManifest;
}

/** Whether these are the bytes of a hash; true where the platform has none, as in pages that came by http. */
async function isOf(bytes: Uint8Array, sha256: string): Promise<boolean> {
  const subtle = (globalThis.crypto as Crypto | undefined)?.subtle;
  if (!subtle) return true;
  const digest = new Uint8Array(await subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>));
  return [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('') === sha256;
}
