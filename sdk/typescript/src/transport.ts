import {
  AkidbError,
  ApiError,
  apiError,
  codeOf,
  ConfigurationError,
  ConnectionError,
  mayRepeat,
  ProtocolError,
  TimeoutError,
} from './errors.js';
import { refuse, requireInteger, requireKey, requireText } from './arguments.js';
import { decode, encode } from './json.js';

/** How one call is made. Whatever is left out is taken from the client. */
export interface RequestOptions {
  /** Ends the call; its reason is what the call then throws. */
  signal?: AbortSignal | undefined;
  /** Milliseconds that the call may take with all its retries; of many rows, until each next piece of them comes. */
  timeout?: number | undefined;
  /** How often a call that failed is tried again. */
  retries?: number | undefined;
  /** Further headers. */
  headers?: Record<string, string> | undefined;
}

/** Where the server is and how it is spoken to. */
export interface TransportOptions {
  /** Address of the server; else `AKIDB_URL` or `PIXELTABLE_BASE_URL` of the environment, else `http://127.0.0.1:8080`. */
  baseUrl?: string | undefined;
  /**
   * An API key, or a function that gives one, such as a short-lived token, each time it is asked; else `AKIDB_API_KEY` or
   * `PIXELTABLE_API_KEY` of the environment. It is never sent unencrypted to another machine.
   */
  apiKey?: string | (() => string | Promise<string>) | undefined;
  /** Allows a key that is a string in a page, where everybody can read it. */
  allowKeyInBrowser?: boolean | undefined;
  /** Milliseconds that a call may take; 30,000 by default. */
  timeout?: number | undefined;
  /** How often a call that failed is tried again; 3 by default. */
  retries?: number | undefined;
  /** Requests that are on their way at once outside browsers, 5 to 20; others wait. 20 by default. */
  connections?: number | undefined;
  /** Headers of every request. */
  headers?: Record<string, string> | undefined;
  /** What sends requests; the platform's `fetch` by default. */
  fetch?: typeof globalThis.fetch | undefined;
  /** Whether integers beyond 2^53 come as `bigint` instead of the nearest number; false by default. */
  bigints?: boolean | undefined;
}

/** A request to the server, such as `{ method: 'GET', path: '/api/v1/tables', repeatable: true }`. */
export interface Call {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  path: string;
  /** Sent as JSON. */
  body?: unknown;
  /** One JSON object a line, instead of a body. */
  lines?: string;
  /**
   * Whether it may be sent twice: since doing it twice is the same as doing it once, or (`once`) since it carries an
   * `Idempotency-Key`, by which the server writes rows and documents once, however often the request comes.
   */
  repeatable: boolean | 'once';
  /** @internal Goes to the server, whoever else could answer. */
  direct?: boolean;
  /**
   * The answer by example: what it must have for this package to make of it what its types promise. Objects have at least these
   * members, the elements of arrays are all like the first, other values are of the same type.
   */
  answer?: unknown;
}

/** Answers calls instead of the server; undefined where it does not. */
export type Answerer = (call: Call, options: RequestOptions) => Promise<unknown>;

type Read<T> = (response: Response, beat: () => void) => Promise<T>;

const JSON_TYPE = 'application/json';
const NDJSON = 'application/x-ndjson';
const DEFAULT_URL = 'http://127.0.0.1:8080';
const LOOPBACK = /^(localhost|.+\.localhost|127(\.\d+){3}|\[::1\])$/;

/**
 * Lines whose end looks like a connection that broke. Node takes what came for the whole where the answer says `connection: close`, even
 * if it comes in chunks and the last one is missing; a whole object of JSON says itself where it ends.
 *
 * @internal
 */
export class UncertainEnd extends AkidbError {
  constructor() {
    super('the answer does not say where it ends', 'CONNECTION');
  }
}

/** Sends requests: keys, time limits, retries, and what is on its way at once. */
export class Transport {
  readonly baseUrl: string;
  readonly bigints: boolean;
  /** @internal Asked before the server. */
  answerer: Answerer | undefined;
  readonly #options: TransportOptions;
  readonly #fetch: typeof globalThis.fetch;
  readonly #connections: number;
  #open = 0;
  readonly #waiting: (() => void)[] = [];

