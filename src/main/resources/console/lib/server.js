// How the console speaks to its server: through the SDK, with the key of this tab.
import { useCallback, useEffect, useRef, useState } from '../vendor/preact.js';
import { AkidbClient, ForbiddenError, UnauthenticatedError } from '../vendor/akidb.js';

const KEY = 'akidb-key';

/** The server's address: the console stands below it. */
export const base = new URL('..', location.href.replace(/[?#].*$/, '')).href.replace(/\/$/, '');

/** @typedef {{ key: string, scopes: string[], keys: boolean }} Caller who the server says this is */
/** @typedef {{ method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: string, body?: any, once?: boolean }} Request */

/** @type {Set<() => void>} */
const watchers = new Set();
/** @type {Caller | null} */
let caller = null;
let refused = '';
let client = connect();

function connect() {
  const key = sessionStorage.getItem(KEY);
  // a page of the server itself, which keeps the key for this tab alone
  return new AkidbClient({
    baseUrl: base,
    apiKey: key ? () => key : undefined,
    timeout: 60_000,
    retries: 1,
  });
}

/** The client of the SDK; another one after each change of the key. */
export const akidb = () => client;

/** Who one is, null as long as nobody knows; and why the server wants a key. */
export function useCaller() {
  const [, again] = useState({});
  useEffect(() => {
    const follow = () => again({});
    watchers.add(follow);
    return () => void watchers.delete(follow);
  }, []);
  return { caller, refused, may: (/** @type {string} */ scope) => may(scope) };
}

/** Whether the key may do what needs a scope: read, write or admin. @param {string} scope */
export const may = (scope) => caller !== null && (caller.scopes.includes(scope) || caller.scopes.includes('admin'));

/** Asks the server who one is. */
export async function introduce() {
  try {
    caller = await ask({ method: 'GET', path: '/api/v1/caller' });
    refused = '';
  } catch (error) {
    if (!(error instanceof UnauthenticatedError) && !(error instanceof ForbiddenError)) refused = '';
  }
  tell();
}

/** Keeps a key for this tab and asks again; an empty one forgets it. @param {string} key */
export async function useKey(key) {
  if (key) sessionStorage.setItem(KEY, key);
  else sessionStorage.removeItem(KEY);
  caller = null;
  try {
    client = connect();
  } catch (error) {
    sessionStorage.removeItem(KEY);
    client = connect();
    refused = /** @type {Error} */ (error).message;
    return tell();
  }
  refused = '';
  await introduce();
}

const tell = () => watchers.forEach((watcher) => watcher());

/**
 * Sends a request; its JSON.
 *
 * @param {Request} request
 * @param {{ signal?: AbortSignal, timeout?: number, retries?: number, accept?: number }} [options]
 * @returns {Promise<any>}
 */
export async function ask({ method, path, body, once }, { accept, ...options } = {}) {
  const reads = method === 'GET' || /\/(query|search|search\/similarity|sql|embed)$/.test(path);
  try {
    return await client.transport.json({ method, path, body, repeatable: once ? 'once' : reads }, options, accept);
  } catch (error) {
    if (error instanceof UnauthenticatedError || (error instanceof ForbiddenError && path === '/api/v1/caller')) {
      caller = null;
      refused = error.message;
      tell();
    }
    throw error;
  }
}

/** The metrics as they are served, each line's value by its name and labels. @returns {Promise<Map<string, number>>} */
export async function metrics() {
  // text, which the SDK does not read; the key goes as it sends it
  const key = sessionStorage.getItem(KEY);
  const answer = await fetch(`${base}/metrics`, {
    headers: { accept: 'text/plain', ...(key && { authorization: `Bearer ${key}` }) },
  });
  if (!answer.ok) throw new Error(`The metrics answer ${answer.status}`);
  const sample = /** @type {Map<string, number>} */ (new Map());
  for (const line of (await answer.text()).split('\n')) {
    if (line.startsWith('#')) continue;
    const space = line.lastIndexOf(' ');
    if (space > 0) sample.set(line.slice(0, space), Number(line.slice(space + 1)));
  }
  return sample;
}

/** A path with what stands between its slashes encoded. @param {TemplateStringsArray} strings @param {unknown[]} values */
export const path = (strings, ...values) =>
  String.raw({ raw: strings }, ...values.map((value) => encodeURIComponent(String(value))));

/** The path of a table. @param {string} name */
export const tablePath = (name) => path`/api/v1/tables/${name}`;

/** What an error says to people. @param {unknown} error */
export function words(error) {
  const { detail, message, field } = /** @type {any} */ (error ?? {});
  const said = detail ?? message ?? String(error);
  return field && !said.includes(field) ? `${said} (${field})` : said;
}

/**
 * What is read for a place, again whenever its inputs change; an older answer never comes after a newer one.
 *
 * @template T
 * @param {(signal: AbortSignal) => Promise<T>} read
 * @param {readonly unknown[]} inputs
 * @returns {{ data: T | undefined, error: unknown, loading: boolean, reload: () => void }}
 */
export function useRead(read, inputs) {
  const [state, setState] = useState(/** @type {any} */ ({ data: undefined, error: undefined, loading: true }));
  const [turn, setTurn] = useState(0);
  const latest = useRef(read);
  latest.current = read;
  useEffect(() => {
    const stop = new AbortController();
    setState((/** @type {any} */ now) => ({ ...now, loading: true }));
    latest.current(stop.signal).then(
      (data) => stop.signal.aborted || setState({ data, error: undefined, loading: false }),
      (error) => stop.signal.aborted || setState({ data: undefined, error, loading: false }),
    );
    return () => stop.abort();
  }, [...inputs, turn]);
  const reload = useCallback(() => setTurn((now) => now + 1), []);
  return { ...state, reload };
}

/** Does something every so many milliseconds while the page is looked at. @param {() => void} act @param {number | null} pause */
export function useEvery(act, pause) {
  const latest = useRef(act);
  latest.current = act;
  useEffect(() => {
    if (!pause) return;
    const timer = setInterval(() => document.hidden || latest.current(), pause);
    return () => clearInterval(timer);
  }, [pause]);
}
