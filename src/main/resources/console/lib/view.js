// The pieces that places are made of.
import { html, useEffect, useRef, useState } from '../vendor/preact.js';
import { words } from './server.js';

export * from '../vendor/preact.js';

/** Lines on a grid of 24, drawn for the console. @type {Record<string, string>} */
const ICONS = {
  home: 'M4 11.5 12 5l8 6.5M6 10v9h12v-9M10 19v-5h4v5',
  tables: 'M4 5h16v14H4zM4 10h16M4 14.5h16M10 10v9',
  search: 'M10.5 4a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13zM15.3 15.3 20 20',
  map: 'M6 7h.01M10 12h.01M7 17h.01M14 7h.01M18 10h.01M16 16h.01M12 18h.01M3 3v18h18',
  sql: 'M5 6.5 10 12l-5 5.5M12.5 18H19',
  import: 'M12 4v11M7.5 10.5 12 15l4.5-4.5M4 19.5h16',
  models: 'M12 3.5 19.5 8v8L12 20.5 4.5 16V8zM4.5 8l7.5 4.5L19.5 8M12 12.5v8',
  operations: 'M3.5 13h4l2.5-7 4 12 2.5-5h4',
  copy: 'M9 9h11v11H9zM5 15H4V4h11v1',
  done: 'm5 12.5 4.5 4.5L19 7.5',
  close: 'M6 6l12 12M18 6 6 18',
  more: 'M5 12h.01M12 12h.01M19 12h.01',
  like: 'M8 4.5a4 4 0 1 1 0 8 4 4 0 0 1 0-8zM16 11.5a4 4 0 1 1 0 8 4 4 0 0 1 0-8z',
  key: 'M8 11a4 4 0 1 1 0 8 4 4 0 0 1 0-8zM11 12.5 19.5 4M16 7.5l3 3',
  light:
    'M12 8a4 4 0 1 1 0 8 4 4 0 0 1 0-8zM12 2.5v2M12 19.5v2M2.5 12h2M19.5 12h2M5.3 5.3l1.4 1.4M17.3 17.3l1.4 1.4M5.3 18.7l1.4-1.4M17.3 6.7l1.4-1.4',
  settings: 'M4 7h9M17 7h3M4 17h3M11 17h9M15 5v4M9 15v4',
  compare: 'M4 5h7v14H4zM13 5h7v14h-7z',
  edit: 'M5 19h3L19 8l-3-3L5 16z',
  delete: 'M5 7h14M9.5 7V4.5h5V7M7 7l1 13h8l1-13',
  plus: 'M12 5v14M5 12h14',
  up: 'm6 14 6-6 6 6',
  down: 'm6 10 6 6 6-6',
  retry: 'M19 12a7 7 0 1 1-2.2-5.1M19 4v4h-4',
  play: 'M7 5l12 7-12 7z',
  pause: 'M8 5v14M16 5v14',
  filter: 'M4 6h16l-6.2 7v5.5l-3.6 1V13z',
  columns: 'M4 5h16v14H4zM9.3 5v14M14.7 5v14',
  file: 'M6 3.5h8l4.5 4.5v12.5H6zM14 3.5V8h4.5',
};

