// The rows of a table: any number of them, of which those are read that are looked at.
import { RequestMade } from '../lib/code.js';
import { go, href, settle } from '../lib/address.js';
import { conditions, OPERATORS, written } from '../lib/filter.js';
import { ask, may, path, tablePath, useRead, words as said } from '../lib/server.js';
import { mainColumn, plainColumns, vectorColumns } from '../lib/tables.js';
import {
  brief,
  Check,
  count,
  Dialog,
  Empty,
  Failure,
  Field,
  html,
  Icon,
  json,
  moment,
  say,
  shown,
  some,
  Sure,
  useCallback,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
  visible,
} from '../lib/view.js';

/** @typedef {import('../lib/tables.js').Table} Table */
/** @typedef {import('../lib/tables.js').Column} Column */

const PAGE = 200;
const HEIGHT = 34;
const HEAD = 37;
/** Browsers draw nothing that is higher than some 17 to 33 million pixels. */
const TALLEST = 12_000_000;
/** Pages that are kept: those far away are read again when one comes back to them. */
const KEPT = 40;

/** What is read of a page. @param {Table} table @param {View} view */
function queryOf(table, view) {
  return {
    method: /** @type {const} */ ('POST'),
    path: `${tablePath(table.name)}/query`,
    body: {
      ...(view.where.trim() && { where: { text: view.where } }),
      ...(view.sort && { order_by: [{ column: view.sort, direction: view.down ? 'desc' : 'asc' }] }),
      limit: PAGE,
    },
  };
}

/** @typedef {{ where: string, sort: string, down: boolean }} View */

/**
 * Pages of rows as they are looked at, by cursors where the page before is there, and by offset where one jumped.
 *
 * @param {Table} table
 * @param {View} view
 * @param {number} turn another one after something was written
 */
function usePages(table, view, turn) {
  const [, draw] = useState({});
  const state = useRef(
    /** @type {{ pages: Map<number, any[]>, cursors: Map<number, string | null>, asked: Set<number>, total: number | null, error: unknown, stop: AbortController, ms?: number }} */ (
      /** @type {any} */ (null)
    ),
  );
  const key = json([table.name, view, turn]);
  const of = useRef('');
  if (of.current !== key) {
    of.current = key;
    state.current?.stop.abort();
    state.current = {
      pages: new Map(),
      cursors: new Map(),
      asked: new Set(),
      total: null,
      error: undefined,
      stop: new AbortController(),
    };
  }
  const now = state.current;
  const load = useCallback(
    async (/** @type {number} */ page) => {
      const its = state.current;
      if (its.pages.has(page) || its.asked.has(page)) return;
      its.asked.add(page);
      const request = queryOf(table, view);
      const cursor = its.cursors.get(page);
      const begun = performance.now();
      try {
        const body = { ...request.body, ...(cursor ? { cursor } : page > 0 && { offset: page * PAGE }) };
        const answer = await ask({ ...request, body }, { signal: its.stop.signal });
        its.ms = performance.now() - begun;
        its.pages.set(page, answer.rows);
        its.cursors.set(page + 1, answer.next_cursor);
        if (its.pages.size > KEPT)
          its.pages.delete([...its.pages.keys()].reduce((far, one) => (Math.abs(one - page) > Math.abs(far - page) ? one : far)));
        if (!answer.next_cursor && !answer.truncated) its.total = page * PAGE + answer.rows.length;
      } catch (error) {
        if (its.stop.signal.aborted) return;
        its.error = error;
      }
      its.asked.delete(page);
      if (state.current === its) draw({});
    },
    [key],
  );
  useEffect(() => {
    const its = state.current;
    void load(0);
    ask(
      {
        method: 'POST',
        path: `${tablePath(table.name)}/query`,
        body: { ...(view.where.trim() && { where: { text: view.where } }), count: true },
      },
      { signal: its.stop.signal },
    ).then(
      ({ count: total }) => {
        its.total ??= total;
        if (state.current === its) draw({});
      },
      () => undefined, // the rows themselves say what is wrong
    );
    return () => its.stop.abort();
  }, [key]);
  return { ...now, load, row: (/** @type {number} */ at) => now.pages.get(Math.floor(at / PAGE))?.[at % PAGE] };
}

