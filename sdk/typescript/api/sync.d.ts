
/**
 * Keeps a replica in an SQLite file: by `node:sqlite` of Node 22.13 and newer, else by `better-sqlite3`, which the program then has to
 * have installed.
 *
 * @throws ConfigurationError if there is neither, or another process has the file open
 */
declare function sqliteStore(file: string): Promise<SyncStore>;
/** Keeps a replica in the browser's IndexedDB, which all tabs of an origin share. */
declare function indexedDbStore(name: string): Promise<SyncStore>;
/** What a {@link PixeltableSyncEngine} searches. */
interface PixeltableSyncOptions {
  /** A client that was made with `syncEngine`. */
  client: AkidbClient;
  table: string;
  /** An embedding column. */
  column: string;
  /** At most so many rows, 10 by default. */
  limit?: number | undefined;
}
/** Searches of one column of a replica, by the name that users of Pixeltable know. */
declare class PixeltableSyncEngine {
  #private;
  constructor(options: PixeltableSyncOptions);
  /** The rows that are most similar to a text, best first; the first search ends when the table is here. */
  search(query: string): Promise<SearchResults<AnyRow>>;
}
export { type Kept, type KeptRow, type Live, type LocalModel, type ModelManifest, type ModelServer, type ModelVariant, type Mutation, type MutationArgs, type OpenModel, PixeltableSyncEngine, type PixeltableSyncOptions, type Refused, StorageError, type StoreChange, SyncEngine, type SyncEvents, type SyncOptions, type SyncState, type SyncStatus, type SyncStore, type TableSubscription, indexedDbStore, memoryStore, sqliteStore };