/** @param {{ name: string }} given */
export const Icon = ({ name }) =>
  html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
    <path d=${ICONS[name]} />
  </svg>`;

const numbers = new Intl.NumberFormat('en');
/** 12,345 @param {number | null | undefined} value */
export const count = (value) => (value === null || value === undefined ? '–' : numbers.format(value));
/** A number with its word: 1 row, 2 rows. @param {number} value @param {string} word @param {string} [many] */
export const some = (value, word, many = `${word}s`) => `${count(value)} ${value === 1 ? word : many}`;

/** 1.2 MB @param {number | null | undefined} value */
export function bytes(value) {
  if (value === null || value === undefined || Number.isNaN(value)) return '–';
  if (value < 1000) return `${value} B`;
  const power = Math.min(4, Math.floor(Math.log10(value) / 3));
  const part = value / 1000 ** power;
  return `${part.toFixed(part < 10 ? 1 : 0)} ${['B', 'kB', 'MB', 'GB', 'TB'][power]}`;
}

/** 1.2 ms @param {number | null | undefined} ms */
export function duration(ms) {
  if (ms === null || ms === undefined || Number.isNaN(ms)) return '–';
  if (ms < 1) return `${Math.round(ms * 1000)} µs`;
  if (ms < 1000) return `${ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms`;
  return `${(ms / 1000).toFixed(ms < 10_000 ? 1 : 0)} s`;
}

/** A time as people read it. @param {string | null | undefined} time */
export const moment = (time) =>
  time
    ? new Date(time).toLocaleString(undefined, {
        dateStyle: 'medium',
        timeStyle: 'short',
      })
    : '–';

/** A text that is not longer than is shown. Whatever it holds, it stays one text. @param {string} text @param {number} [most] */
export const brief = (text, most = 400) => (text.length > most ? `${text.slice(0, most)}…` : text);

/** A value of any type as a short text. @param {unknown} value @param {number} [most] */
export function shown(value, most = 200) {
  if (value === null || value === undefined) return '–';
  if (typeof value === 'string') return brief(visible(value), most);
  if (typeof value === 'number') return Number.isInteger(value) ? String(value) : String(+value.toPrecision(7));
  if (typeof value === 'boolean') return value ? 'true' : 'false';
  return brief(visible(json(value)), most);
}

/** Makes characters that would not be seen visible: NUL and other controls as their pictures. @param {string} text */
export const visible = (text) =>
  text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g, (it) => String.fromCharCode(0x2400 + it.charCodeAt(0)));

/** JSON on several lines; deep or endless things as far as can be. @param {unknown} value @param {number} [indent] */
export function json(value, indent) {
  try {
    return JSON.stringify(value, null, indent) ?? String(value);
  } catch {
    return String(value);
  }
}

/** The title of a place. @param {{ name: string, about?: any, children?: any }} given */
export function Title({ name, about, children }) {
  useEffect(() => {
    document.title = `${brief(name, 60)} · AkiDB`;
  }, [name]);
  return html`<header class="title">
    <div class="grow">
      <h1 class="cut" dir="auto" title=${brief(name, 200)}>${brief(visible(name), 120)}</h1>
      ${about && html`<p>${about}</p>`}
    </div>
    ${children && html`<div class="row">${children}</div>`}
  </header>`;
}

/** What went wrong. @param {{ error: unknown, retry?: () => void }} given */
export const Failure = ({ error, retry }) =>
  error
    ? html`<div class="note bad row apart" role="alert">
        <span class="grow">${brief(words(error), 2000)}</span>
        ${retry && html`<button class="button small" onClick=${retry}>Try again</button>`}
      </div>`
    : null;

/** What stands where nothing is. @param {{ icon: string, title: string, children?: any }} given */
export const Empty = ({ icon, title, children }) =>
  html`<div class="empty">
    <${Icon} name=${icon} />
    <h2>${title}</h2>
    ${children}
  </div>`;

let fields = 0;

/** A label with what it is of. @param {{ label: any, hint?: any, children: (id: string) => any, class?: string }} given */
export function Field({ label, hint, children, class: kind = '' }) {
  const [id] = useState(() => `field-${++fields}`);
  return html`<div class=${`field ${kind}`}>
    <label for=${id}>${label}</label>
    ${children(id)} ${hint && html`<span class="muted small">${hint}</span>`}
  </div>`;
}

/** @param {{ label: any, checked: boolean, set: (checked: boolean) => void, disabled?: boolean }} given */
export const Check = ({ label, checked, set, disabled }) =>
  html`<label class="check">
    <input
      type="checkbox"
      checked=${checked}
      disabled=${disabled}
      onChange=${(/** @type {any} */ event) => set(event.currentTarget.checked)}
    />
    <span>${label}</span>
  </label>`;

/** One of a few. @param {{ name: string, options: [string, string][], value: string, set: (value: string) => void }} given */
export function Tabs({ name, options, value, set }) {
  const move = (/** @type {KeyboardEvent} */ event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const at = options.findIndex(([key]) => key === value);
    const [key] = options[(at + step + options.length) % options.length];
    set(key);
    const all = /** @type {HTMLElement} */ (event.currentTarget).children;
    /** @type {HTMLElement} */ (all[(at + step + options.length) % options.length]).focus();
  };
  return html`<div class="tabs" role="tablist" aria-label=${name} onKeyDown=${move}>
    ${options.map(
      ([key, label]) =>
        html`<button role="tab" aria-selected=${key === value} tabindex=${key === value ? 0 : -1} onClick=${() => set(key)}>
          ${label}
        </button>`,
    )}
  </div>`;
}

/** Copies a text. @param {{ text: () => string, label?: string }} given */
export function Copy({ text, label = 'Copy' }) {
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    await put(text());
    setCopied(true);
    setTimeout(() => setCopied(false), 1500);
  };
  return html`<button class="button small" onClick=${copy}>
    <${Icon} name=${copied ? 'done' : 'copy'} />${copied ? 'Copied' : label}
  </button>`;
}

/** Into the clipboard, also where the page came by http from another machine. @param {string} text */
async function put(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const area = document.createElement('textarea');
    area.value = text;
    document.body.append(area);
    area.select();
    document.execCommand('copy');
    area.remove();
  }
}

/** A window over the page. @param {{ title: string, close: () => void, children?: any }} given */
export function Dialog({ title, close, children }) {
  const dialog = useRef(/** @type {HTMLDialogElement | null} */ (null));
  useEffect(() => dialog.current?.showModal(), []);
  return html`<dialog
    ref=${dialog}
    aria-label=${title}
    onClose=${close}
    onClick=${(/** @type {any} */ event) => event.target === dialog.current && close()}
  >
    <div class="title">
      <h2 class="grow">${title}</h2>
      <button class="button quiet" onClick=${close} aria-label="Close">
        <${Icon} name="close" />
      </button>
    </div>
    ${children}
  </dialog>`;
}

/** Asks before something that cannot be undone. @param {{ title: string, children?: any, act: string, go: () => Promise<any>, close: () => void }} given */
export function Sure({ title, children, act, go, close }) {
  const [error, setError] = useState(/** @type {unknown} */ (null));
  const [busy, setBusy] = useState(false);
  const run = async () => {
    setBusy(true);
    try {
      await go();
      close();
    } catch (failure) {
      setError(failure);
      setBusy(false);
    }
  };
  return html`<${Dialog} title=${title} close=${close}>
    <div class="stack">
      <div>${children}</div>
      <${Failure} error=${error} />
      <div class="row">
        <button class="button bad" disabled=${busy} onClick=${run}>${act}</button>
        <button class="button" onClick=${close}>Cancel</button>
      </div>
    </div>
  <//>`;
}

