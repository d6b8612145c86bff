// Search: words, and what they find and why.
import { RequestMade } from '../lib/code.js';
import { href, settle, go } from '../lib/address.js';
import { ask, tablePath, useRead } from '../lib/server.js';
import { embeds, mainColumn, plainColumns, TableChoice, textColumns, useTables, vectorColumns } from '../lib/tables.js';
import {
  brief,
  Check,
  duration,
  Empty,
  Failure,
  Field,
  html,
  Icon,
  json,
  shown,
  some,
  Title,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
  visible,
} from '../lib/view.js';

/** @typedef {import('../lib/tables.js').Table} Table */
/** @typedef {{ limit: string, filter: string, hybrid: string, weight: string, mmr: string, lambda: string, threshold: string, exact: string, metric: string, column: string }} Settings */

const NONE = /** @type {Settings} */ ({
  limit: '10',
  filter: '',
  hybrid: '',
  weight: '50',
  mmr: '',
  lambda: '0.5',
  threshold: '',
  exact: '',
  metric: '',
  column: '',
});
const METRICS = ['cosine', 'euclidean', 'inner_product'];

/** The request of a search. @param {Table} table @param {Settings} set @param {string} words @param {string} like */
export function searchRequest(table, set, words, like) {
  const columns = vectorColumns(table);
  const column = columns.find(({ name }) => name === set.column) ?? columns[0];
  const texts = textColumns(table);
  const numeric = table.columns.find(({ name }) => name === table.primary_key)?.type === 'int' || table.primary_key === 'row_id';
  const share = Number(set.weight) / 100;
  return {
    method: /** @type {const} */ ('POST'),
    path: `${tablePath(table.name)}/search/similarity`,
    body: {
      column: column?.name,
      ...(like ? { like: { key: numeric ? Number(like) : like } } : { query: words }),
      limit: Math.min(1000, Math.max(1, Number(set.limit) || 10)),
      ...(set.filter.trim() && { filters: { text: set.filter } }),
      ...(set.threshold !== '' && { threshold: Number(set.threshold) }),
      ...(set.metric && { metric: set.metric }),
      ...(set.exact && { exact: true }),
      ...(set.hybrid &&
        !like &&
        texts.length > 0 && {
          hybrid: {
            columns: texts,
            ...(share !== 0.5 && {
              weights: {
                similarity: round(2 * share),
                text: round(2 - 2 * share),
              },
            }),
          },
        }),
      ...(set.mmr && { mmr: { lambda: Number(set.lambda) } }),
      include_score: true,
      explain: true,
      include_query_embedding: false,
    },
  };
}

/** @param {number} value */
const round = (value) => Math.round(value * 100) / 100;

