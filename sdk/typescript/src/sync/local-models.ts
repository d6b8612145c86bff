import { AkidbError } from '../errors.js';
import type { LocalModel, ModelServer, OpenModel } from './local-model.js';

/** What a text is: searched with, stored, or neither. */
export type InputType = 'query' | 'document' | 'none';

/** A model that is ready, or why it is not and when it is tried again. */
interface Attempt {
  readonly opened: Promise<OpenModel>;
  failures: number;
  /** Milliseconds since 1970; undefined while it is ready or on its way. */
  again?: number;
}

const MOST_KEPT = 1000;

/** The models that the program gave. One that could not be opened is tried again after a while, if that may help. */
export class LocalModels {
  readonly #models: readonly LocalModel[];
  readonly #server: ModelServer;
  readonly #attempts = new Map<LocalModel, Attempt>();
  readonly #stop = new AbortController();
  /** Vectors of texts lately embedded. They are not the server's to the last digit, so nobody keeps them for longer. */
  readonly #vectors = new Map<string, Promise<Float32Array | undefined>>();

  constructor(models: LocalModel | readonly LocalModel[] | undefined, server: ModelServer) {
    this.#models = models === undefined ? [] : 'open' in models ? [models] : models;
    this.#server = server;
  }

  get some(): boolean {
    return this.#models.length > 0;
  }

  /**
   * Ends when all can embed; fails with why one cannot.
   *
   * @param now whether those that failed are tried again at once
   */
  async ready(now = false): Promise<void> {
    await Promise.all(this.#models.map((model) => this.#open(model, now)));
  }

  /**
   * The vector of a text by a model of the server.
   *
   * @param as undefined for what searches are by default
   * @returns undefined if the program gave no such model, or it does not work
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
    const made = model.embed(whole).catch(() => {
      this.#vectors.delete(key);
      return undefined;
    });
    this.#vectors.set(key, made);
    for (const oldest of this.#vectors.keys()) {
      if (this.#vectors.size <= MOST_KEPT) break;
      this.#vectors.delete(oldest);
    }
    return made;
  }

  async close(): Promise<void> {
    this.#stop.abort();
    const attempts = [...this.#attempts.values()];
    this.#attempts.clear();
    for (const { opened } of attempts) await opened.then((its) => its.close()).catch(() => undefined);
  }

  async #find(id: string): Promise<OpenModel | undefined> {
    const named = this.#models.filter(({ model }) => model === id);
    for (const model of named.length > 0 ? named : this.#models) {
      const opened = await this.#open(model).catch(() => undefined);
      if (opened?.manifest.model === id) return opened;
    }
    return undefined;
  }

  #open(model: LocalModel, now = false): Promise<OpenModel> {
    const before = this.#attempts.get(model);
    if (before && (before.again === undefined || (!now && Date.now() < before.again))) return before.opened;
    const attempt: Attempt = {
      opened: model.open(this.#server, this.#stop.signal),
      failures: before?.failures ?? 0,
    };
    this.#attempts.set(model, attempt);
    attempt.opened.catch((error: unknown) => {
      const pause = Math.min(60_000, 250 * 2 ** attempt.failures++);
      attempt.again = error instanceof AkidbError && error.retryable ? Date.now() + pause : Infinity;
    });
    return attempt.opened;
  }
}
