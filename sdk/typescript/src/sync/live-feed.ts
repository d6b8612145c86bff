import type { Context } from '../context.js';
import { ApiError, apiError, ConnectionError, ProtocolError } from '../errors.js';
import { decode, encode } from '../json.js';
import type { Follower, LiveRequest } from '../live.js';
import { sleep } from '../transport.js';
import { eventsOf } from './events.js';

interface Item {
  key: string;
  row: Record<string, unknown>;
}

type Message =
  | { type: 'result'; id: string; rows: Item[] }
  | { type: 'change'; id: string; del: string[]; put: (Item & { index: number })[] }
  | { type: 'error'; id?: string; code: string; detail: string; field?: string }
  | { type: 'drain' | 'end' | 'pong' | 'poke' };

/** A query that the server follows for somebody. */
interface Followed extends Follower<unknown[]> {
  readonly id: string;
  readonly request: LiveRequest;
  readonly stop: AbortController;
  items: Item[];
  /** What is being done with the messages that came, in their order. */
  done: Promise<void>;
}

const EVENTS = '/api/v1/sync/events';
const SOCKET = '/api/v1/sync/socket';
const STATUS: Record<string, number> = {
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  PAYLOAD_TOO_LARGE: 413,
  OVERLOADED: 429,
};

/**
 * Has the server follow queries: by one WebSocket for all of them where the platform has such, else by server-sent events, a request for
 * each. A connection that is lost is made again.
 */
export class LiveFeed {
  readonly #context: Context;
  readonly #followed = new Map<string, Followed>();
  #count = 0;
  #socket: WebSocket | undefined;
  #connecting: AbortController | undefined;

  constructor(context: Context) {
    this.#context = context;
  }