/**
 * Where one looks among rows that may be higher, all together, than a browser can make a box. Small steps move by as many
 * pixels as they are; a jump goes to that part of all rows.
 *
 * @param {number} total
 */
function useSight(total) {
  const box = useRef(/** @type {HTMLDivElement | null} */ (null));
  const [seen, setSeen] = useState({ top: 0, height: 600, shift: 0 });
  const last = useRef({ place: 0, top: 0 });
  const height = total * HEIGHT;
  const room = Math.min(height, TALLEST);
  const span = (/** @type {HTMLElement} */ element) => {
    const places = Math.max(1, room + HEAD - element.clientHeight);
    const tops = Math.max(0, height + HEAD - element.clientHeight);
    return { tops, share: tops / places };
  };
  const put = (/** @type {HTMLElement} */ element, /** @type {number} */ top) => {
    last.current = { place: element.scrollTop, top };
    setSeen({ top, height: element.clientHeight, shift: top - element.scrollTop });
  };
  /** @param {number} to pixels from the top of the first row */
  const look = (to) => {
    const element = box.current;
    if (!element) return;
    const { tops, share } = span(element);
    const top = Math.max(0, Math.min(tops, to));
    element.scrollTop = room < height ? top / share : top;
    put(element, room < height ? top : element.scrollTop);
  };
  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    let rest = 0;
    const measure = () => {
      const place = element.scrollTop;
      if (room === height) return put(element, place);
      const { tops, share } = span(element);
      const step = place - last.current.place;
      const jumps = Math.abs(step) > 2 * element.clientHeight;
      put(element, Math.max(0, Math.min(tops, jumps ? place * share : last.current.top + step)));
      clearTimeout(rest);
      // when one rests, the bar is brought to where one is, so that neither end comes too soon
      rest = window.setTimeout(() => {
        const { top } = last.current;
        if (Math.abs(element.scrollTop - top / share) > 1) look(top);
      }, 150);
    };
    measure();
    element.addEventListener('scroll', measure, { passive: true });
    const watch = new ResizeObserver(measure);
    watch.observe(element);
    return () => (clearTimeout(rest), element.removeEventListener('scroll', measure), watch.disconnect());
  }, [total]);
  return { box, seen, look, room };
}

const LEAST = /** @type {Record<string, number>} */ ({ int: 84, float: 100, bool: 80, timestamp: 190, json: 150, string: 110 });

/** How wide a column is at least, in pixels. @param {Column} column @param {string} main */
const least = (column, main) => (column.name === main ? 260 : (LEAST[column.type] ?? 110));

/** How wide a column is drawn. @param {Column} column @param {string} main @param {string} key */
const width = (column, main, key) =>
  column.name === main || column.type === 'json' || (column.type === 'string' && column.name !== key)
    ? `minmax(${least(column, main)}px, ${column.name === main ? 5 : 1}fr)`
    : `${least(column, main)}px`;

/** A condition's value: what is being typed is nobody else's until the field is left. @param {{ at: number, condition: import('../lib/filter.js').Condition, set: (value: string) => void }} given */
function Value({ at, condition: { operator, value }, set }) {
  const [text, setText] = useState(value);
  useEffect(() => setText(value), [value]);
  return html`<input
    aria-label=${`Value of condition ${at + 1}`}
    value=${text}
    placeholder=${operator === 'in' ? 'one, two' : operator === 'like' ? '%word%' : 'value'}
    onInput=${(/** @type {any} */ event) => setText(event.currentTarget.value)}
    onChange=${() => set(text)}
  />`;
}

