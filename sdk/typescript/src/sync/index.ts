export {
  StorageError,
  SyncEngine,
  type Refused,
  type SyncEvents,
  type SyncOptions,
  type SyncStatus,
  type TableSubscription,
} from './engine.js';
export {
  memoryStore,
  type Kept,
  type KeptRow,
  type Mutation,
  type MutationArgs,
  type StoreChange,
  type SyncStore,
} from './store.js';
export { sqliteStore } from './sqlite-store.js';
export { indexedDbStore } from './indexeddb-store.js';
export { PixeltableSyncEngine, type PixeltableSyncOptions } from './pixeltable.js';
export type { Live } from '../live.js';
export type { LocalModel, ModelManifest, ModelServer, ModelVariant, OpenModel } from './local-model.js';
export type { SyncState } from './tabs.js';
