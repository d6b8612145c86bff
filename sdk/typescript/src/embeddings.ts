import type { Context, Wire } from './context.js';
import { base64Of, vectorOf } from './json.js';
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

/** Text to vectors. */
export class EmbeddingsClient {
  readonly #context: Context;

  /** @internal */
  constructor(context: Context) {
    this.#context = context;
  }

  /** The vector of a text, or the vectors of several in their order. A text that was embedded before costs no request. */
  generate(text: string, model?: string, options?: GenerateOptions): Promise<Float32Array>;
  generate(texts: readonly string[], model?: string, options?: GenerateOptions): Promise<Float32Array[]>;
  generate(text: string | readonly string[], model?: string, options?: GenerateOptions): Promise<Float32Array | Float32Array[]> {
    return typeof text === 'string'
      ? this.generateEmbedding(text, model, options)
      : this.generateEmbeddings(text, model, options);
  }

  /** The vector of a text. */
  async generateEmbedding(text: string, model?: string, options: GenerateOptions = {}): Promise<Float32Array> {
    const { signal, cache } = options;
    const { vectors } = this.#context;
    if (cache === false) return (await this.#generate([text], model, options))[0]!;
    // without the signal: others may wait for the same vector
    const alone = { ...options, signal: undefined };
    const make = async (): Promise<QueryVector> => ({ vector: base64Of((await this.#generate([text], model, alone))[0]!) });
    return vectorOf((await untilAborted(vectors.get(key(text, model, options), make), signal)).vector);
  }

  /** The vectors of texts in their order, however many there are. */
  async generateEmbeddings(texts: readonly string[], model?: string, options: GenerateOptions = {}): Promise<Float32Array[]> {
    const { vectors } = this.#context;
    const cache = options.cache !== false;
    const found = await Promise.all(texts.map((text) => (cache ? vectors.find(key(text, model, options)) : undefined)));
    const missing = [...new Set(texts.filter((_text, index) => !found[index]))];
    const made = new Map<string, Float32Array>();
    const batches = Array.from({ length: Math.ceil(missing.length / MOST_GENERATED) }, (_batch, index) =>
      missing.slice(index * MOST_GENERATED, (index + 1) * MOST_GENERATED),
    );
    await Promise.all(
      batches.map(async (batch) => {
        const its = await this.#generate(batch, model, options);
        batch.forEach((text, index) => {
          made.set(text, its[index]!);
          if (cache) vectors.put(key(text, model, options), { vector: base64Of(its[index]!) });
        });
      }),
    );
    return texts.map((text, index) => (found[index] ? vectorOf(found[index].vector) : made.get(text)!.slice()));
  }

  /** The vectors of texts with all that models differ in; nothing of it is kept here. */
  async embed(
    texts: readonly string[],
    { inputType, model, pooling, normalize, dimensions, truncate, ...options }: EmbedOptions = {},
  ): Promise<Embedded> {
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
      { method: 'GET', path: '/api/v1/embeddings/models', repeatable: true },
      options,
    );
    return models;
  }

  /** Has a model loaded before it is first needed. It is loaded when this ends. */
  async preloadModel(modelId: string, options?: RequestOptions): Promise<void> {
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
  ): Promise<Float32Array[]> {
    const { embeddings } = await this.#context.transport.json<Wire['GenerateResponse']>(
      {
        method: 'POST',
        path: '/api/v1/embeddings/generate',
        body: { text, model, options: { normalize, cache }, encoding_format: 'base64' },
        repeatable: true,
      },
      options,
    );
    return (embeddings as string[]).map(vectorOf);
  }
}

function key(text: string, model: string | undefined, { normalize }: GenerateOptions): string {
  return `text\n${model ?? ''}\n${normalize ?? true}\n${text}`;
}
