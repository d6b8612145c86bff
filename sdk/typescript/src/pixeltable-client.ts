import { AkidbClient, type ClientOptions } from './client.js';
import { ConfigurationError } from './errors.js';
import type { AnyTables } from './schema.js';
import type { SqlQuery } from './sql.js';
import type { Table } from './table.js';

/** The client by the name that users of Pixeltable know. */
export class PixeltableClient<Tables = AnyTables> extends AkidbClient<Tables> {}

/** How the native client is set up. */
export type InitConfig = ClientOptions;

/** Queries on tables by the names that users of Pixeltable know. Call {@link init} first. */
export class PixeltableNative<Tables = AnyTables> {
  #client: AkidbClient<Tables> | undefined;

  /** Sets the client up. Nothing is sent. */
  async init(config: InitConfig = {}): Promise<void> {
    this.#client = new AkidbClient<Tables>(config);
  }

  /** A table, without asking the server. */
  getTable<Name extends keyof Tables & string>(name: Name): Table<Tables[Name]> {
    return this.client.table(name);
  }

  /** A select over tables; what stands in `${}` is bound as a value. It runs when it is awaited. */
  readonly sql = <R = any>(strings: TemplateStringsArray, ...values: unknown[]): SqlQuery<R> =>
    this.client.sql<R>(strings, ...values);

  /** The client that does the work. */
  get client(): AkidbClient<Tables> {
    if (!this.#client) throw new ConfigurationError('call init() first, and await it');
    return this.#client;
  }
}