/** Text with the words of the query marked. @param {{ text: string, words: string }} given */
export function Marked({ text, words }) {
  const parts = useMemo(() => {
    const terms = [...new Set(words.toLowerCase().match(/[\p{L}\p{N}]{2,}/gu) ?? [])]
      .filter((term) => !COMMON.has(term))
      .slice(0, 20);
    if (!terms.length) return [text];
    const stems = terms
      .map((term) => (term.length > 5 ? term.replace(/(ing|ers|ed|es|s|e)$/, '') : term))
      .map((term) => term.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
    return text.split(new RegExp(`((?<![\\p{L}\\p{N}])(?:${stems.join('|')})[\\p{L}\\p{N}]{0,3}(?![\\p{L}\\p{N}]))`, 'giu'));
  }, [text, words]);
  return parts.map((part, at) => (at % 2 ? html`<mark>${part}</mark>` : part));
}

const COMMON = new Set(
  'a an and are as at be by can could do for from have how i in is it me my of on or our that the there this to up was we what when where which who why will with you your'.split(
    ' ',
  ),
);

/** What a search found, the newest answer for the newest question, one on its way at a time. @param {import('../lib/server.js').Request | null} request */
function useSearch(request) {
  const [state, setState] = useState(/** @type {{ answer?: any, error?: unknown, ms?: number, of?: string }} */ ({}));
  const wanted = useRef(/** @type {any} */ (null));
  const running = useRef(false);
  const text = request ? json(request) : '';
  // before the frame is painted: what comes after it waits for one more
  useLayoutEffect(() => {
    wanted.current = request;
    if (!request) return setState({});
    const run = async () => {
      if (running.current) return;
      running.current = true;
      for (let asked; wanted.current && asked !== wanted.current;) {
        asked = wanted.current;
        const begun = performance.now();
        try {
          const answer = await ask(asked, { retries: 0 });
          setState({ answer, ms: performance.now() - begun, of: json(asked) });
        } catch (error) {
          setState({ error, of: json(asked) });
        }
      }
      running.current = false;
    };
    void run();
  }, [text]);
  return { ...state, waiting: text !== '' && state.of !== text };
}

/** Shares of the time, in the order in which they happen. @param {{ explanation: any, ms?: number }} given */
function Explanation({ explanation, ms }) {
  const {
    plan,
    reason,
    rows,
    passing,
    candidates,
    step_micros: steps,
    embed_micros: embed,
    total_micros: total,
    recall,
    index,
    effort,
    passes,
    embedded,
  } = explanation;
  const parts = [['embed the words', embed ?? 0], ...Object.entries(steps ?? {})].filter(([, micros]) => Number(micros) > 0);
  const known = parts.reduce((sum, [, micros]) => sum + Number(micros), 0);
  if (total > known * 1.02) parts.push(['read and rank', total - known]);
  return html`<div class="card stack tight">
    <div class="row apart">
      <h2>How they were found</h2>
      <span class="row"
        ><span class="tag accent">${plan}</span>${recall != null && html`<span class="tag">recall ${round(recall)}</span>`}</span
      >
    </div>
    <p class="muted">${reason}.${passes > 1 ? ' The planned way found too few rows, so all were compared after all.' : ''}</p>
    <div
      class="line-of-time"
      role="img"
      aria-label=${parts.map(([name, micros]) => `${name} ${duration(Number(micros) / 1000)}`).join(', ')}
    >
      ${parts.map(([, micros], at) => html`<i style=${{ '--share': String(micros), '--colour': `var(--data-${(at % 8) + 1})` }}></i>`)}
    </div>
    <ul class="steps num">
      ${parts.map(
        ([name, micros], at) =>
          html`<li>
            <i class="swatch" style=${{ '--colour': `var(--data-${(at % 8) + 1})` }}></i>${name}
            <span class="muted">${duration(Number(micros) / 1000)}</span>
          </li>`,
      )}
      <li class="muted">server ${duration(total / 1000)}${ms !== undefined && `, with the way here ${duration(ms)}`}</li>
    </ul>
    <p class="small muted num">${[
      `${some(rows, 'row')} in the index`,
      `${some(passing, 'row')} pass the filter`,
      `${some(candidates, 'vector')} compared in full precision`,
      index && `by the index ${index}`,
      effort > 0 && `effort ${effort}`,
      embedded && `words embedded by ${embedded.model}`,
    ]
      .filter(Boolean)
      .join(', ')}.</p>
  </div>`;
}

/** @param {{ hit: any, at: number, table: Table, main: string, words: string, scale: number, moved?: number | null, settings: Settings }} given */
function Hit({ hit, at, table, main, words, scale, moved, settings }) {
  const key = hit.data[table.primary_key];
  const rest = Object.entries(hit.data).filter(([name, value]) => name !== main && value !== null);
  return html`<li class="hit" tabindex="-1" data-step>
    <span class="place">${at + 1}</span>
    <div class="stack tight">
      <p class="text">
        <${Marked} text=${shown(hit.data[main] ?? hit.data, 700)} words=${words} />
      </p>
      <div class="values">
        ${rest.slice(0, 6).map(([name, value]) => html`<span>${brief(name, 30)} <b>${shown(value, 80)}</b></span>`)}
      </div>
      <div class="row apart">
        <div class="row">
          <div class="score">
            <div class="bar">
              <i style=${{ '--part': String(Math.max(0.015, Math.min(1, (hit.similarity ?? hit.score) / scale))) }}></i>
            </div>
            <span class="num" title=${hit.ranks ? 'Similarity; hits stand in the order of both ranks' : 'Score'}
              >${(hit.similarity ?? hit.score)?.toFixed(3) ?? '–'}</span
            >
          </div>
          ${
            hit.ranks &&
            html`<span class="tag num" title="Place by meaning">meaning ${hit.ranks.similarity ?? '–'}</span>
              <span class="tag num" title="Place by words">words ${hit.ranks.text ?? '–'}</span>`
          }
          ${moved !== undefined && html`<${Moved} by=${moved} />`}
        </div>
        <div class="row">
          <a
            class="button quiet small"
            href=${href(['search', table.name], { ...different(settings), like: key })}
            aria-label=${`Like this one: ${shown(key, 40)}`}
            ><${Icon} name="like" />Like this one</a
          >
          <a
            class="button quiet small"
            href=${href(['tables', table.name, 'rows'], { row: key })}
            aria-label=${`Open the row ${shown(key, 40)}`}
            >Open</a
          >
        </div>
      </div>
    </div>
  </li>`;
}

/** How a hit's place differs from the other side's. @param {{ by: number | null }} given */
const Moved = ({ by }) =>
  by === null
    ? html`<span class="tag good">only here</span>`
    : by === 0
      ? html`<span class="tag">same place</span>`
      : html`<span class=${`tag ${by > 0 ? 'good' : 'warn'}`}><${Icon} name=${by > 0 ? 'up' : 'down'} />${Math.abs(by)}</span>`;

/** @param {Settings} settings */
const different = (settings) =>
  Object.fromEntries(Object.entries(settings).filter(([name, value]) => value !== NONE[/** @type {keyof Settings} */ (name)]));

/** @param {{ table: Table, settings: Settings, set: (change: Partial<Settings>) => void, like: string }} given */
function SettingsFields({ table, settings, set, like }) {
  const texts = textColumns(table);
  const columns = vectorColumns(table);
  const input = (/** @type {keyof Settings} */ name) => (/** @type {any} */ event) => set({ [name]: event.currentTarget.value });
  return html`<fieldset class="settings card">
    <legend class="unseen">Settings of the search</legend>
    <${Field} class="whole" label="Only rows where" hint="As in SQL, such as area = 'north' and year >= 2020">
      ${(/** @type {string} */ id) => html`<input id=${id} class="mono" value=${settings.filter} onInput=${input('filter')} placeholder="all rows" spellcheck="false" />`}
    <//>
    <${Field} label="At most"
      >${(/** @type {string} */ id) => html`<input id=${id} type="number" min="1" max="1000" value=${settings.limit} onInput=${input('limit')} />`}<//
    >
    <${Field} label="Least similarity"
      >${(/** @type {string} */ id) => html`<input id=${id} type="number" step="0.05" value=${settings.threshold} onInput=${input('threshold')} placeholder="any" />`}<//
    >
    ${
      columns.length > 1 &&
      html`<${Field} label="Vectors of">
        ${(/** @type {string} */ id) =>
          html`<select id=${id} value=${settings.column} onChange=${input('column')}>
            ${columns.map(({ name }) => html`<option value=${name}>${name}</option>`)}
          </select>`}
      <//>`
    }
    <${Field} label="Compared by">
      ${(/** @type {string} */ id) =>
        html`<select id=${id} value=${settings.metric} onChange=${input('metric')}>
          <option value="">as the column says</option>
          ${METRICS.map((metric) => html`<option value=${metric}>${metric.replace('_', ' ')}</option>`)}
        </select>`}
    <//>
    <div class="stack tight">
      <${Check}
        label="Words too (hybrid)"
        checked=${!!settings.hybrid}
        disabled=${texts.length === 0 || !!like}
        set=${(/** @type {boolean} */ on) => set({ hybrid: on ? '1' : '' })}
      />
      ${texts.length === 0 && html`<span class="small muted">Needs a text index. <a href=${href(['tables', table.name, 'indexes'])}>Make one</a></span>`}
      ${
        settings.hybrid &&
        texts.length > 0 &&
        html`<${Field} label=${`Meaning ${settings.weight} : ${100 - Number(settings.weight)} words`}>
          ${(/** @type {string} */ id) => html`<input id=${id} type="range" min="0" max="100" step="5" value=${settings.weight} onInput=${input('weight')} />`}
        <//>`
      }
    </div>
    <div class="stack tight">
      <${Check}
        label="Unlike one another (mmr)"
        checked=${!!settings.mmr}
        set=${(/** @type {boolean} */ on) => set({ mmr: on ? '1' : '' })}
      />
      ${
        settings.mmr &&
        html`<${Field} label=${`λ ${settings.lambda}: ${Number(settings.lambda) >= 0.5 ? 'similar first' : 'varied first'}`}>
          ${(/** @type {string} */ id) => html`<input id=${id} type="range" min="0" max="1" step="0.05" value=${settings.lambda} onInput=${input('lambda')} />`}
        <//>`
      }
    </div>
    <${Check}
      label="Compare all rows (exact)"
      checked=${!!settings.exact}
      set=${(/** @type {boolean} */ on) => set({ exact: on ? '1' : '' })}
    />
  </fieldset>`;
}

/** The hits of one side. @param {{ found: ReturnType<typeof useSearch>, other?: any, table: Table, words: string, settings: Settings, name?: string }} given */
function Found({ found, other, table, words, settings, name }) {
  const { answer, error, ms, waiting } = found;
  if (error) return html`<${Failure} error=${error} />`;
  if (!answer) return waiting ? html`<p class="muted" role="status">Searching…</p>` : null;
  const { results, explanation } = answer;
  const vector = vectorColumns(table).find(({ name }) => name === settings.column) ?? vectorColumns(table)[0];
  const main = mainColumn(table, vector);
  const scale = Math.max(
    1e-9,
    ...results.map((/** @type {any} */ hit) => hit.similarity ?? hit.score),
    vector?.metric === 'cosine' && !settings.metric ? 1 : 0,
  );
  const keys =
    other && new Map(other.results.map((/** @type {any} */ hit, /** @type {number} */ at) => [hit.data[table.primary_key], at]));
  return html`<section class="stack" aria-label=${name ?? 'Hits'} aria-busy=${waiting}>
    <div class="row apart">
      <h2>${name ? `${name}: ` : ''}${results.length ? some(results.length, 'hit') : 'Nothing was found'}</h2>
      <span class="muted small num">${duration(answer.search_time_ms)} at the server</span>
    </div>
    ${results.length === 0 && html`<p class="note">No row passes the filter and is similar enough. Lower the least similarity, or take away the filter.</p>`}
    <ol class="hits">
      ${results.map(
        (/** @type {any} */ hit, /** @type {number} */ at) =>
          html`<${Hit}
            key=${hit.data[table.primary_key]}
            hit=${hit}
            at=${at}
            table=${table}
            main=${main}
            words=${words}
            scale=${scale}
            settings=${settings}
            moved=${keys ? (keys.has(hit.data[table.primary_key]) ? /** @type {number} */ (keys.get(hit.data[table.primary_key])) - at : null) : undefined}
          />`,
      )}
    </ol>
    ${explanation && html`<${Explanation} explanation=${explanation} ms=${ms} />`}
  </section>`;
}

/** @param {{ table: Table, tables: Table[], at: Record<string, string> }} given */
function Search({ table, tables, at }) {
  const [words, setWords] = useState(at.q ?? '');
  const [settings, setSettings] = useState(() => pick(at, ''));
  const [second, setSecond] = useState(() => /** @type {Settings | null} */ (at.compare ? pick(at, '2.') : null));
  const [open, setOpen] = useState(Object.keys(different(pick(at, ''))).length > 0 || !!at.compare);
  const like = at.like ?? '';
  const field = useRef(/** @type {HTMLInputElement | null} */ (null));
  useEffect(() => {
    const twice = second
      ? Object.fromEntries(Object.entries(different(second)).map(([name, value]) => [`2.${name}`, value]))
      : {};
    settle(['search', table.name], {
      ...(like ? { like } : { q: words }),
      ...different(settings),
      ...(second && { compare: 1 }),
      ...twice,
    });
  }, [words, settings, second, like]);
  useEffect(() => {
    if (!like && matchMedia('(min-width: 761px)').matches) field.current?.focus();
  }, []);
  const vector = vectorColumns(table).find(({ name }) => name === settings.column) ?? vectorColumns(table)[0];
  const may = vector && (like || (words.trim() && embeds(table, vector)));
  const one = useSearch(may ? searchRequest(table, settings, words, like) : null);
  const two = useSearch(may && second ? searchRequest(table, second, words, like) : null);
  const liked = useRead(
    async (signal) =>
      like
        ? ask(
            {
              method: 'GET',
              path: `${tablePath(table.name)}/rows/${encodeURIComponent(like)}`,
            },
            { signal },
          )
        : null,
    [table.name, like],
  );
  const chips = Object.keys(different(settings)).length;
  const type = (/** @type {any} */ event) => {
    setWords(event.currentTarget.value);
    if (like)
      go(['search', table.name], {
        ...different(settings),
        q: event.currentTarget.value,
      });
  };
  return html`<${Title}
      name="Search"
      about="Type what you mean. Rows are found by meaning, and by their words too if you like."
    />
    <div class="stack">
      <form class="seekbar" role="search" onSubmit=${(/** @type {Event} */ event) => event.preventDefault()}>
        <${TableChoice}
          tables=${tables}
          value=${table.name}
          set=${(/** @type {string} */ name) => go(['search', name], { q: words })}
        />
        <div class="seek">
          <${Icon} name="search" />
          <input
            ref=${field}
            type="search"
            data-first
            aria-label="What you look for"
            placeholder="What do you look for?"
            value=${like ? '' : words}
            onInput=${type}
            autocomplete="off"
            maxlength="4000"
          />
        </div>
      </form>
      <div class="row apart">
        <div class="row">
          <button class="button" aria-expanded=${open} onClick=${() => setOpen(!open)}>
            <${Icon} name="settings" />Settings${chips ? ` (${chips})` : ''}
          </button>
          <button
            class="button"
            aria-pressed=${!!second}
            onClick=${() => (setSecond(second ? null : { ...settings, mmr: settings.mmr ? '' : '1' }), setOpen(true))}
          >
            <${Icon} name="compare" />${second ? 'One setting' : 'Compare two settings'}
          </button>
        </div>
        ${
          like &&
          html`<span class="tag accent"
            >like ${shown(like, 60)}
            <a href=${href(['search', table.name], { ...different(settings), q: words })} aria-label="Not like this one any more"
              ><${Icon} name="close" /></a
          ></span>`
        }
      </div>
      ${like && liked.data && html`<div class="note"><${Marked} text=${shown(liked.data[mainColumn(table, vector)], 300)} words="" /></div>`}
      ${!vector && html`<p class="note warn">The table ${visible(brief(table.name, 80))} has no vectors. <a href=${href(['tables', table.name, 'columns'])}>Add a column that embeds a text</a>.</p>`}
      ${vector && !embeds(table, vector) && !like && html`<p class="note warn">Nobody says which model made the vectors of ${vector.name}, so that words cannot be compared with them. Open a row and look for others like it.</p>`}
      <div class=${`sides ${second ? 'two' : ''}`}>
        <div class="stack">
          ${open && html`<${SettingsFields} table=${table} settings=${settings} like=${like} set=${(/** @type {Partial<Settings>} */ change) => setSettings({ ...settings, ...change })} />`}
          <${Found}
            found=${one}
            other=${second ? two.answer : undefined}
            table=${table}
            words=${like ? '' : words}
            settings=${settings}
            name=${second ? 'First' : undefined}
          />
        </div>
        ${
          second &&
          html`<div class="stack">
            ${open && html`<${SettingsFields} table=${table} settings=${second} like=${like} set=${(/** @type {Partial<Settings>} */ change) => setSecond({ ...second, ...change })} />`}
            <${Found}
              found=${two}
              other=${one.answer}
              table=${table}
              words=${like ? '' : words}
              settings=${second}
              name="Second"
            />
          </div>`
        }
      </div>
      ${
        !may &&
        vector &&
        embeds(table, vector) &&
        html`<${Empty} icon="search" title="Nothing is looked for yet"
          ><p>Hits come while you type. <kbd>/</kbd> leads to the field from anywhere.</p><//
        >`
      }
    </div>
    <${RequestMade} request=${may ? searchRequest(table, settings, words, like) : null} ms=${one.ms} />`;
}

/** @param {Record<string, string>} at @param {string} before @returns {Settings} */
const pick = (at, before) =>
  /** @type {Settings} */ (Object.fromEntries(Object.entries(NONE).map(([name, value]) => [name, at[before + name] ?? value])));

/** @param {{ address: import('../lib/address.js').Address }} given */
export default function SearchPlace({ address }) {
  const { data: tables, error, reload } = useTables();
  const { path, at } = address;
  if (error) return html`<${Failure} error=${error} retry=${reload} />`;
  if (!tables) return null;
  const table = path[1]
    ? tables.find(({ name }) => name === path[1])
    : (tables.find((each) => vectorColumns(each).some((column) => embeds(each, column))) ?? tables[0]);
  if (!table)
    return html`<${Title} name="Search" /><${Empty}
        icon="search"
        title=${path[1] ? 'There is no such table' : 'There is nothing to search yet'}
      >
        <a class="button main" href=${href([])}>First steps</a>
      <//>`;
  return html`<${Search} key=${`${table.name}\n${at.like ?? ''}`} table=${table} tables=${tables} at=${at} />`;
}
