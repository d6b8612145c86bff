import { ConfigurationError } from '../../errors.js';

/** Keeps the files of models beyond the life of the program. */
export interface ModelCache {
  /** The file; undefined if it is not kept. */
  get(name: string): Promise<Uint8Array | undefined>;
  put(name: string, bytes: Uint8Array): Promise<void>;
  /** Forgets all files whose names begin so, but these. */
  keep(beginning: string, names: readonly string[]): Promise<void>;
}

/** Keeps files of models in the browser's Cache Storage, which pages have that came by https or from this machine. */
export function browserModelCache(name = 'akidb-models'): ModelCache {
  if (!('caches' in globalThis)) {
    throw new ConfigurationError('this browser has no Cache Storage; it has one in pages that came by https or from localhost');
  }
  const address = (file: string): string => `https://akidb.invalid/${encodeURIComponent(file)}`;
  const open = (): Promise<Cache> => caches.open(name);
  return {
    get: async (file) => {
      const kept = await (await open()).match(address(file));
      return kept && new Uint8Array(await kept.arrayBuffer());
    },
    put: async (file, bytes) => {
      await (await open()).put(address(file), new Response(bytes as Uint8Array<ArrayBuffer>));
    },
    keep: async (beginning, files) => {
      const cache = await open();
      const kept = new Set(files.map(address));
      for (const { url } of await cache.keys()) {
        if (url.startsWith(address(beginning)) && !kept.has(url)) await cache.delete(url);
      }
    },
  };
}

/** Keeps files of models in a folder; in Node, Deno and Bun. */
export function folderModelCache(folder: string): ModelCache {
  const process = (globalThis as { process?: NodeJS.Process }).process;
  // not imports: bundlers for browsers would look for them
  const builtin = process?.getBuiltinModule?.bind(process);
  if (!builtin) throw new ConfigurationError('models are kept in a folder in Node 20.16 or newer, Deno and Bun only');
  const fs = builtin('node:fs/promises');
  const path = (file: string): string => builtin('node:path').join(folder, encodeURIComponent(file));
  return {
    get: async (file) => {
      try {
        return new Uint8Array(await fs.readFile(path(file)));
      } catch {
        return undefined;
      }
    },
    put: async (file, bytes) => {
      await fs.mkdir(folder, { recursive: true });
      // beside its final name, so that nobody reads half of it
      const making = `${path(file)}.${Math.random().toString(36).slice(2)}.tmp`;
      try {
        await fs.writeFile(making, bytes);
        await fs.rename(making, path(file));
      } finally {
        await fs.rm(making, { force: true });
      }
    },
    keep: async (beginning, files) => {
      const kept = new Set(files.map((file) => encodeURIComponent(file)));
      for (const file of await fs.readdir(folder).catch(() => [])) {
        if (file.startsWith(encodeURIComponent(beginning)) && !kept.has(file))
          await fs.rm(path(decodeURIComponent(file)), { force: true });
      }
    },
  };
}
