// Where one is: the part of the address after `#`, such as `#/search/notes?q=river`. It is never sent to a server, can be shared,
// and never holds a key.
import { useEffect, useState } from '../vendor/preact.js';

/** @typedef {{ path: string[], at: Record<string, string> }} Address */

/** @returns {Address} */
function read() {
  const [path, query] = location.hash.replace(/^#\/?/, '').split(/\?(.*)/s);
  return {
    path: path.split('/').filter(Boolean).map(decoded),
    at: Object.fromEntries(new URLSearchParams(query ?? '')),
  };
}

/** @param {string} text */
function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/**
 * The address of a place, for links.
 *
 * @param {readonly string[]} path
 * @param {Record<string, string | number | boolean | null | undefined>} [at] what is empty is left out
 */
export function href(path, at = {}) {
  const given = Object.entries(at).filter(
    ([, value]) => value !== undefined && value !== null && value !== '' && value !== false,
  );
  const query = new URLSearchParams(given.map(([name, value]) => [name, value === true ? '1' : String(value)]));
  return `#/${path.map(encodeURIComponent).join('/')}${given.length ? `?${query}` : ''}`;
}

/**
 * Goes to another place.
 *
 * @param {readonly string[]} path
 * @param {Parameters<typeof href>[1]} [at]
 */
export function go(path, at) {
  location.hash = href(path, at);
}

let pending = 0;

/**
 * Has the address say how the place is set now, without a new step in the history. Soon, since browsers refuse when it happens
 * often.
 *
 * @param {readonly string[]} path
 * @param {Parameters<typeof href>[1]} at
 */
export function settle(path, at) {
  clearTimeout(pending);
  const from = location.hash;
  pending = window.setTimeout(() => {
    if (location.hash === from) history.replaceState(null, '', href(path, at));
  }, 250);
}

/** The address, followed. @returns {Address} */
export function useAddress() {
  const [address, setAddress] = useState(read);
  useEffect(() => {
    const follow = () => {
      clearTimeout(pending);
      setAddress(read());
    };
    addEventListener('hashchange', follow);
    return () => removeEventListener('hashchange', follow);
  }, []);
  return address;
}
