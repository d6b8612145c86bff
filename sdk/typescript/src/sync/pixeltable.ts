import type { AkidbClient } from '../client.js';
import type { AnyRow } from '../schema.js';
import type { SearchResults } from '../similarity.js';

/** What a {@link PixeltableSyncEngine} searches. */
export interface PixeltableSyncOptions {
  /** A client that was made with `syncEngine`. */
  client: AkidbClient;
  table: string;
  /** An embedding column. */
  column: string;
  /** At most so many rows, 10 by default. */
  limit?: number | undefined;
}

/** Searches of one column of a replica, by the name that users of Pixeltable know. */
export class PixeltableSyncEngine {
  readonly #options: PixeltableSyncOptions;

  constructor(options: PixeltableSyncOptions) {
    this.#options = options;
  }

  /** The rows that are most similar to a text, best first; the first search ends when the table is here. */
  async search(query: string): Promise<SearchResults<AnyRow>> {
    const { client, table, column, limit } = this.#options;
    await (await client.sync).subscribe(table);
    return client.search(table, query, { column, limit, includeScore: true });
  }
}