/** The filter as text and as fields. @param {{ table: Table, where: string, set: (where: string) => void, error: unknown }} given */
function Filter({ table, where, set, error }) {
  const [fields, setFields] = useState(false);
  const NONE = { column: '', operator: '=', value: '' };
  // a condition without its value is not yet one
  const [draft, setDraft] = useState(NONE);
  const [text, setText] = useState(where);
  useEffect(() => setText(where), [where]);
  const simple = useMemo(() => conditions(text), [text]);
  const typeOf = (/** @type {string} */ column) => table.columns.find(({ name }) => name === column)?.type;
  const names = table.columns.map(({ name }) => name);
  const write = (/** @type {import('../lib/filter.js').Condition[]} */ all) => {
    const made = written(all, typeOf, names);
    setText(made);
    set(made);
  };
  return html`<div class="stack tight grow filter">
    <form
      class="row"
      onSubmit=${(/** @type {Event} */ event) => {
        event.preventDefault();
        set(text);
      }}
    >
      <div class="seek grow small-seek">
        <${Icon} name="filter" />
        <input
          data-first
          class="mono"
          aria-label="Only rows where"
          placeholder="all rows; or a condition such as year >= 2024"
          spellcheck="false"
          value=${text}
          onInput=${(/** @type {any} */ event) => setText(event.currentTarget.value)}
          onBlur=${() => set(text)}
          aria-invalid=${!!error}
        />
      </div>
      <button class="button">Filter</button>
      <button type="button" class="button" aria-expanded=${fields} onClick=${() => setFields(!fields)}>Conditions</button>
      ${where && html`<button type="button" class="button quiet" onClick=${() => set('')}>All rows</button>`}
    </form>
    ${
      fields &&
      (simple === null
        ? html`<p class="note small">This condition says more than fields can show. It is used as it stands.</p>`
        : html`<fieldset class="card stack tight">
            <legend class="unseen">Conditions that all have to hold</legend>
            ${[...simple, draft].map((condition, at) => {
              const change = (/** @type {Partial<import('../lib/filter.js').Condition>} */ its) => {
                const made = { ...condition, ...its };
                if (at < simple.length) return write([...simple.slice(0, at), made, ...simple.slice(at + 1)]);
                const whole = made.column && (made.value !== '' || made.operator.startsWith('is'));
                setDraft(whole ? NONE : made);
                if (whole) write([...simple, made]);
              };
              return html`<div class="row condition" key=${at}>
                <select
                  aria-label=${`Column of condition ${at + 1}`}
                  value=${condition.column}
                  onChange=${(/** @type {any} */ event) => change({ column: event.currentTarget.value })}
                >
                  <option value="">${at < simple.length ? 'no condition' : 'add a condition…'}</option>
                  ${plainColumns(table).map(({ name }) => html`<option value=${name} selected=${name === condition.column}>${brief(name, 60)}</option>`)}
                  ${condition.column && !names.includes(condition.column) && html`<option value=${condition.column} selected>${condition.column}</option>`}
                </select>
                ${
                  condition.column &&
                  html`<select
                      aria-label=${`Operator of condition ${at + 1}`}
                      value=${condition.operator}
                      onChange=${(/** @type {any} */ event) => change({ operator: event.currentTarget.value })}
                    >
                      ${OPERATORS.map((operator) => html`<option selected=${operator === condition.operator}>${operator}</option>`)}
                    </select>
                    ${
                      !condition.operator.startsWith('is') &&
                      html`<${Value} at=${at} condition=${condition} set=${(/** @type {string} */ value) => change({ value })} />`
                    }
                    <button
                      type="button"
                      class="button quiet"
                      aria-label=${`Remove condition ${at + 1}`}
                      onClick=${() => (at < simple.length ? write(simple.filter((_, other) => other !== at)) : setDraft(NONE))}
                    >
                      <${Icon} name="close" />
                    </button>`
                }
              </div>`;
            })}
          </fieldset>`)
    }
  </div>`;
}

