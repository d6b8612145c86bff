// The console: its frame, and which place is shown in it.
import { base, introduce, useCaller, useKey, useRead, ask } from './lib/server.js';
import { go, href, useAddress } from './lib/address.js';
import { brief, Dialog, Failure, html, Icon, render, Toasts, useEffect, useErrorBoundary, useRef, useState } from './lib/view.js';

/**
 * Places by the first part of the address: name, icon, the letter that leads there after `g`, and what brings it.
 *
 * @type {Record<string, [string, string, string, () => Promise<{ default: (given: any) => any }>]>}
 */
const PLACES = {
  '': ['Home', 'home', 'h', () => import('./screens/home.js')],
  tables: ['Tables', 'tables', 't', () => import('./screens/tables.js')],
  search: ['Search', 'search', 's', () => import('./screens/search.js')],
  map: ['Map', 'map', 'm', () => import('./screens/map.js')],
  sql: ['SQL', 'sql', 'q', () => import('./screens/sql.js')],
  import: ['Import', 'import', 'i', () => import('./screens/import.js')],
  models: ['Models', 'models', 'e', () => import('./screens/models.js')],
  operations: ['Operations', 'operations', 'o', () => import('./screens/operations.js')],
};

const THEMES = /** @type {const} */ (['', 'light', 'dark']);

function useTheme() {
  const [theme, setTheme] = useState(localStorage.getItem('akidb-theme') ?? '');
  useEffect(() => {
    if (theme) document.documentElement.dataset.theme = theme;
    else delete document.documentElement.dataset.theme;
    localStorage.setItem('akidb-theme', theme);
  }, [theme]);
  const next = THEMES[(THEMES.indexOf(/** @type {any} */ (theme)) + 1) % THEMES.length];
  return { theme, turn: () => setTheme(next) };
}

/** Asks for the key of this tab. @param {{ refused: string }} given */
function Door({ refused }) {
  const [key, setKey] = useState('');
  const [busy, setBusy] = useState(false);
  const enter = async (/** @type {Event} */ event) => {
    event.preventDefault();
    setBusy(true);
    await useKey(key.trim());
    setBusy(false);
  };
  return html`<main class="page" id="page" tabindex="-1">
    <form class="card stack door" onSubmit=${enter}>
      <div class="row">
        <img src="icon.svg" alt="" width="36" height="36" />
        <h1>This server needs an API key</h1>
      </div>
      <p class="muted">
        It is kept for this tab alone, until the tab is closed, and goes to${' '}
        <code>${new URL(base).host}</code> and nowhere else. Make one with${' '}
        <code>scripts/akidb keys create me --scopes read</code>.
      </p>
      <div class="field">
        <label for="key">API key</label>
        <input
          id="key"
          type="password"
          autocomplete="off"
          spellcheck="false"
          autofocus
          required
          value=${key}
          onInput=${(/** @type {any} */ event) => setKey(event.currentTarget.value)}
        />
      </div>
      ${refused && html`<p class="note bad" role="alert">${refused}</p>`}
      <div><button class="button main" disabled=${busy}>Enter</button></div>
    </form>
  </main>`;
}

/** One place; what fails in it leaves the frame as it is. @param {{ name: string, address: import('./lib/address.js').Address }} given */
function Place({ name, address }) {
  const { data, error, reload } = useRead(() => PLACES[name][3](), [name]);
  const [failure, clear] = useErrorBoundary((problem) => console.error(problem));
  useEffect(clear, [name, address.path.join('/')]);
  if (failure) return html`<${Failure} error=${failure} retry=${clear} />`;
  if (error) return html`<${Failure} error=${error} retry=${reload} />`;
  return data ? html`<${data.default} address=${address} />` : null;
}

/** @param {{ close: () => void }} given */
const Keys = ({ close }) =>
  html`<${Dialog} title="Keys" close=${close}>
    <table class="table">
      <tbody>
        ${Object.values(PLACES).map(
          ([name, , letter]) =>
            html`<tr>
              <td><kbd>g</kbd> <kbd>${letter}</kbd></td>
              <td>${name}</td>
            </tr>`,
        )}
        <tr>
          <td><kbd>/</kbd></td>
          <td>To the field of words, or the text of the query</td>
        </tr>
        <tr>
          <td><kbd>j</kbd> <kbd>k</kbd></td>
          <td>Next and previous hit or row</td>
        </tr>
        <tr>
          <td><kbd>Ctrl</kbd> <kbd>Enter</kbd></td>
          <td>Run</td>
        </tr>
        <tr>
          <td><kbd>?</kbd></td>
          <td>These keys</td>
        </tr>
      </tbody>
    </table>
  <//>`;

