import type { KeptRow, Mutation, StoreChange, SyncStore } from './store.js';

const ROWS = 'rows';
const OUTBOX = 'outbox';
const META = 'meta';

/** Keeps a replica in the browser's IndexedDB, which all tabs of an origin share. */
export async function indexedDbStore(name: string): Promise<SyncStore> {
  const database = await opened(name);
  // durable: the outbox must outlive a machine that loses its power
  const run = <T>(stores: string[], act: (transaction: IDBTransaction, give: (value: T) => void) => void): Promise<T> =>
    new Promise((resolve, reject) => {
      const transaction = database.transaction(stores, 'readwrite', { durability: 'strict' });
      let given: T;
      transaction.oncomplete = () => resolve(given);
      transaction.onabort = () => reject(transaction.error ?? new Error('the browser ended the transaction'));
      act(transaction, (value) => (given = value));
    });
  const read = <T>(store: string, ask: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> =>
    new Promise((resolve, reject) => {
      const request = ask(database.transaction(store, 'readonly').objectStore(store));
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  const outbox = (): Promise<Mutation[]> => read(OUTBOX, (store) => store.getAll() as IDBRequest<Mutation[]>);

  function change(transaction: IDBTransaction, { state, clear, put, del, done, outbox }: StoreChange): void {
    const rows = transaction.objectStore(ROWS);
    const mutations = transaction.objectStore(OUTBOX);
    const meta = transaction.objectStore(META);
    for (const prefix of clear ?? []) rows.delete(prefix === '' ? IDBKeyRange.lowerBound('') : beginning(prefix));
    for (const [key, json] of put ?? []) rows.put(json, key);
    for (const key of del ?? []) rows.delete(key);
    if (state !== undefined) meta.put(state, 'state');
    if (done !== undefined) mutations.delete(IDBKeyRange.upperBound(done));
    if (outbox) {
      mutations.clear();
      for (const mutation of outbox) mutations.put(mutation, mutation.id);
      meta.put(outbox.at(-1)?.id ?? 0, 'last');
    }
  }

  return {
    load: async () => {
      const [state, keys, values, mutations] = await Promise.all([
        read(META, (store) => store.get('state') as IDBRequest<string | undefined>),
        read(ROWS, (store) => store.getAllKeys()),
        read(ROWS, (store) => store.getAll() as IDBRequest<string[]>),
        outbox(),
      ]);
      return { state, rows: keys.map((key, index): KeptRow => [key as string, values[index]!]), outbox: mutations };
    },
    write: (its) => run<void>([ROWS, OUTBOX, META], (transaction) => change(transaction, its)),
    append: (mutations) =>
      run([OUTBOX, META], (transaction, give) => {
        const meta = transaction.objectStore(META);
        const asked = meta.get('last') as IDBRequest<number | undefined>;
        asked.onsuccess = () => {
          let last = asked.result ?? 0;
          const numbered = mutations.map((mutation) => ({ ...mutation, id: ++last }));
          for (const mutation of numbered) transaction.objectStore(OUTBOX).put(mutation, mutation.id);
          meta.put(last, 'last');
          give(numbered);
        };
      }),
    outbox,
    size: async () => (await navigator.storage?.estimate?.())?.usage,
    close: async () => database.close(),
  };
}

const beginning = (prefix: string): IDBKeyRange => IDBKeyRange.bound(prefix, `${prefix}\uffff`);

function opened(name: string): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(name, 1);
    request.onupgradeneeded = () => {
      for (const store of [ROWS, OUTBOX, META]) request.result.createObjectStore(store);
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
    request.onblocked = () => reject(new Error('another version of this store is open'));
  });
}