  constructor(options: TransportOptions) {
    const url = parse(options.baseUrl ?? environment('AKIDB_URL') ?? environment('PIXELTABLE_BASE_URL') ?? DEFAULT_URL);
    const apiKey = options.apiKey ?? environment('AKIDB_API_KEY') ?? environment('PIXELTABLE_API_KEY');
    if (apiKey && url.protocol === 'http:' && !LOOPBACK.test(url.hostname)) {
      throw new ConfigurationError(`an API key is not sent unencrypted to ${url.host}; use https:`);
    }
    if (typeof apiKey === 'string' && inBrowser() && !options.allowKeyInBrowser) {
      throw new ConfigurationError(
        'everybody can read a key that a page holds: give apiKey a function that fetches a short-lived token, or set allowKeyInBrowser',
      );
    }
    requireOptions(options);
    if (apiKey !== undefined && typeof apiKey !== 'string' && typeof apiKey !== 'function') {
      refuse('apiKey', 'a string or a function', apiKey);
    }
    if (options.fetch !== undefined && typeof options.fetch !== 'function') refuse('fetch', 'a function', options.fetch);
    const connections = options.connections ?? 20;
    requireInteger(connections, 'connections', 5, 20);
    this.baseUrl = url.href.replace(/\/+$/, '');
    this.bigints = options.bigints ?? false;
    this.#options = { ...options, apiKey };
    this.#fetch = options.fetch ?? ((input, init) => globalThis.fetch(input, init));
    this.#connections = inBrowser() ? Infinity : connections;
  }