/** @type {((said: { text: string, bad?: boolean }) => void)[]} */
const listeners = [];
/** Says something in passing. @param {string} text @param {boolean} [bad] */
export const say = (text, bad) => listeners.forEach((listener) => listener({ text, bad }));

/** What was said in passing. */
export function Toasts() {
  const [said, setSaid] = useState(/** @type {{ id: number, text: string, bad?: boolean }[]} */ ([]));
  useEffect(() => {
    let next = 0;
    const listener = (/** @type {{ text: string, bad?: boolean }} */ one) => {
      const id = ++next;
      setSaid((now) => [...now.slice(-3), { ...one, id }]);
      setTimeout(() => setSaid((now) => now.filter((each) => each.id !== id)), one.bad ? 9000 : 4000);
    };
    listeners.push(listener);
    return () => void listeners.splice(listeners.indexOf(listener), 1);
  }, []);
  return html`<div class="toasts" role="status" aria-live="polite">
    ${said.map((one) => html`<div key=${one.id} class=${`note ${one.bad ? 'bad' : ''}`}>${brief(one.text, 600)}</div>`)}
  </div>`;
}

/** Steps of a row of places in one line, such as how often something happened. @param {{ values: number[], label: string }} given */
export function Spark({ values, label }) {
  const most = Math.max(1e-9, ...values);
  const points = values
    .map((value, at) => `${(at / Math.max(1, values.length - 1)) * 120},${27 - (value / most) * 24}`)
    .join(' ');
  return html`<svg viewBox="0 0 120 28" width="120" height="28" role="img" aria-label=${label} preserveAspectRatio="none">
    <polyline points=${points} fill="none" stroke="var(--accent)" stroke-width="1.6" vector-effect="non-scaling-stroke" />
  </svg>`;
}

/** Light or dark, followed by what draws its colours itself. */
export function useScheme() {
  const read = () => `${document.documentElement.dataset.theme ?? ''} ${matchMedia('(prefers-color-scheme: dark)').matches}`;
  const [scheme, setScheme] = useState(read);
  useEffect(() => {
    const follow = () => setScheme(read());
    const system = matchMedia('(prefers-color-scheme: dark)');
    const theme = new MutationObserver(follow);
    system.addEventListener('change', follow);
    theme.observe(document.documentElement, { attributeFilter: ['data-theme'] });
    return () => (system.removeEventListener('change', follow), theme.disconnect());
  }, []);
  return scheme;
}