/** Keys that lead through the console. @param {() => void} help */
function useShortcuts(help) {
  useEffect(() => {
    let leading = 0;
    const press = (/** @type {KeyboardEvent} */ event) => {
      const target = /** @type {HTMLElement} */ (event.target);
      if (
        event.ctrlKey ||
        event.metaKey ||
        event.altKey ||
        /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) ||
        document.querySelector('dialog[open]')
      )
        return;
      const place = Object.entries(PLACES).find(([, [, , letter]]) => letter === event.key);
      if (Date.now() - leading < 1200 && place) {
        leading = 0;
        event.preventDefault();
        return go(place[0] ? [place[0]] : []);
      }
      leading = event.key === 'g' ? Date.now() : 0;
      if (event.key === '?') help();
      if (event.key === '/') {
        const field = /** @type {HTMLElement | null} */ (document.querySelector('[data-first]'));
        if (field) {
          event.preventDefault();
          field.focus();
        } else go(['search']);
      }
      if (event.key === 'j' || event.key === 'k') {
        const all = /** @type {HTMLElement[]} */ ([...document.querySelectorAll('[data-step]')]);
        const now = all.findIndex((each) => each.contains(document.activeElement));
        all[Math.max(0, Math.min(all.length - 1, now + (event.key === 'j' ? 1 : -1)))]?.focus();
      }
    };
    addEventListener('keydown', press);
    return () => removeEventListener('keydown', press);
  }, []);
}

function Console() {
  const address = useAddress();
  const { caller, refused } = useCaller();
  const { theme, turn } = useTheme();
  const [help, setHelp] = useState(false);
  const page = useRef(/** @type {HTMLElement | null} */ (null));
  const [first] = address.path;
  const name = first && first in PLACES ? first : '';
  useShortcuts(() => setHelp(true));
  useEffect(() => window.scrollTo(0, 0), [address.path.join('/')]);
  // on a narrow screen the places are a line that is longer than the screen
  useEffect(
    () => document.querySelector('.places [aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'center' }),
    [name, caller],
  );
  const { data: version } = useRead((signal) => ask({ method: 'GET', path: '/version' }, { signal }), []);
  if (refused && !caller) return html`<${Door} refused=${sessionStorage.getItem('akidb-key') ? refused : ''} />`;
  const toPage = (/** @type {Event} */ event) => {
    event.preventDefault();
    page.current?.focus();
  };
  return html`<a class="skip" href="#page" onClick=${toPage}>To the content</a>
    <div class="frame">
      <header class="side">
        <a class="brand" href=${href([])}><img src="icon.svg" alt="" />AkiDB</a>
        <nav class="places" aria-label="Places">
          ${Object.entries(PLACES).map(
            ([key, [label, icon]]) =>
              html`<a href=${href(key ? [key] : [])} aria-current=${key === name ? 'page' : undefined}
                ><${Icon} name=${icon} />${label}</a
              >`,
          )}
        </nav>
        <div class="foot">
          ${
            caller?.keys &&
            html`<div class="who small">
              <div class="cut" title=${caller.key}>${brief(caller.key, 40)}</div>
              <div class="muted">may ${caller.scopes.join(', ') || 'nothing'}</div>
            </div>`
          }
          <div class="row">
            <button
              class="button quiet"
              onClick=${turn}
              aria-label=${`Colours: ${theme || 'as the system'}`}
              title=${`Colours: ${theme || 'as the system'}`}
            >
              <${Icon} name="light" />
            </button>
            <button class="button quiet keys" onClick=${() => setHelp(true)} aria-label="Keys" title="Keys">
              <kbd>?</kbd>
            </button>
            ${
              caller?.keys &&
              html`<button
                class="button quiet"
                onClick=${() => useKey('')}
                aria-label="Forget the API key"
                title="Forget the API key"
              >
                <${Icon} name="key" />
              </button>`
            }
          </div>
          <span class="who muted small">${version && `Version ${version.version}`}</span>
        </div>
      </header>
      <main class=${`page ${name === 'tables' && address.path.length > 1 ? 'wide' : ''}`} id="page" tabindex="-1" ref=${page}>
        ${caller && html`<${Place} key=${name} name=${name} address=${address} />`}
      </main>
    </div>
    ${help && html`<${Keys} close=${() => setHelp(false)} />`}
    <${Toasts} />`;
}

// what the first place needs is on its way before anything is drawn
void introduce();
void PLACES[location.hash.match(/^#\/([a-z]+)/)?.[1] ?? '']?.[3]();
const root = document.getElementById('console');
if (root) render(html`<${Console} />`, root);