  /** The JSON of the answer; undefined if it has no body. `accept` lists statuses that are no errors. */
  async json<T>(call: Call, options: RequestOptions = {}, accept?: number): Promise<T> {
    const own = await this.#own(call, options);
    if (own !== undefined) return own as T;
    return this.#send(call, options, JSON_TYPE, accept, async (response) => {
      const text = await response.text();
      const answer = text === '' ? undefined : this.#parse(text, response);
      const misfit = response.ok && call.answer !== undefined && misfitOf(answer, call.answer);
      if (misfit) throw new ProtocolError(`${call.method} ${call.path} was not answered as AkiDB does: the answer${misfit}`);
      return answer as T;
    });
  }

  /** All lines of the answer. */
  async all(call: Call, options: RequestOptions = {}): Promise<unknown[]> {
    const own = await this.#own(call, options);
    if (own !== undefined) return (own as { rows: unknown[] }).rows;
    return this.#send(call, options, NDJSON, undefined, async (response, beat) => {
      const rows: unknown[] = [];
      for await (const some of this.#lines(response, beat)) for (const row of some) rows.push(row);
      return rows;
    });
  }

  /** The lines of the answer as they come, some at a time. Leaving the loop ends the request. */
  async *stream(call: Call, options: RequestOptions = {}): AsyncGenerator<unknown[], void, undefined> {
    const stop = new AbortController();
    const signal = options.signal;
    signal?.throwIfAborted();
    const own = await this.#own(call, options);
    if (own !== undefined) return void (yield (own as { rows: unknown[] }).rows);
    signal?.throwIfAborted();
    const forget = whenAborted(signal, () => stop.abort(signal!.reason));
    const milliseconds = options.timeout ?? this.#options.timeout ?? 30_000;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const beat = (): void => {
      clearTimeout(timer);
      timer = after(milliseconds, () => stop.abort(new TimeoutError(milliseconds)));
    };
    try {
      const response = await this.#send(call, { ...options, signal: stop.signal }, NDJSON, undefined, async (it) => it, stop);
      for await (const some of this.#lines(response, beat)) {
        clearTimeout(timer); // the consumer may take its time
        yield some;
        beat();
      }
    } catch (error) {
      throw stop.signal.aborted ? stop.signal.reason : error;
    } finally {
      clearTimeout(timer);
      forget();
      stop.abort();
    }
  }

  /** The answer of a type as it begins; its body comes until the signal ends it. */
  open(call: Call, type: string, signal: AbortSignal, timeout?: number): Promise<Response> {
    const stop = new AbortController();
    if (signal.aborted) stop.abort(signal.reason);
    signal.addEventListener('abort', () => stop.abort(signal.reason), { once: true });
    return this.#send(call, { signal: stop.signal, retries: 0, timeout }, type, undefined, async (it) => it, stop);
  }

  /** @internal Whether requests are sent by something else than the platform. */
  get hasOwnFetch(): boolean {
    return this.#options.fetch !== undefined;
  }

  /** @internal The key or token of a request that is sent now. */
  async bearer(signal: AbortSignal): Promise<string | undefined> {
    const { apiKey } = this.#options;
    if (typeof apiKey !== 'function') return apiKey;
    const bearer = await untilAborted(apiKey(), signal);
    requireText(bearer, 'apiKey');
    return bearer;
  }

  #own(call: Call, options: RequestOptions): Promise<unknown> | undefined {
    return call.direct ? undefined : this.answerer?.(call, options);
  }

  async #send<T>(
    call: Call,
    options: RequestOptions,
    type: string,
    accept: number | undefined,
    read: Read<T>,
    stop?: AbortController,
  ): Promise<T> {
    requireOptions(options);
    const end = Date.now() + (options.timeout ?? this.#options.timeout ?? 30_000);
    const retries = options.retries ?? this.#options.retries ?? 3;
    const body = call.lines ?? (call.body === undefined ? undefined : encode(call.body));
    const key = call.repeatable === 'once' ? randomKey() : undefined;
    for (let attempt = 0; ; attempt++) {
      try {
        return await this.#attempt(call, body, key, options, type, accept, read, end - Date.now(), stop);
      } catch (error) {
        if (attempt >= retries || options.signal?.aborted) throw error;
        if (!mayRepeat(error, call.repeatable !== false)) throw error;
        const pause = Math.max(
          Math.min(5000, 100 * 2 ** attempt) * (0.5 + Math.random() / 2),
          ((error as ApiError).retryAfter ?? 0) * 1000,
        );
        if (Date.now() + pause >= end) throw error;
        await sleep(pause, options.signal);
      }
    }
  }

  /** One attempt. With `stop` the caller goes on reading, so that the signal stays connected. */
  async #attempt<T>(
    call: Call,
    body: string | undefined,
    key: string | undefined,
    options: RequestOptions,
    type: string,
    accept: number | undefined,
    read: Read<T>,
    milliseconds: number,
    stop?: AbortController,
  ): Promise<T> {
    const { signal } = options;
    signal?.throwIfAborted();
    const abort = stop ?? new AbortController();
    const limit = options.timeout ?? this.#options.timeout ?? 30_000;
    let late: TimeoutError | undefined;
    const expire = (): void => abort.abort((late = new TimeoutError(limit)));
    let timer = after(milliseconds, expire);
    const beat = (): void => {
      clearTimeout(timer);
      timer = after(limit, expire);
    };
    const forget = whenAborted(signal, () => abort.abort(signal!.reason));
    let release: (() => void) | undefined;
    try {
      release = await this.#place(abort.signal);
      const headers: Record<string, string> = {
        accept: type,
        'x-request-timeout': String(Math.min(600, Math.max(0.001, milliseconds / 1000))),
        ...(key && { 'idempotency-key': key }),
        ...this.#options.headers,
        ...options.headers,
      };
      if (body !== undefined) headers['content-type'] = call.lines === undefined ? JSON_TYPE : NDJSON;
      const bearer = await this.bearer(abort.signal);
      if (bearer) headers['authorization'] = `Bearer ${bearer}`;
      let response: Response;
      try {
        response = await this.#fetch(this.baseUrl + call.path, {
          method: call.method,
          headers,
          body: body ?? null,
          signal: abort.signal,
          redirect: 'manual', // a key goes to the server that was named, and nowhere else
        });
        const { status } = response;
        if (status < 400 && !response.ok)
          throw new ProtocolError(`${this.baseUrl} leads elsewhere; use the address that it leads to`);
        if (!response.ok && status !== accept) throw await problem(response);
        const started = type === JSON_TYPE ? 'json' : type;
        if ((status !== 204 || type === NDJSON) && !response.headers.get('content-type')?.includes(started)) {
          response.body?.cancel().catch(() => undefined);
          throw new ProtocolError(`${this.baseUrl} does not answer as AkiDB does`);
        }
        return await read(response, beat);
      } catch (error) {
        if (error instanceof AkidbError || abort.signal.aborted) throw error;
        requireHeaders(headers); // which `fetch` refuses as if there were no connection
        throw new ConnectionError(`${this.baseUrl} cannot be reached: ${reason(error)}`, error);
      }
    } catch (error) {
      // the caller's reason comes back as it is; what aborted requests throw differs by platform
      throw signal?.aborted ? signal.reason : (late ?? error);
    } finally {
      release?.();
      clearTimeout(timer);
      forget();
    }
  }

  /** Waits for a place among the requests that are on their way; gives what gives it back. */
  async #place(signal: AbortSignal): Promise<() => void> {
    if (this.#open < this.#connections) {
      this.#open++;
    } else {
      // a place is handed on without becoming free between
      await new Promise<void>((resolve, reject) => {
        const turn = (): void => {
          signal.removeEventListener('abort', leave);
          resolve();
        };
        const leave = (): void => {
          this.#waiting.splice(this.#waiting.indexOf(turn), 1);
          reject(signal.reason);
        };
        signal.addEventListener('abort', leave, { once: true });
        this.#waiting.push(turn);
      });
    }
    return () => {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#open--;
    };
  }

  /** Values of lines, as many as have come. */
  async *#lines(response: Response, beat: () => void): AsyncGenerator<unknown[], void, undefined> {
    // not a TextDecoderStream, which takes longer than reading the JSON
    if (closes(response)) throw new UncertainEnd();
    const reader = response.body?.getReader();
    if (!reader) return;
    const decoder = new TextDecoder();
    let rest = '';
    try {
      for (;;) {
        beat();
        const { done, value } = await reader.read();
        if (done) break;
        const text = decoder.decode(value, { stream: true });
        const end = text.lastIndexOf('\n');
        if (end < 0) {
          rest += text;
          continue;
        }
        const whole = rest + text.slice(0, end);
        rest = text.slice(end + 1);
        // a line feed never stands inside JSON of one line, so that all lines are read in one go
        const rows = this.#parse(`[${whole.replaceAll('\n', ',')}]`, response) as unknown[];
        const misfit = misfitOf(rows, [{}]);
        if (misfit) throw new ProtocolError(`the answer is not rows in lines: line ${misfit}`);
        yield rows;
      }
    } catch (error) {
      if (error instanceof AkidbError) throw error;
      throw new ConnectionError(`the answer broke off: ${reason(error)}`, error);
    } finally {
      reader.cancel().catch(() => undefined);
    }
    if (rest !== '') throw new ConnectionError('the answer broke off within a line');
  }

  #parse(text: string, response: Response): unknown {
    try {
      return decode(text, this.bigints);
    } catch (error) {
      if (closes(response)) throw new ConnectionError('the answer broke off', error);
      throw new ProtocolError('the answer is no JSON', error);
    }
  }
}

