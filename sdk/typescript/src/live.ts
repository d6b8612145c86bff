/** The results of a query as they change; made for React's `useSyncExternalStore` and for `for await`. */
export interface Live<R> extends AsyncIterable<R> {
  /** Calls a listener at each change; gives what ends that. The results are followed as long as there are listeners. */
  subscribe(listener: () => void): () => void;
  /** The newest results; undefined until there are any. */
  getSnapshot(): R | undefined;
  /** Why there are no newer results; undefined while there is nothing in the way. */
  readonly error: Error | undefined;
}

/**
 * What the server is asked to follow.
 */
export interface LiveRequest {
  table: string;
  kind: 'query' | 'similarity';
  body: object;
  /** Whether vectors come as base64. */
  encoded: boolean;
}

/**
 * Takes what is new, until it is ended.
 */
export interface Follower<R> {
  show(results: R): void;
  /** @param over whether nothing comes any more */
  fail(error: Error, over: boolean): void;
}

/**
 * Results that somebody follows for it, while it has listeners.
 */
export class LiveResults<R> implements Live<R> {
  readonly #begin: (follower: Follower<R>) => () => void;
  readonly #listeners = new Set<() => void>();
  #snapshot: R | undefined;
  #error: Error | undefined;
  #over = false;
  #end: (() => void) | undefined;

  constructor(begin: (follower: Follower<R>) => () => void) {
    this.#begin = begin;
  }

  get error(): Error | undefined {
    return this.#error;
  }

  readonly getSnapshot = (): R | undefined => this.#snapshot;

  readonly subscribe = (listener: () => void): (() => void) => {
    const its = (): void => listener(); // one that comes twice counts twice
    this.#listeners.add(its);
    if (this.#listeners.size === 1) {
      this.#over = false;
      let current = true;
      const tell = (results: R | undefined, error: Error | undefined, over: boolean): void => {
        if (!current) return;
        this.#snapshot = results;
        this.#error = error;
        this.#over = over;
        for (const each of [...this.#listeners]) each();
      };
      const end = this.#begin({
        show: (results) => tell(results, undefined, false),
        fail: (error, over) => tell(this.#snapshot, error, over),
      });
      this.#end = () => {
        current = false;
        end();
      };
    }
    return () => {
      if (!this.#listeners.delete(its) || this.#listeners.size > 0) return;
      this.#end?.();
      this.#end = undefined;
    };
  };

  /** Each new results, the newest only if they come faster than they are taken. Leaving the loop ends it. */
  async *[Symbol.asyncIterator](): AsyncGenerator<R, void, undefined> {
    let news = false;
    let wake: (() => void) | undefined;
    const end = this.subscribe(() => {
      news = true;
      wake?.();
    });
    try {
      for (let shown: R | undefined; ;) {
        if (!news) await new Promise<void>((resolve) => (wake = resolve));
        news = false;
        if (this.#over) throw this.#error!;
        if (this.#snapshot === undefined || this.#snapshot === shown) continue;
        yield (shown = this.#snapshot);
      }
    } finally {
      end();
    }
  }
}

/**
 * Follows what is found only later.
 */
export function followLater<R>(later: Promise<(follower: Follower<R>) => () => void>, follower: Follower<R>): () => void {
  let end: (() => void) | undefined;
  let ended = false;
  later.then(
    (begin) => {
      if (!ended) end = begin(follower);
    },
    (error: Error) => follower.fail(error, true),
  );
  return () => {
    ended = true;
    end?.();
  };
}