/** @param {unknown} value @param {Column} column */
const editable = (value, column) =>
  value === null || value === undefined ? '' : column.type === 'json' ? json(value, 2) : String(value);

/** A value from what was typed. @param {string} text @param {Column} column */
function parsed(text, column) {
  if (column.type === 'string') return text;
  if (text.trim() === '') return null;
  if (column.type === 'json') return JSON.parse(text);
  if (column.type === 'bool') return text === 'true';
  if (column.type === 'timestamp') return text.trim();
  const number = Number(text);
  if (Number.isNaN(number)) throw new Error(`${column.name}: ${text.slice(0, 40)} is no number`);
  return number;
}

/** A value in full, as far as a page can bear. @param {{ value: unknown, column: Column }} given */
function Whole({ value, column }) {
  const [all, setAll] = useState(false);
  if (value === null || value === undefined) return html`<span class="muted">null</span>`;
  const text = visible(typeof value === 'string' ? value : json(value, 2));
  const most = all ? 200_000 : 2_000;
  return html`${column.type === 'json' || text.length > 200 ? html`<pre class="code wrap" tabindex="0" dir="auto">${brief(text, most)}</pre>` : html`<span dir="auto" class="value">${text}</span>`}
  ${text.length > most && html`<span class="small muted">${count(text.length)} characters. ${!all && html`<button class="button small" onClick=${() => setAll(true)}>Show more</button>`}</span>`}`;
}

