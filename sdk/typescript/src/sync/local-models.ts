import type { LocalModel, ModelServer, OpenModel } from './local-model.js';

/** What a text is: searched with, stored, or neither. */
export type InputType = 'query' | 'document' | 'none';

const MOST_KEPT = 1000;

/** The models that the program gave, opened when first needed; one that could not be opened is tried again the next time. */
export class LocalModels {
  readonly #models: readonly LocalModel[];
  readonly #server: ModelServer;
  readonly #opened = new Map<LocalModel, Promise<OpenModel>>();
  readonly #stop = new AbortController();
  /** Vectors of texts lately embedded. They are not the server's to the last digit, so nobody keeps them for longer. */
  readonly #vectors = new Map<string, Promise<Float32Array>>();

  constructor(models: LocalModel | readonly LocalModel[] | undefined, server: ModelServer) {
    this.#models = models === undefined ? [] : 'open' in models ? [models] : models;
    this.#server = server;
  }

  get some(): boolean {
    return this.#models.length > 0;
  }

  /** Ends when all can embed; fails with why one cannot. */
  async ready(): Promise<void> {
    await Promise.all(this.#models.map((model) => this.#open(model)));
  }

  /**
   * The vector of a text by a model of the server.
   *
   * @param as undefined for what searches are by default
   * @returns undefined if the program gave no such model, or it cannot be opened
   */
  async embed(id: string, dimensions: number, text: string, as: InputType | undefined): Promise<Float32Array | undefined> {
    const model = await this.#find(id);
    if (model?.manifest.dimensions !== dimensions) return undefined;
    const { prompts, fingerprint } = model.manifest;
    const type = as ?? (prompts.search ? 'query' : 'none');
    const whole = (type === 'none' ? '' : prompts[type]) + text;
    const key = `${fingerprint}\n${whole}`;
    const known = this.#vectors.get(key);
    if (known) return known;
    const made = model.embed(whole);
    this.#vectors.set(key, made);
    made.catch(() => this.#vectors.delete(key));
    for (const oldest of this.#vectors.keys()) {
      if (this.#vectors.size <= MOST_KEPT) break;
      this.#vectors.delete(oldest);
    }
    return made;
  }

  async close(): Promise<void> {
    this.#stop.abort();
    const opened = [...this.#opened.values()];
    this.#opened.clear();
    for (const model of opened) await model.then((its) => its.close()).catch(() => undefined);
  }

  async #find(id: string): Promise<OpenModel | undefined> {
    const named = this.#models.filter(({ model }) => model === id);
    for (const model of named.length > 0 ? named : this.#models) {
      const opened = await this.#open(model).catch(() => undefined);
      if (opened?.manifest.model === id) return opened;
    }
    return undefined;
  }

  #open(model: LocalModel): Promise<OpenModel> {
    const before = this.#opened.get(model);
    if (before) return before;
    const opened = model.open(this.#server, this.#stop.signal);
    this.#opened.set(model, opened);
    opened.catch(() => {
      if (this.#opened.get(model) === opened) this.#opened.delete(model);
    });
    return opened;
  }
}
