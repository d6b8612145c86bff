// SQL: a query, its rows and a chart of them.
import { RequestMade } from '../lib/code.js';
import { href, settle } from '../lib/address.js';
import { quotedName } from '../lib/filter.js';
import { ask } from '../lib/server.js';
import { useTables } from '../lib/tables.js';
import {
  brief,
  Copy,
  count,
  duration,
  Failure,
  html,
  Icon,
  json,
  say,
  shown,
  some,
  Tabs,
  Title,
  useEffect,
  useMemo,
  useRef,
  useState,
  visible,
} from '../lib/view.js';

const HISTORY = 'akidb-sql';
const WORDS =
  'select from where and or not in like between is null order by group having limit offset join left inner on as distinct count sum avg min max case when then else end desc asc union all with cast exists lower upper length round date similarity'.split(
    ' ',
  );

/** Queries of this tab, newest first. @returns {string[]} */
function history() {
  try {
    return JSON.parse(sessionStorage.getItem(HISTORY) ?? '[]');
  } catch {
    return [];
  }
}

/** @param {string} query */
function remember(query) {
  sessionStorage.setItem(
    HISTORY,
    json([query, ...history().filter((each) => each !== query)].slice(0, 50).map((each) => each.slice(0, 20_000))),
  );
}

/** What the word before the caret may become. @param {string} text @param {number} caret @param {string[]} names */
function completions(text, caret, names) {
  const word = /[\w".]*$/.exec(text.slice(0, caret))?.[0] ?? '';
  if (word.length < 1 || /^\d/.test(word)) return { word, all: [] };
  const wanted = word.replace(/^.*\./, '').replaceAll('"', '').toLowerCase();
  const all = [...names, ...WORDS].filter(
    (name) => name.toLowerCase().replaceAll('"', '').startsWith(wanted) && name.toLowerCase() !== wanted,
  );
  return { word: word.replace(/^.*\./, ''), all: wanted ? [...new Set(all)].slice(0, 8) : [] };
}

/** @typedef {{ columns: string[], rows: any[][] }} Answer */

/** Bars or a line, of the first column of names or numbers and the columns of numbers. @param {{ answer: Answer }} given */
function Chart({ answer: { columns, rows } }) {
  const numeric = columns.map(
    (_, at) =>
      rows.length > 0 &&
      rows.every((row) => row[at] === null || typeof row[at] === 'number') &&
      rows.some((row) => row[at] !== null),
  );
  const label = Math.max(0, numeric.findIndex((is) => !is) >= 0 ? numeric.findIndex((is) => !is) : 0);
  const values = columns.map((_, at) => at).filter((at) => numeric[at] && at !== label);
  const [of, setOf] = useState(values[0] ?? -1);
  if (of < 0 || !numeric[of])
    return html`<p class="note">A chart needs a column of numbers beside another one, such as <code>select kind, count(*) as n from trail_reports group by kind</code>.</p>`;
  const shownRows = rows.slice(0, 60);
  const most = Math.max(...shownRows.map((row) => Math.abs(row[of] ?? 0)), 1e-9);
  return html`<div class="card stack">
    ${
      values.length > 1 &&
      html`<select class="narrow" aria-label="Numbers of the chart" value=${of} onChange=${(/** @type {any} */ event) => setOf(Number(event.currentTarget.value))}>${values.map((at) => html`<option value=${at}>${columns[at]}</option>`)}</select>`
    }
    <ul class="bars" aria-label=${`${columns[of]} by ${columns[label]}`}>
      ${shownRows.map(
        (row) => html`<li>
          <span class="cut" dir="auto">${shown(row[label], 60)}</span>
          <div class="bar tall"><i style=${{ '--part': String(Math.abs(row[of] ?? 0) / most) }}></i></div>
          <span class="num">${typeof row[of] === 'number' ? count(+row[of].toPrecision(6)) : '–'}</span>
        </li>`,
      )}
    </ul>
    ${rows.length > shownRows.length && html`<p class="small muted">The first ${shownRows.length} of ${count(rows.length)} rows.</p>`}
  </div>`;
}

/** @param {{ answer: Answer }} given */
function Rows({ answer: { columns, rows } }) {
  const [most, setMost] = useState(200);
  return html`<div class="card flush scroll result" tabindex="0" role="region" aria-label="Rows of the answer">
      <table class="table">
        <thead><tr>${columns.map((name) => html`<th>${visible(brief(name, 60))}</th>`)}</tr></thead>
        <tbody>
          ${rows.slice(0, most).map((row) => html`<tr>${row.map((value) => html`<td class=${typeof value === 'number' ? 'right' : ''} dir="auto">${value === null ? html`<span class="muted">null</span>` : shown(value, 300)}</td>`)}</tr>`)}
        </tbody>
      </table>
    </div>
    ${rows.length > most && html`<div><button class="button" onClick=${() => setMost(most + 1000)}>Show more of ${count(rows.length)} rows</button></div>`}`;
}

/** As a file of comma-separated values. @param {Answer} answer */
function csv({ columns, rows }) {
  const cell = (/** @type {unknown} */ value) => {
    const text = value === null || value === undefined ? '' : typeof value === 'object' ? json(value) : String(value);
    // a spreadsheet would compute what begins like a formula
    const safe = typeof value === 'string' && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
    return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  };
  return [columns, ...rows].map((row) => row.map(cell).join(',')).join('\r\n');
}

/** @param {string} text @param {string} name */
function download(text, name) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], { type: 'text/csv' }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