/** One row: all of it, to change and to delete. @param {{ table: Table, id: string, close: () => void, changed: () => void }} given */
function RowPanel({ table, id, close, changed }) {
  const collection = table.kind === 'collection';
  const rowPath = collection ? path`/collections/${table.name}/documents/${id}` : `${tablePath(table.name)}${path`/rows/${id}`}`;
  const request = /** @type {import('../lib/server.js').Request} */ ({
    method: 'GET',
    path: `${tablePath(table.name)}${path`/rows/${id}`}?include_meta=true`,
  });
  const { data: row, error, reload } = useRead((signal) => ask(request, { signal }), [table.name, id]);
  const { data: computed } = useRead(
    async (signal) =>
      collection ? [] : (await ask({ method: 'GET', path: `${tablePath(table.name)}/columns/computed` }, { signal })).columns,
    [table.name],
  );
  const [draft, setDraft] = useState(/** @type {Record<string, string> | null} */ (null));
  const [failure, setFailure] = useState(/** @type {unknown} */ (null));
  const [dropping, setDropping] = useState(false);
  const [vector, setVector] = useState(/** @type {Record<string, any> | null} */ (null));
  const columns = plainColumns(table);
  const save = async (/** @type {Event} */ event) => {
    event.preventDefault();
    try {
      const values = Object.fromEntries(
        Object.entries(draft ?? {}).map(([name, text]) => [
          name,
          parsed(text, /** @type {Column} */ (columns.find((column) => column.name === name))),
        ]),
      );
      await ask({ method: 'PATCH', path: rowPath, body: collection ? values : { values }, once: true });
      setDraft(null);
      setFailure(null);
      say('The row is changed');
      reload();
      changed();
    } catch (problem) {
      setFailure(problem);
    }
  };
  return html`<${Dialog} title=${`${table.primary_key} ${shown(id, 60)}`} close=${close}>
    <${Failure} error=${error} retry=${reload} />
    ${
      row &&
      html`<form class="stack" onSubmit=${save}>
        <div class="stack tight">
          ${columns.map(
            (column) =>
              html`<div class="field" key=${column.name}>
                ${
                  draft && column.name !== table.primary_key
                    ? html`<label for=${`edit-${column.name}`}
                          >${visible(brief(column.name, 80))} <span class="tag">${column.type}</span></label
                        >
                        ${
                          column.type === 'string' || column.type === 'json'
                            ? html`<textarea
                                id=${`edit-${column.name}`}
                                dir="auto"
                                class=${column.type === 'json' ? 'mono' : ''}
                                rows=${column.type === 'json' ? 6 : 3}
                                value=${draft[column.name] ?? editable(row[column.name], column)}
                                onInput=${(/** @type {any} */ event) => setDraft({ ...draft, [column.name]: event.currentTarget.value })}
                              ></textarea>`
                            : html`<input
                                id=${`edit-${column.name}`}
                                value=${draft[column.name] ?? editable(row[column.name], column)}
                                onInput=${(/** @type {any} */ event) => setDraft({ ...draft, [column.name]: event.currentTarget.value })}
                              />`
                        }`
                    : html`<span class="label">${visible(brief(column.name, 80))} <span class="tag">${column.type}</span></span
                        ><${Whole} value=${row[column.name]} column=${column} />`
                }
              </div>`,
          )}
          ${vectorColumns(table).map((column) => {
            const its = computed?.find((/** @type {any} */ one) => one.column_name === column.name);
            return html`<div class="field" key=${column.name}>
              <span class="label"
                >${visible(brief(column.name, 80))}${' '}
                <span class="tag">${count(column.dimensions)} numbers</span>${' '}
                ${its && html`<span class=${`tag ${its.status === 'ready' ? 'good' : 'warn'}`}>${its.status}</span>`}</span
              >
              ${
                vector
                  ? vector[column.name]
                    ? html`<pre class="code wrap" tabindex="0">
${vector[column.name].map((/** @type {number} */ each) => each.toFixed(4)).join('  ')}</pre>`
                    : html`<span class="muted">There is no vector yet</span>`
                  : html`<div>
                      <button
                        type="button"
                        class="button small"
                        onClick=${async () => setVector(await ask({ method: 'GET', path: `${tablePath(table.name)}${path`/rows/${id}`}?include_vectors=true` }))}
                      >
                        Show the vector
                      </button>
                    </div>`
              }
            </div>`;
          })}
        </div>
        ${row.changed_at !== undefined && !columns.some(({ name }) => name === 'changed_at') && html`<p class="small muted">Written by commit ${count(row.version)}, ${moment(row.changed_at)}</p>`}
        <${Failure} error=${failure} />
        <div class="row">
          ${
            may('write') &&
            (draft
              ? html`<button class="button main" disabled=${Object.keys(draft).length === 0}>Save</button
                  ><button type="button" class="button" onClick=${() => (setDraft(null), setFailure(null))}>Cancel</button>`
              : html`<button type="button" class="button" onClick=${() => setDraft({})}><${Icon} name="edit" />Edit</button>
                  <button type="button" class="button bad" onClick=${() => setDropping(true)}>
                    <${Icon} name="delete" />Delete
                  </button>`)
          }
          ${vectorColumns(table).length > 0 && html`<a class="button" href=${href(['search', table.name], { like: id })}><${Icon} name="like" />Others like it</a>`}
        </div>
      </form>`
    }
    <${RequestMade} request=${request} />
    ${
      dropping &&
      html`<${Sure}
        title="Delete this row?"
        act="Delete"
        close=${() => setDropping(false)}
        go=${async () => {
          await ask({ method: 'DELETE', path: rowPath, once: true });
          say('The row is deleted');
          changed();
          close();
        }}
        >It cannot be brought back.<//
      >`
    }
  <//>`;
}

