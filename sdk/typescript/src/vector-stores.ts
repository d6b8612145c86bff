import { ConfigurationError } from './errors.js';
import type { QueryVector, VectorStore } from './query-vectors.js';

type Entries = readonly (readonly [key: string, vector: QueryVector])[];

/** Keeps vectors of queries in a file; in Node, Deno and Bun. */
export function fileVectorStore(file: string): VectorStore {
  const fs = (globalThis as { process?: NodeJS.Process }).process?.getBuiltinModule?.('node:fs/promises');
  if (!fs) throw new ConfigurationError('vectors are kept in a file in Node 20.16 or newer, Deno and Bun only');
  return {
    load: async () => JSON.parse(await fs.readFile(file, 'utf8')) as Entries,
    save: async (entries) => {
      // beside its final name, so that nobody reads half of it
      const making = `${file}.${Math.random().toString(36).slice(2)}`;
      await fs.writeFile(making, JSON.stringify([...entries]));
      await fs.rename(making, file);
    },
  };
}

/** Keeps vectors of queries in the browser's IndexedDB. */
export function indexedDbVectorStore(name = 'akidb-query-vectors'): VectorStore {
  const STORE = 'vectors';
  const run = <T>(mode: IDBTransactionMode, act: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> =>
    new Promise((resolve, reject) => {
      const open = indexedDB.open(name, 1);
      open.onupgradeneeded = () => open.result.createObjectStore(STORE);
      open.onerror = () => reject(open.error);
      open.onsuccess = () => {
        const transaction = open.result.transaction(STORE, mode);
        const request = act(transaction.objectStore(STORE));
        transaction.oncomplete = () => {
          open.result.close();
          resolve(request.result);
        };
        transaction.onabort = () => {
          open.result.close();
          reject(transaction.error);
        };
      };
    });
  return {
    load: async () => (await run<Entries | undefined>('readonly', (store) => store.get('all'))) ?? [],
    save: async (entries) => void (await run('readwrite', (store) => store.put([...entries], 'all'))),
  };
}