/** @param {{ address: import('../lib/address.js').Address }} given */
export default function Sql({ address }) {
  const { data: tables } = useTables();
  const [query, setQuery] = useState(address.at.q ?? '');
  const [answer, setAnswer] = useState(/** @type {(Answer & { ms: number, query: string }) | null} */ (null));
  const [error, setError] = useState(/** @type {unknown} */ (null));
  const [plan, setPlan] = useState(/** @type {string[] | null} */ (null));
  const [stop, setStop] = useState(/** @type {AbortController | null} */ (null));
  const [tab, setTab] = useState('rows');
  const [offered, setOffered] = useState(/** @type {{ word: string, all: string[] }} */ ({ word: '', all: [] }));
  const [pick, setPick] = useState(0);
  const [past, setPast] = useState(history);
  const field = useRef(/** @type {HTMLTextAreaElement | null} */ (null));
  const names = useMemo(
    () => [
      ...new Set(
        (tables ?? []).flatMap((table) => [
          quotedName(table.name, [table.name]),
          ...table.columns.map(({ name }) => quotedName(name, [name])),
        ]),
      ),
    ],
    [tables],
  );
  useEffect(() => settle(['sql'], { q: query.length < 4000 ? query : '' }), [query]);
  const request = { method: /** @type {const} */ ('POST'), path: '/sql', body: { query: query.trim().replace(/;$/, '') } };
  const run = async (/** @type {boolean} */ explain) => {
    if (!query.trim() || stop) return;
    const abort = new AbortController();
    setStop(abort);
    setOffered({ word: '', all: [] });
    const begun = performance.now();
    try {
      if (explain) {
        setPlan((await ask({ ...request, body: { ...request.body, explain } }, { signal: abort.signal, retries: 0 })).plan);
        setError(null);
        return;
      }
      const found = await ask(request, { signal: abort.signal, retries: 0 });
      const ms = performance.now() - begun;
      setAnswer({ ...found, ms, query });
      setError(null);
      remember(query);
      setPast(history());
    } catch (failure) {
      if (abort.signal.aborted) say('The query was cancelled');
      else setError(failure);
    } finally {
      setStop(null);
    }
  };
  const accept = (/** @type {string} */ name) => {
    const area = field.current;
    if (!area) return;
    const at = area.selectionStart;
    // in the field itself and at once: what is typed on lands behind it
    area.setRangeText(name, at - offered.word.length, at, 'end');
    area.focus();
    setQuery(area.value);
    setOffered({ word: '', all: [] });
  };
  const type = (/** @type {any} */ event) => {
    setQuery(event.currentTarget.value);
    setOffered(completions(event.currentTarget.value, event.currentTarget.selectionStart, names));
    setPick(0);
  };
  const press = (/** @type {KeyboardEvent} */ event) => {
    if ((event.ctrlKey || event.metaKey) && event.key === 'Enter') {
      event.preventDefault();
      return void run(false);
    }
    if (!offered.all.length) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      setPick((pick + step + offered.all.length) % offered.all.length);
    } else if (event.key === 'Tab' || (event.key === 'Enter' && pick > 0)) {
      event.preventDefault();
      accept(offered.all[pick]);
    } else if (event.key === 'Escape') setOffered({ word: '', all: [] });
  };
  const table = tables?.find(({ row_count }) => row_count > 0);
  const examples = table
    ? [
        `select * from ${quotedName(table.name, [table.name])} limit 20`,
        ...(table.name === 'trail_reports'
          ? [
              'select kind, count(*) as reports, round(avg(kilometres), 1) as kilometres from trail_reports group by kind order by reports desc',
              "select id, report, similarity(report_vector, 'bad weather') as score from trail_reports order by score desc limit 5",
            ]
          : [`select count(*) as n from ${quotedName(table.name, [table.name])}`]),
      ]
    : [];
  return html`<${Title} name="SQL" about=${html`Reads tables and collections; nothing can be changed by it. <kbd>Ctrl</kbd> <kbd>Enter</kbd> runs the query.`} />
    <div class="stack">
      <div class="editor">
        <textarea ref=${field} data-first class="mono" rows="6" spellcheck="false" aria-label="Query" placeholder="select …" value=${query} onInput=${type} onKeyDown=${press} aria-autocomplete="list" aria-haspopup="listbox" aria-controls="offers" aria-activedescendant=${offered.all.length ? `offer-${pick}` : undefined}></textarea>
        <ul id="offers" role="listbox" aria-label="Completions" class="offers" hidden=${offered.all.length === 0}>
          ${offered.all.map((name, at) => html`<li id=${`offer-${at}`} role="option" aria-selected=${at === pick} onMouseDown=${(/** @type {Event} */ event) => (event.preventDefault(), accept(name))}>${brief(name, 60)}</li>`)}
          <li class="muted small" role="presentation"><kbd>Tab</kbd> takes it</li>
        </ul>
      </div>
      <div class="row">
        ${stop ? html`<button class="button" onClick=${() => stop.abort()}>Cancel</button>` : html`<button class="button main" onClick=${() => run(false)} disabled=${!query.trim()}><${Icon} name="play" />Run</button><button class="button" onClick=${() => run(true)} disabled=${!query.trim()}>Plan</button>`}
        ${
          past.length > 0 &&
          html`<select class="narrow" aria-label="Queries of this tab" value="" onChange=${(/** @type {any} */ event) => event.currentTarget.value && (setQuery(past[Number(event.currentTarget.value)]), (event.currentTarget.value = ''))}>
          <option value="">Earlier queries…</option>
          ${past.map((each, at) => html`<option value=${at}>${brief(each.replace(/\s+/g, ' '), 80)}</option>`)}
        </select>`
        }
      </div>
      ${!answer && !error && !plan && examples.length > 0 && html`<div class="card stack tight"><h2>To begin with</h2>${examples.map((each) => html`<button class="button quiet example" onClick=${() => setQuery(each)}><code class="cut">${each}</code></button>`)}</div>`}
      <${Failure} error=${error} />
      ${
        plan &&
        html`<section class="card stack tight" aria-label="Plan">
          <div class="row apart"><h2>How it would be answered</h2><button class="button quiet small" aria-label="Close the plan" onClick=${() => setPlan(null)}><${Icon} name="close" /></button></div>
          <ol class="plan">${plan.map((step) => html`<li style=${{ '--deep': String((/^ */.exec(step)?.[0].length ?? 0) / 2) }}>${brief(visible(step.trim()), 400)}</li>`)}</ol>
        </section>`
      }
      ${
        answer &&
        html`<section class="stack" aria-label="Answer">
        <div class="row apart">
          <${Tabs} name="The answer as" value=${tab} set=${setTab} options=${[
            ['rows', 'Rows'],
            ['chart', 'Chart'],
          ]} />
          <span class="row"><span class="muted small num" role="status">${some(answer.rows.length, 'row')}, ${duration(answer.ms)}</span><${Copy} label="Copy JSON" text=${() =>
            json(
              answer.rows.map((row) => Object.fromEntries(row.map((value, at) => [answer.columns[at], value]))),
              2,
            )} /><button class="button small" onClick=${() => download(csv(answer), 'answer.csv')}>CSV</button></span>
        </div>
        ${tab === 'rows' && html`<${Rows} answer=${answer} />`} ${tab === 'chart' && html`<${Chart} key=${answer.query} answer=${answer} />`}
      </section>`
      }
    </div>
    <${RequestMade} request=${query.trim() ? request : null} ms=${answer?.ms} rows=${answer?.rows.length} />`;
}