/** A new row. @param {{ table: Table, close: () => void, changed: () => void }} given */
function NewRow({ table, close, changed }) {
  const columns = plainColumns(table).filter(({ name }) => name !== 'row_id');
  const [draft, setDraft] = useState(/** @type {Record<string, string>} */ ({}));
  const [failure, setFailure] = useState(/** @type {unknown} */ (null));
  const save = async (/** @type {Event} */ event) => {
    event.preventDefault();
    try {
      const row = Object.fromEntries(
        Object.entries(draft)
          .filter(([, text]) => text !== '')
          .map(([name, text]) => [name, parsed(text, /** @type {Column} */ (columns.find((column) => column.name === name)))]),
      );
      if (table.kind === 'collection')
        await ask({
          method: 'POST',
          path: path`/collections/${table.name}/documents`,
          body: { ...row, on_conflict: 'error' },
          once: true,
        });
      else await ask({ method: 'POST', path: `${tablePath(table.name)}/rows`, body: { rows: [row] }, once: true });
      say('The row is written');
      changed();
      close();
    } catch (problem) {
      setFailure(problem);
    }
  };
  return html`<${Dialog} title="New row" close=${close}>
    <form class="stack" onSubmit=${save}>
      ${columns.map(
        (column) =>
          html`<div class="field">
            <label for=${`new-${column.name}`}
              >${column.name} <span class="tag">${column.type}${column.required ? ', required' : ''}</span></label
            >
            ${
              column.type === 'string' && column.name !== table.primary_key
                ? html`<textarea
                    id=${`new-${column.name}`}
                    dir="auto"
                    rows="2"
                    onInput=${(/** @type {any} */ event) => setDraft({ ...draft, [column.name]: event.currentTarget.value })}
                  ></textarea>`
                : html`<input
                    id=${`new-${column.name}`}
                    placeholder=${column.type === 'json' ? '{"area": "north"}' : column.type === 'timestamp' ? '2026-03-01T09:30:00Z' : ''}
                    onInput=${(/** @type {any} */ event) => setDraft({ ...draft, [column.name]: event.currentTarget.value })}
                  />`
            }
          </div>`,
      )}
      <${Failure} error=${failure} />
      <div class="row">
        <button class="button main">Write</button><button type="button" class="button" onClick=${close}>Cancel</button>
      </div>
    </form>
  <//>`;
}

