
/**
 * Keeps a replica in an SQLite file: by `node:sqlite` of Node 22.13 and newer, else by `better-sqlite3`, which the program then has to
 * have installed.
 *
 * @throws ConfigurationError if there is neither, or another process has the file open
 */
declare function sqliteStore(file: string): Promise<SyncStore>;
/** Keeps a replica in the browser's IndexedDB, which all tabs of an origin share. */
declare function indexedDbStore(name: string): Promise<SyncStore>;
export { type Kept, type KeptRow, type Live, type Mutation, type MutationArgs, type Refused, type StoreChange, SyncEngine, type SyncEvents, type SyncOptions, type SyncStatus, type SyncStore, type TableSubscription, indexedDbStore, memoryStore, sqliteStore };