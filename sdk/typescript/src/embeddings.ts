import { refuse, requireEach, requireText } from './arguments.js';
import type { Context, Wire } from './context.js';
import { ProtocolError } from './errors.js';
import { vectorOf } from './json.js';
import type { QueryVector } from './query-vectors.js';
import { untilAborted, type RequestOptions } from './transport.js';

/** A model that embeds. */
export interface EmbeddingModel {
  id: string;
  dimensions: number;
  type: 'sentence' | 'document';
  /** Whether its files are on the server's machine. */
  cached: boolean;
}

/** How texts are embedded. */
export interface GenerateOptions extends RequestOptions {
  /** Whether vectors have the L2 norm 1; true by default. */
  normalize?: boolean | undefined;
  /** Whether vectors are looked up and kept, here and at the server; true by default. */
  cache?: boolean | undefined;
}

/** How texts are embedded where models differ. */
export interface EmbedOptions extends RequestOptions {
  /** Id or alias of a model; the server's default if left out. */
  model?: string | undefined;
  pooling?: 'mean' | 'cls' | 'last' | undefined;
  normalize?: boolean | undefined;
  /** Cuts vectors to this length; only of models that support it. */
  dimensions?: number | undefined;
  /** Adds the model's own prompt of queries or documents. */
  inputType?: 'query' | 'document' | undefined;
  /** Whether longer texts are cut to what the model takes; false refuses them. */
  truncate?: boolean | undefined;
}

/** Vectors, and what making them took. */
export interface Embedded {
  embeddings: Float32Array[];
  model: string;
  dimension: number;
  usage: { totalTokens: number; durationMs: number };
  /** Indexes of the texts that were cut. */
  truncated: number[];
}

const MOST_GENERATED = 100;
const MOST_EMBEDDED = 32;

/** For so many milliseconds after an answer, a model is taken for the same. */
const SAME = 60_000;

/** Text to vectors. */
export class EmbeddingsClient {
  readonly #context: Context;
  /** What answers said last of each model that was asked for: a model of the same name may be another by now. */
  readonly #models = new Map<string, { fingerprint: string | undefined; since: number }>();

  /** @internal */
  constructor(context: Context) {
    this.#context = context;
  }

  /** The vector of a text, or the vectors of several in their order. A text that was embedded before costs no request. */
  generate(text: string, model?: string, options?: GenerateOptions): Promise<Float32Array>;
  generate(texts: readonly string[], model?: string, options?: GenerateOptions): Promise<Float32Array[]>;
  async generate(
    text: string | readonly string[],
    model?: string,
    options?: GenerateOptions,
  ): Promise<Float32Array | Float32Array[]> {
    return typeof text === 'string'
      ? this.generateEmbedding(text, model, options)
      : this.generateEmbeddings(text, model, options);
  }