/** @param {{ table: Table, at: Record<string, string>, changed: () => void }} given */
export default function Rows({ table, at, changed }) {
  const [view, setView] = useState(
    /** @type {View} */ ({
      where: at.where ?? '',
      sort: (at.sort ?? '').replace(/^-/, ''),
      down: (at.sort ?? '').startsWith('-'),
    }),
  );
  const [turn, setTurn] = useState(0);
  const all = plainColumns(table);
  const [hidden, setHidden] = useState(/** @type {Set<string>} */ (new Set((at.hide ?? '').split(',').filter(Boolean))));
  const [choosing, setChoosing] = useState(false);
  const [chosen, setChosen] = useState(/** @type {Set<any>} */ (new Set()));
  const [dropping, setDropping] = useState(false);
  const [adding, setAdding] = useState(false);
  const [open, setOpen] = useState(at.row ?? '');
  const [active, setActive] = useState(0);
  const pages = usePages(table, view, turn);
  const main = mainColumn(table);
  const columns = all.filter(({ name }) => !hidden.has(name));
  const writes = may('write');
  const total = pages.total ?? Math.max(0, ...[...pages.pages].map(([page, rows]) => page * PAGE + rows.length));
  const { box, seen, look: lookAt, room } = useSight(total);
  const first = Math.max(0, Math.floor(seen.top / HEIGHT) - 6);
  const last = Math.min(total, Math.ceil((seen.top + seen.height) / HEIGHT) + 6);
  useEffect(
    () =>
      settle(['tables', table.name, 'rows'], {
        where: view.where,
        sort: view.sort && (view.down ? '-' : '') + view.sort,
        hide: [...hidden].join(','),
        row: open,
      }),
    [view, hidden, open],
  );
  useEffect(() => setOpen(at.row ?? ''), [at.row]);
  useEffect(() => {
    // not while one scrolls by: only what one stays at is read
    const timer = setTimeout(() => {
      for (let page = Math.floor(first / PAGE); page * PAGE < last; page++) void pages.load(page);
    }, 40);
    return () => clearTimeout(timer);
  }, [first, last, pages.load]);
  const again = () => {
    setChosen(new Set());
    setTurn((now) => now + 1);
    changed();
  };
  const look = (/** @type {Partial<View>} */ change) => {
    setView({ ...view, ...change });
    setChosen(new Set());
    setActive(0);
    lookAt(0);
  };
  const sortBy = (/** @type {string} */ name) =>
    look(view.sort !== name ? { sort: name, down: false } : view.down ? { sort: '', down: false } : { down: true });
  const press = (/** @type {KeyboardEvent} */ event) => {
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 15, PageUp: -15, Home: -total, End: total, j: 1, k: -1 }[event.key];
    const row = pages.row(active);
    if (step !== undefined && /** @type {HTMLElement} */ (event.target).getAttribute('role') === 'grid') {
      event.preventDefault();
      event.stopPropagation();
      const next = Math.max(0, Math.min(total - 1, active + step));
      setActive(next);
      if (next * HEIGHT < seen.top) lookAt(next * HEIGHT);
      else if ((next + 2) * HEIGHT > seen.top + seen.height) lookAt((next + 2) * HEIGHT - seen.height);
    } else if (event.key === 'Enter' && row && event.target === box.current) setOpen(String(row[table.primary_key]));
    else if (event.key === ' ' && row && writes && event.target === box.current) {
      event.preventDefault();
      choose(row[table.primary_key]);
    }
  };
  const choose = (/** @type {any} */ key) => {
    const next = new Set(chosen);
    if (!next.delete(key)) next.add(key);
    setChosen(next);
  };
  const template = `${writes ? '36px ' : ''}${columns.map((column) => width(column, main, table.primary_key)).join(' ')}`;
  const narrowest = columns.reduce((sum, column) => sum + least(column, main), writes ? 36 : 0);
  const shownRows = [];
  for (let index = first; index < last; index++) shownRows.push([index, pages.row(index)]);
  return html`<div class="stack rows-place">
      <div class="row top">
        <${Filter}
          table=${table}
          where=${view.where}
          set=${(/** @type {string} */ where) => where !== view.where && look({ where })}
          error=${pages.error}
        />
      </div>
      <div class="row apart">
        <span class="muted num" role="status">
          ${pages.total === null ? '…' : `${some(pages.total, 'row')}${view.where ? ' pass' : ''}`}${chosen.size ? `, ${count(chosen.size)} chosen` : ''}
        </span>
        <div class="row">
          ${chosen.size > 0 && html`<button class="button bad" onClick=${() => setDropping(true)}><${Icon} name="delete" />Delete chosen</button>`}
          ${writes && html`<button class="button" onClick=${() => setAdding(true)}><${Icon} name="plus" />New row</button>`}
          <button class="button" aria-expanded=${choosing} onClick=${() => setChoosing(!choosing)}>
            <${Icon} name="columns" />Columns
          </button>
          <button class="button" onClick=${again} aria-label="Read again"><${Icon} name="retry" /></button>
        </div>
      </div>
      ${
        choosing &&
        html`<fieldset class="card row">
          <legend class="unseen">Columns that are shown</legend>
          ${all.map(
            ({ name }) =>
              html`<${Check}
                label=${brief(name, 60)}
                checked=${!hidden.has(name)}
                set=${(/** @type {boolean} */ on) => {
                  const next = new Set(hidden);
                  if (on) next.delete(name);
                  else next.add(name);
                  if (next.size < all.length) setHidden(next);
                }}
              />`,
          )}
        </fieldset>`
      }
      <${Failure} error=${pages.error} retry=${again} />
      ${pages.total === 0 && !pages.error && html`<${Empty} icon="tables" title=${view.where ? 'No row passes' : 'There are no rows yet'}>${!view.where && html`<a class="button" href=${href(['import'])}>Import a file</a>`}<//>`}
      ${
        total > 0 &&
        html`<div
          class="grid card flush"
          role="grid"
          aria-label="Rows"
          aria-rowcount=${total + 1}
          aria-colcount=${columns.length}
          tabindex="0"
          ref=${box}
          onKeyDown=${press}
          aria-activedescendant=${`row-${active}`} style=${{ '--rows': `${room + 40}px` }}
        >
          <div class="grid-head" role="row" aria-rowindex="1" style=${{ gridTemplateColumns: template, minWidth: `${narrowest}px` }}>
            ${writes && html`<span role="columnheader"><span class="unseen">Chosen</span></span>`}
            ${columns.map(
              ({ name, type }) =>
                html`<span role="columnheader" class=${type === 'int' || type === 'float' ? 'right' : ''} aria-sort=${view.sort === name ? (view.down ? 'descending' : 'ascending') : 'none'}
                >
                  <button
                    class="button quiet small"
                    disabled=${type === 'json'}
                    onClick=${() => sortBy(name)}
                    title=${`${brief(name, 100)}, ${type}`}
                  >
                    <span class="cut">${visible(brief(name, 40))}</span
                    >${view.sort === name && html`<${Icon} name=${view.down ? 'down' : 'up'} />`}
                  </button>
                </span>`,
            )}
          </div>
          <div class="grid-body" role="rowgroup" style=${{ height: `${room}px`, minWidth: `${narrowest}px` }}>
            ${shownRows.map(([index, row]) => {
              const key = row?.[table.primary_key];
              return html`<div
                key=${index}
                id=${`row-${index}`}
                role="row"
                aria-rowindex=${index + 2}
                aria-selected=${chosen.has(key)}
                class=${`grid-row ${index === active ? 'active' : ''}`}
                style=${{ transform: `translateY(${index * HEIGHT - seen.shift}px)`, gridTemplateColumns: template }}
                onClick=${(/** @type {any} */ event) => row && !event.target.closest('input') && (setActive(index), setOpen(String(key)))}
              >
                ${writes && html`<span role="gridcell"><input type="checkbox" tabindex="-1" aria-label=${`Choose ${shown(key, 40)}`} disabled=${!row} checked=${chosen.has(key)} onChange=${() => choose(key)} /></span>`}
                ${columns.map(
                  ({ name, type }) =>
                    html`<span
                      role="gridcell"
                      class=${type === 'int' || type === 'float' ? 'right num' : type === 'json' ? 'mono' : ''}
                      >${row ? html`<span class=${row[name] === null ? 'muted cut' : 'cut'} dir="auto">${shown(row[name], 160)}</span>` : html`<i class="waiting"></i>`}</span
                    >`,
                )}
              </div>`;
            })}
          </div>
        </div>`
      }
    </div>
    <${RequestMade} request=${queryOf(table, view)} ms=${pages.ms} rows=${pages.pages.get(0)?.length} />
    ${open && html`<${RowPanel} key=${open} table=${table} id=${open} close=${() => setOpen('')} changed=${again} />`}
    ${adding && html`<${NewRow} table=${table} close=${() => setAdding(false)} changed=${again} />`}
    ${
      dropping &&
      html`<${Sure}
        title=${`Delete ${some(chosen.size, 'row')}?`}
        act="Delete"
        close=${() => setDropping(false)}
        go=${async () => {
          const keys = [...chosen];
          const body =
            table.kind === 'collection' ? { ids: keys } : { where: [{ column: table.primary_key, operator: 'in', value: keys }] };
          const { deleted } = await ask({
            method: 'DELETE',
            path: table.kind === 'collection' ? path`/collections/${table.name}/documents` : `${tablePath(table.name)}/rows`,
            body,
            once: true,
          });
          say(`${some(deleted, 'row')} deleted`);
          again();
        }}
        >They cannot be brought back.<//
      >`
    }`;
}