/** What waits for signals. */
const WAITING = new WeakMap<AbortSignal, Set<() => void>>();

/**
 * Calls a function when a signal is aborted; gives what makes it forget that. All that waits for a signal shares one listener, since
 * Node warns of more than ten, and one signal may be that of hundreds of calls.
 */
export function whenAborted(signal: AbortSignal | undefined, act: () => void): () => void {
  if (!signal) return () => undefined;
  const known = WAITING.get(signal);
  const acts = known ?? new Set();
  if (!known) {
    WAITING.set(signal, acts);
    signal.addEventListener('abort', () => [...acts].forEach((each) => each()), { once: true });
  }
  acts.add(act);
  return () => void acts.delete(act);
}

/** What a promise gives, or the signal's reason if that comes first. */
export function untilAborted<T>(promise: T | Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(signal!.reason);
    if (signal?.aborted) return stop();
    const forget = whenAborted(signal, stop);
    Promise.resolve(promise).then(resolve, reject).finally(forget);
  });
}

/** Percent-encodes what stands between two slashes of a path; given as `{ name }`, so that a refusal says which it is. */
export const path = (strings: TemplateStringsArray, ...values: Record<string, string | number | bigint>[]): string =>
  String.raw(
    { raw: strings },
    ...values.map((named) => {
      const [[name, value]] = Object.entries(named) as [[string, string | number | bigint]];
      requireKey(value, name);
      try {
        return encodeURIComponent(String(value));
      } catch {
        return refuse(name, 'whole characters, without halves of surrogate pairs', value);
      }
    }),
  );

/** Where a value is not like its example, and how; undefined if it is. */
function misfitOf(value: unknown, example: unknown): string | undefined {
  if (Array.isArray(example)) {
    if (!Array.isArray(value)) return ' is no array';
    if (example.length === 0) return undefined;
    for (let index = 0; index < value.length; index++) {
      const misfit = misfitOf(value[index], example[0]);
      if (misfit) return `[${index}]${misfit}`;
    }
  } else if (typeof example === 'object') {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return ' is no object';
    for (const name in example) {
      const misfit = misfitOf((value as Record<string, unknown>)[name], example[name as never]);
      if (misfit) return `.${name}${misfit}`;
    }
  } else if (typeof value !== typeof example && !(typeof value === 'bigint' && typeof example === 'number')) {
    return ` is no ${typeof example}`;
  }
  return undefined;
}