  /** Follows a query; gives what ends that. */
  follow(request: LiveRequest, follower: Follower<unknown[]>): () => void {
    const its: Followed = {
      ...follower,
      id: `q${++this.#count}`,
      request,
      stop: new AbortController(),
      items: [],
      done: Promise.resolve(),
    };
    this.#followed.set(its.id, its);
    const bySocket = typeof WebSocket === 'function' && !this.#context.transport.hasOwnFetch;
    if (!bySocket) void this.#listen(its);
    else if (this.#socket?.readyState === 1) this.#ask(its);
    else this.#connect();
    return () => {
      if (!this.#leave(its) || this.#socket?.readyState !== 1) return;
      this.#socket.send(encode({ type: 'end', id: its.id }));
    };
  }

  /** Ends all. */
  close(): void {
    for (const its of [...this.#followed.values()]) this.#leave(its);
  }

  #leave(its: Followed): boolean {
    its.stop.abort();
    const left = this.#followed.delete(its.id);
    if (this.#followed.size === 0) {
      this.#connecting?.abort();
      this.#connecting = undefined;
      this.#socket?.close();
      this.#socket = undefined;
    }
    return left;
  }

  /** Takes in a message; whether it was the last one. */
  #hear(its: Followed, message: Message): boolean {
    if (message.type === 'error') {
      const error = apiError({ ...message, status: STATUS[message.code] ?? 400 });
      if (error.retryable) {
        its.fail(error, false);
      } else {
        this.#leave(its);
        its.fail(error, true);
      }
      return true;
    }
    if (message.type !== 'result' && message.type !== 'change') return false;
    its.done = its.done
      .then(() => this.#take(its, message))
      .catch((error: unknown) => {
        this.#leave(its);
        its.fail(error instanceof Error ? error : new ProtocolError(String(error)), true);
      });
    return false;
  }

  async #take(its: Followed, message: Message & { type: 'result' | 'change' }): Promise<void> {
    const come = message.type === 'result' ? message.rows : message.put;
    const rows = come.map(({ row }) => (its.request.kind === 'similarity' ? (row['data'] as object) : row));
    await this.#context.catalog.revive(its.request.table, rows, its.request.encoded);
    if (its.stop.signal.aborted) return;
    for (const { row } of come) {
      if (its.request.kind !== 'similarity' || !('text_score' in row)) continue;
      row['textScore'] = row['text_score'];
      delete row['text_score'];
    }
    if (message.type === 'result') {
      its.items = message.rows;
    } else {
      const gone = new Set([...message.del, ...message.put.map(({ key }) => key)]);
      its.items = its.items.filter(({ key }) => !gone.has(key));
      for (const { index, key, row } of message.put) its.items.splice(index, 0, { key, row });
    }
    its.show(its.items.map(({ row }) => row));
  }

  #parse(text: string): Message {
    return decode(text, this.#context.transport.bigints) as Message;
  }

  // By events.

  async #listen(its: Followed): Promise<void> {
    const { transport } = this.#context;
    const { signal } = its.stop;
    for (let failures = 0; !signal.aborted; await sleep(backoff(failures++), signal).catch(() => undefined)) {
      try {
        const { id, request } = its;
        const queries = encodeURIComponent(encode([{ id, table: request.table, [request.kind]: request.body }]));
        const call = { method: 'GET', path: `${EVENTS}?queries=${queries}`, repeatable: true } as const;
        for await (const { event, data } of eventsOf(await transport.open(call, 'text/event-stream', signal))) {
          if (event === 'drain' || event === 'end' || this.#hear(its, this.#parse(data))) break;
          failures = 0;
        }
      } catch (error) {
        if (signal.aborted) return;
        const over = error instanceof ApiError && !error.retryable;
        if (over) this.#leave(its);
        its.fail(error as Error, over);
      }
    }
  }

  // By a socket.

  #ask({ id, request }: Followed): void {
    this.#socket?.send(encode({ type: 'query', id, table: request.table, [request.kind]: request.body }));
  }

  #connect(): void {
    if (this.#connecting) return;
    const stop = (this.#connecting = new AbortController());
    void (async () => {
      for (let failures = 0; !stop.signal.aborted; await sleep(backoff(failures++), stop.signal).catch(() => undefined)) {
        try {
          if (await this.#converse(stop.signal)) failures = 0;
        } catch (error) {
          if (stop.signal.aborted) return;
          for (const its of [...this.#followed.values()]) its.fail(error as Error, false);
        }
      }
    })();
  }

  /** Speaks with the server until the connection ends; whether there was one. */
  async #converse(signal: AbortSignal): Promise<boolean> {
    const { transport } = this.#context;
    const bearer = await transport.bearer(signal);
    signal.throwIfAborted();
    // browsers send no headers with a WebSocket
    const protocols = ['akidb.v1', ...(bearer ? [`akidb.token.${bearer}`] : [])];
    const socket = (this.#socket = new WebSocket(transport.baseUrl.replace(/^http/, 'ws') + SOCKET, protocols));
    let opened = false;
    await new Promise<void>((done) => {
      socket.onopen = () => {
        opened = true;
        for (const its of this.#followed.values()) this.#ask(its);
      };
      socket.onmessage = ({ data }) => {
        const message = this.#parse(String(data)) as Message & { id?: string };
        if (message.type === 'drain') return socket.close();
        const its = this.#followed.get(message.id ?? '');
        if (!its || !this.#hear(its, message) || its.stop.signal.aborted) return;
        // it was refused for now
        void sleep(backoff(4), its.stop.signal).then(
          () => socket.readyState === 1 && this.#ask(its),
          () => undefined,
        );
      };
      socket.onclose = () => done();
    });
    if (this.#socket === socket) this.#socket = undefined;
    if (!signal.aborted) {
      const lost = new ConnectionError(
        `${transport.baseUrl} cannot be reached: the connection ${opened ? 'ended' : 'was refused'}`,
      );
      for (const its of [...this.#followed.values()]) its.fail(lost, false);
    }
    return opened;
  }
}

/** Milliseconds to wait after so many failures: not all clients come back at once. */
function backoff(failures: number): number {
  return Math.min(30_000, 250 * 2 ** Math.min(failures, 7)) * (0.5 + Math.random() / 2);
}
