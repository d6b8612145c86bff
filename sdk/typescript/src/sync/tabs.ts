import type { Wire } from '../context.js';
import type { Subscription } from './replica.js';
import type { Mutation, StoreChange } from './store.js';

/** `offline`: the server was not reached last; `error`: it or the store refused. */
export type SyncState = 'starting' | 'syncing' | 'synced' | 'offline' | 'error' | 'closed';

/** What only the one that leads does. */
export type Ask =
  | { readonly subscribe: Subscription; readonly description: Wire['Table'] }
  | { readonly unsubscribe: string }
  | { readonly dismiss: readonly number[] };

/** What programs that share a replica tell one another. */
export type Message =
  /** Something is to be sent, or somebody wants to know what is new. */
  | { readonly type: 'wake' }
  /** What one of them wrote. */
  | { readonly type: 'written'; readonly mutations: readonly Mutation[] }
  /** What the one that leads took from the server, and that all is well. */
  | { readonly type: 'applied'; readonly change: StoreChange }
  | { readonly type: 'ask'; readonly ask: Ask }
  /** How the one that leads gets on. */
  | { readonly type: 'phase'; readonly state: SyncState; readonly error: string | undefined }
  /** The store is another one than before. */
  | { readonly type: 'reload' };

/** The programs that share a replica: one of them leads, which is the only one that speaks with the server. */
export interface Tabs {
  /** Runs something while this one leads; the signal ends it. */
  lead(run: (signal: AbortSignal) => Promise<void>): void;
  tell(message: Message): void;
  listen(listener: (message: Message) => void): void;
  close(): void;
}

/** A program that shares its replica with nobody. */
export function alone(): Tabs {
  const stop = new AbortController();
  return {
    lead: (run) => void run(stop.signal),
    tell: () => undefined,
    listen: () => undefined,
    close: () => stop.abort(),
  };
}

/**
 * The tabs and workers of an origin, by Web Locks: the lock's holder leads, and when it ends, however it ends, the browser gives the
 * lock to the next.
 */
export function sharedTabs(name: string): Tabs {
  const channel = new BroadcastChannel(name);
  const stop = new AbortController();
  return {
    lead: (run) => {
      navigator.locks.request(name, { signal: stop.signal }, () => run(stop.signal)).catch(() => undefined); // closed before it came to lead
    },
    tell: (message) => {
      if (!stop.signal.aborted) channel.postMessage(message);
    },
    listen: (listener) => {
      channel.onmessage = ({ data }) => listener(data as Message);
    },
    close: () => {
      stop.abort();
      channel.close();
    },
  };
}