/** Looks at how a call is to be made. */
function requireOptions({ signal, timeout, retries, headers }: RequestOptions): void {
  if (timeout !== undefined && !(typeof timeout === 'number' && timeout > 0)) refuse('timeout', 'milliseconds above 0', timeout);
  if (retries !== undefined) requireInteger(retries, 'retries', 0);
  if (headers !== undefined && typeof headers !== 'object') refuse('headers', 'an object of headers by name', headers);
  if (signal !== undefined && typeof (signal as AbortSignal | null)?.addEventListener !== 'function') {
    refuse('signal', 'an AbortSignal', signal);
  }
}

function requireHeaders(headers: Record<string, string>): void {
  for (const [name, value] of Object.entries(headers)) {
    try {
      new Headers([[name, value]]);
    } catch {
      throw new ConfigurationError(`the header ${JSON.stringify(name)} has characters that headers cannot have`, 'headers');
    }
  }
}

/** More milliseconds than this, timers take for none. */
const LONGEST = 2 ** 31 - 1;

function after(milliseconds: number, act: () => void): ReturnType<typeof setTimeout> {
  return setTimeout(act, Math.min(milliseconds, LONGEST));
}

/** A query string without what is undefined, with its question mark; empty if nothing is left. */
export function parameters(values: Record<string, string | number | boolean | undefined>): string {
  const given = Object.entries(values).filter(([, value]) => value !== undefined);
  return given.length ? `?${new URLSearchParams(given.map(([key, value]) => [key, String(value)]))}` : '';
}

/** 128 random bits. `crypto.randomUUID` is missing in pages that came by http. */
function randomKey(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

export function sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      clearTimeout(timer);
      reject(signal!.reason);
    };
    if (signal?.aborted) return reject(signal.reason);
    const forget = whenAborted(signal, stop);
    const timer = after(milliseconds, () => {
      forget();
      resolve();
    });
  });
}

/** Whether an answer ends with its connection. */
function closes(response: Response): boolean {
  return response.headers.get('connection')?.toLowerCase() === 'close';
}

async function problem(response: Response): Promise<ApiError> {
  const text = await response.text();
  let body: { code?: unknown; detail?: unknown; error?: unknown; field?: unknown } = {};
  try {
    body = (JSON.parse(text) as typeof body) ?? {};
  } catch {
    // written by something between here and the server
  }
  const { code, detail, field } = body;
  const retryAfter = seconds(response.headers.get('retry-after'));
  return apiError({
    status: response.status,
    code: typeof code === 'string' ? code : codeOf(response.status),
    detail: typeof detail === 'string' ? detail : `${response.status} ${text.slice(0, 200)}`,
    field: typeof field === 'string' ? field : undefined,
    requestId: response.headers.get('x-request-id') ?? undefined,
    retryAfter,
  });
}

/** Seconds from now, of a number of them or of a date, as what stands between here and the server may write it. */
function seconds(text: string | null): number | undefined {
  const number = Number(text ?? NaN);
  const wait = Number.isNaN(number) ? (Date.parse(text ?? '') - Date.now()) / 1000 : number;
  return Number.isNaN(wait) ? undefined : Math.max(0, wait);
}

function parse(text: string): URL {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw new ConfigurationError(`baseUrl is no address: ${text}`, 'baseUrl');
  }
  if (!/^https?:$/.test(url.protocol))
    throw new ConfigurationError(`baseUrl must begin with http: or https:, not ${url.protocol}`, 'baseUrl');
  if (url.username || url.password) throw new ConfigurationError('baseUrl must not hold a password; use apiKey', 'baseUrl');
  return url;
}

/** Why a request failed: `fetch` hides it in the cause. */
function reason(error: unknown): string {
  const { message, cause } = error as { message?: string; cause?: { message?: string; code?: string } };
  return cause?.message || cause?.code || message || String(error);
}

function environment(name: string): string | undefined {
  return (globalThis as { process?: { env?: Record<string, string | undefined> } }).process?.env?.[name] || undefined;
}

function inBrowser(): boolean {
  return 'document' in globalThis;
}