  /** The vector of a text. */
  async generateEmbedding(text: string, model?: string, options: GenerateOptions = {}): Promise<Float32Array> {
    requireText(text, 'text');
    const { signal, cache } = options;
    const { vectors } = this.#context;
    if (cache === false) return vectorOf((await this.#generate([text], model, options))[0]!.vector);
    // without the signal: others may wait for the same vector
    const alone = { ...options, signal: undefined };
    const make = async (): Promise<QueryVector> => (await this.#generate([text], model, alone))[0]!;
    const vector = await untilAborted(vectors.get(key(text, model, options), make, this.#fits(model)), signal);
    return vectorOf(vector.vector);
  }

  /** The vectors of texts in their order, however many there are. */
  async generateEmbeddings(texts: readonly string[], model?: string, options: GenerateOptions = {}): Promise<Float32Array[]> {
    requireEach(texts, 'texts', requireText);
    const { vectors } = this.#context;
    const cache = options.cache !== false;
    if (cache && !this.#isKnown(model)) {
      // one is asked for, which tells the model; the others are of it, or are not
      const kept = await vectors.firstKept(texts, (text) => key(text, model, options));
      if (kept !== undefined) await this.generateEmbedding(kept, model, options);
    }
    const fits = this.#fits(model);
    const found = await Promise.all(texts.map((text) => (cache ? vectors.find(key(text, model, options), fits) : undefined)));
    const missing = [...new Set(texts.filter((_text, index) => !found[index]))];
    const made = new Map<string, QueryVector>();
    const batches = Array.from({ length: Math.ceil(missing.length / MOST_GENERATED) }, (_batch, index) =>
      missing.slice(index * MOST_GENERATED, (index + 1) * MOST_GENERATED),
    );
    await Promise.all(
      batches.map(async (batch) => {
        const its = await this.#generate(batch, model, options);
        batch.forEach((text, index) => {
          made.set(text, its[index]!);
          if (cache) vectors.put(key(text, model, options), its[index]!);
        });
      }),
    );
    return texts.map((text, index) => vectorOf((found[index] ?? made.get(text)!).vector));
  }

  /** The vectors of texts with all that models differ in; nothing of it is kept here. */
  async embed(
    texts: readonly string[],
    { inputType, model, pooling, normalize, dimensions, truncate, ...options }: EmbedOptions = {},
  ): Promise<Embedded> {
    requireEach(texts, 'texts', (text, field) => typeof text === 'string' || refuse(field, 'a string', text));
    const all: Embedded = {
      embeddings: [],
      model: model ?? '',
      dimension: 0,
      usage: { totalTokens: 0, durationMs: 0 },
      truncated: [],
    };
    for (let start = 0; start < texts.length; start += MOST_EMBEDDED) {
      const answer = await this.#context.transport.json<Wire['EmbedResponse']>(
        {
          method: 'POST',
          path: '/api/v1/embed',
          body: {
            texts: texts.slice(start, start + MOST_EMBEDDED),
            model,
            pooling,
            normalize,
            dimensions,
            input_type: inputType,
            truncate,
            encoding_format: 'base64',
          },
          repeatable: true,
          answer: { embeddings: [''], model: '', dimension: 0, usage: { total_tokens: 0, duration_ms: 0 } },
        },
        options,
      );
      for (const vector of answer.embeddings) all.embeddings.push(vectorOf(vector as string));
      all.model = answer.model;
      all.dimension = answer.dimension;
      all.usage.totalTokens += answer.usage.total_tokens;
      all.usage.durationMs += answer.usage.duration_ms;
      all.truncated.push(...(answer.truncated ?? []).map((index) => start + index));
    }
    return all;
  }

  /** The models, the default first. */
  async listModels(options?: RequestOptions): Promise<EmbeddingModel[]> {
    const { models } = await this.#context.transport.json<Wire['EmbeddingModels']>(
      { method: 'GET', path: '/api/v1/embeddings/models', repeatable: true, answer: { models: [{ id: '', dimensions: 0 }] } },
      options,
    );
    return models;
  }

  /** Has a model loaded before it is first needed. It is loaded when this ends. */
  async preloadModel(modelId: string, options?: RequestOptions): Promise<void> {
    requireText(modelId, 'modelId');
    await this.#context.transport.json(
      { method: 'POST', path: '/api/v1/embeddings/models/preload', body: { model: modelId }, repeatable: true },
      options,
    );
  }

  /** Forgets the vectors that this client keeps; with `server`, those that the server keeps too. */
  async clearCache({ server = false, ...options }: RequestOptions & { server?: boolean } = {}): Promise<void> {
    await this.#context.vectors.clear();
    if (server) {
      await this.#context.transport.json({ method: 'DELETE', path: '/api/v1/embeddings/cache', repeatable: true }, options);
    }
  }

  async #generate(
    text: readonly string[],
    model: string | undefined,
    { normalize, cache, ...options }: GenerateOptions,
  ): Promise<QueryVector[]> {
    if (model !== undefined) requireText(model, 'model');
    const { embeddings, model_fingerprint: fingerprint } = await this.#context.transport.json<Wire['GenerateResponse']>(
      {
        method: 'POST',
        path: '/api/v1/embeddings/generate',
        body: { text, model, options: { normalize, cache }, encoding_format: 'base64' },
        repeatable: true,
        answer: { embeddings: [''] },
      },
      options,
    );
    if (embeddings.length !== text.length) {
      throw new ProtocolError(`${text.length} texts were sent, and ${embeddings.length} vectors came`);
    }
    this.#models.set(model ?? '', { fingerprint, since: Date.now() });
    return (embeddings as string[]).map((vector) => ({ vector, fingerprint }));
  }

  /** Whether a model was heard of lately. */
  #isKnown(model = ''): boolean {
    return Date.now() - (this.#models.get(model)?.since ?? -Infinity) < SAME;
  }

  /** Whether a vector that is kept was made by a model, as far as that is known. */
  #fits(model = ''): (kept: QueryVector) => boolean {
    return ({ fingerprint }) => this.#isKnown(model) && fingerprint === this.#models.get(model)!.fingerprint;
  }
}

function key(text: string, model: string | undefined, { normalize }: GenerateOptions): string {
  return `text\n${model ?? ''}\n${normalize ?? true}\n${text}`;
}
