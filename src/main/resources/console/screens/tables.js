// Tables and collections: the list of them, and one of them with its rows, columns and indexes.
import { RequestMade } from '../lib/code.js';
import { go, href } from '../lib/address.js';
import { ask, may, path, tablePath, useEvery, useRead } from '../lib/server.js';
import { embeds, textColumns, useTable, useTables, vectorColumns } from '../lib/tables.js';
import {
  brief,
  bytes,
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
  Spark,
  Sure,
  Title,
  useEffect,
  useState,
  visible,
} from '../lib/view.js';

/** @typedef {import('../lib/tables.js').Table} Table */

const TYPES = ['string', 'int', 'float', 'bool', 'timestamp', 'json', 'embedding'];

/** How a computed column is filled, followed while it is. @param {{ table: Table, column: string, actions?: boolean }} given */
export function Fill({ table, column, actions }) {
  const request = {
    method: /** @type {const} */ ('GET'),
    path: `${tablePath(table.name)}${path`/columns/computed/${column}`}?failed_limit=5`,
  };
  const { data, reload } = useRead((signal) => ask(request, { signal }), [table.name, column]);
  useEvery(reload, data && (data.status === 'filling' || data.cells.pending > 0) ? 1000 : null);
  if (!data) return null;
  const { cells, status, error, failed_cells: failed = [] } = data;
  const all = cells.ready + cells.pending + cells.failed;
  const act = async (/** @type {string} */ what, /** @type {object | undefined} */ body = undefined) => {
    try {
      await ask({
        method: 'POST',
        path: `${tablePath(table.name)}${path`/columns/computed/${column}`}/${what}`,
        ...(body && { body }),
      });
      reload();
    } catch (problem) {
      say(/** @type {Error} */ (problem).message, true);
    }
  };
  return html`<div class="stack tight">
    <div class="row">
      <span class=${`tag ${status === 'ready' && !cells.failed ? 'good' : cells.failed || status === 'waiting' ? 'bad' : 'warn'}`}
        >${status === 'ready' && cells.failed ? 'ready, some failed' : status}</span
      >
      <span class="small muted num">
        ${[`${count(cells.ready)} of ${count(all)}`, cells.pending && `${count(cells.pending)} to come`, cells.failed && `${count(cells.failed)} failed`, cells.empty && `${count(cells.empty)} empty`].filter(Boolean).join(', ')}</span>
      ${
        actions &&
        may('admin') &&
        html`${(status === 'filling' || status === 'waiting') && html`<button class="button small" onClick=${() => act('pause')}><${Icon} name="pause" />Pause</button>`}
        ${status === 'paused' && html`<button class="button small" onClick=${() => act('resume')}><${Icon} name="play" />Go on</button>`}`
      }
      ${actions && may('write') && cells.failed > 0 && html`<button class="button small" onClick=${() => act('retry', { wait: false })}><${Icon} name="retry" />Try the failed again</button>`}
    </div>
    ${all > 0 && cells.ready < all && html`<div class="bar"><i style=${{ '--part': String(cells.ready / all) }}></i></div>`}
    ${error && html`<p class="small note warn">${brief(error, 400)}</p>`}
    ${actions && failed.map((/** @type {any} */ cell) => html`<p class="small"><a href=${href(['tables', table.name, 'rows'], { row: cell.key })}>${shown(cell.key, 60)}</a> <span class="muted">${brief(cell.error, 300)}</span></p>`)}
  </div>`;
}

/** A new table, with a column that is embedded if one likes. @param {{ close: () => void }} given */
function NewTable({ close }) {
  const [name, setName] = useState('');
  const [columns, setColumns] = useState([
    { name: 'id', type: 'string', required: false },
    { name: 'text', type: 'string', required: true },
  ]);
  const [key, setKey] = useState('id');
  const [embedded, setEmbedded] = useState('text');
  const [words, setWords] = useState(true);
  const [error, setError] = useState(/** @type {unknown} */ (null));
  const { data: models } = useRead(
    async (signal) => (await ask({ method: 'GET', path: '/embeddings/models' }, { signal })).models,
    [],
  );
  const [model, setModel] = useState('');
  const named = columns.filter((column) => column.name);
  const change = (/** @type {number} */ at, /** @type {object} */ its) =>
    setColumns(columns.map((column, other) => (other === at ? { ...column, ...its } : column)));
  const make = async (/** @type {Event} */ event) => {
    event.preventDefault();
    try {
      await ask({
        method: 'POST',
        path: '/api/v1/tables',
        body: {
          name,
          columns: named.map(({ required, ...rest }) => ({ ...rest, ...(required && { required }) })),
          ...(key && { primary_key: key }),
        },
      });
      if (embedded) {
        await ask(
          {
            method: 'POST',
            path: `${tablePath(name)}/columns/computed/embedding`,
            body: { name: `${embedded}_vector`, source_column: embedded, model: model || models[0].id },
          },
          { timeout: 300_000 },
        );
        if (words) await ask({ method: 'POST', path: `${tablePath(name)}/indexes/text`, body: { columns: [embedded] } });
      }
      go(['tables', name, 'rows']);
    } catch (problem) {
      setError(problem);
    }
  };
  return html`<${Dialog} title="New table" close=${close}>
    <form class="stack" onSubmit=${make}>
      <${Field} label="Name"
        >${(/** @type {string} */ id) => html`<input id=${id} required maxlength="128" value=${name} onInput=${(/** @type {any} */ event) => setName(event.currentTarget.value)} />`}<//
      >
      <fieldset class="stack tight">
        <legend class="label">Columns</legend>
        ${columns.map(
          (column, at) =>
            html`<div class="row condition">
              <input
                aria-label=${`Name of column ${at + 1}`}
                value=${column.name}
                onInput=${(/** @type {any} */ event) => change(at, { name: event.currentTarget.value })}
              />
              <select
                aria-label=${`Type of column ${at + 1}`}
                value=${column.type}
                onChange=${(/** @type {any} */ event) => change(at, { type: event.currentTarget.value })}
              >
                ${TYPES.slice(0, 6).map((type) => html`<option selected=${type === column.type}>${type}</option>`)}
              </select>
              <${Check}
                label="required"
                checked=${column.required}
                set=${(/** @type {boolean} */ required) => change(at, { required })}
              />
              <button
                type="button"
                class="button quiet"
                aria-label=${`Remove column ${at + 1}`}
                onClick=${() => setColumns(columns.filter((_, other) => other !== at))}
              >
                <${Icon} name="close" />
              </button>
            </div>`,
        )}
        <div>
          <button
            type="button"
            class="button small"
            onClick=${() => setColumns([...columns, { name: '', type: 'string', required: false }])}
          >
            <${Icon} name="plus" />Column
          </button>
        </div>
      </fieldset>
      <div class="settings">
        <${Field} label="Primary key" hint="Without one, rows are numbered">
          ${(/** @type {string} */ id) =>
            html`<select id=${id} value=${key} onChange=${(/** @type {any} */ event) => setKey(event.currentTarget.value)}>
              <option value="">none</option>
              ${named.filter(({ type }) => type === 'string' || type === 'int').map((column) => html`<option selected=${column.name === key}>${column.name}</option>`)}
            </select>`}
        <//>
        <${Field} label="Embed the text of" hint="So that rows are found by meaning">
          ${(/** @type {string} */ id) =>
            html`<select
              id=${id}
              value=${embedded}
              onChange=${(/** @type {any} */ event) => setEmbedded(event.currentTarget.value)}
            >
              <option value="">nothing</option>
              ${named.filter(({ type }) => type === 'string').map((column) => html`<option selected=${column.name === embedded}>${column.name}</option>`)}
            </select>`}
        <//>
        ${
          embedded &&
          html`<${Field} label="By the model">
              ${(/** @type {string} */ id) =>
                html`<select
                  id=${id}
                  value=${model}
                  onChange=${(/** @type {any} */ event) => setModel(event.currentTarget.value)}
                >
                  ${(models ?? []).map((/** @type {any} */ one) => html`<option value=${one.id}>${one.id}${one.cached ? '' : ' (to download)'}</option>`)}
                </select>`}
            <//>
            <${Check} label="Find it by words too" checked=${words} set=${setWords} />`
        }
      </div>
      <${Failure} error=${error} />
      <div class="row">
        <button class="button main">Make the table</button><button type="button" class="button" onClick=${close}>Cancel</button>
      </div>
    </form>
  <//>`;
}

/** How often rows were asked for in the last hour. @param {{ minutes: number[] | undefined }} given */
function Traffic({ minutes }) {
  if (!minutes) return null;
  const all = minutes.reduce((sum, one) => sum + one, 0);
  return html`<span class="traffic small muted" title="Requests for its rows in the last hour"
    ><${Spark} values=${minutes} label=${`${some(all, 'request')} in the last hour`} />${count(all)}<span class="unseen"
      > requests in the last hour</span
    ></span
  >`;
}

function List() {
  const { data: tables, error, reload, loading } = useTables();
  const { data: traffic, reload: again } = useRead(
    async (signal) =>
      new Map(
        (await ask({ method: 'GET', path: '/api/v1/traffic' }, { signal })).tables.map(
          (/** @type {{ name: string, requests: number[] }} */ one) => [one.name, one.requests],
        ),
      ),
    [],
  );
  const [adding, setAdding] = useState(false);
  const [seek, setSeek] = useState('');
  useEvery(() => (reload(), again()), 5000);
  if (error) return html`<${Failure} error=${error} retry=${reload} />`;
  if (!tables) return null;
  const found = tables.filter(({ name }) => name.toLowerCase().includes(seek.toLowerCase()));
  return html`<${Title}
      name="Tables and collections"
      about="What is stored, how much of it, and how far it is embedded and indexed."
    >
      ${may('admin') && html`<button class="button main" onClick=${() => setAdding(true)}><${Icon} name="plus" />New table</button>`}
    <//>
    ${
      tables.length === 0
        ? html`<${Empty} icon="tables" title="Nothing is stored yet"><a class="button" href=${href([])}>First steps</a><//>`
        : html`<div class="stack">
            ${tables.length > 8 && html`<input class="narrow" type="search" data-first aria-label="Only names with" placeholder="Only names with…" value=${seek} onInput=${(/** @type {any} */ event) => setSeek(event.currentTarget.value)} />`}
            <ul class="cards">
              ${found.map((table) => {
                const vectors = vectorColumns(table);
                const memory = table.indexes.reduce((sum, { memory_bytes }) => sum + memory_bytes, 0);
                return html`<li class="card stack tight table-card" key=${table.name}>
                  <div class="row apart">
                    <a
                      class="grow cut name"
                      dir="auto"
                      href=${href(['tables', table.name, 'rows'])}
                      title=${brief(table.name, 200)}
                      >${visible(brief(table.name, 80))}</a
                    >
                    ${table.kind === 'collection' && html`<span class="tag">collection</span>`}
                  </div>
                  <div class="row apart num">
                    <span class="row"
                      ><b class="big">${count(table.row_count)}</b
                      ><span class="muted"
                        >${table.row_count === 1 ? 'row' : 'rows'}, ${some(table.columns.length, 'column')}</span
                      ></span
                    >
                    <${Traffic} minutes=${traffic?.get(table.name)} />
                  </div>
                  ${vectors.map(
                    (column) =>
                      html`<div class="stack tight">
                        <span class="small muted cut"
                          >${`${brief(column.name, 40)}: ${count(column.dimensions)} numbers${column.computed ? ` by ${column.computed.model}` : ''}`}</span
                        >
                        ${column.computed && html`<${Fill} table=${table} column=${column.name} />`}
                      </div>`,
                  )}
                  <div class="row">
                    ${table.indexes.map(({ name, method, status, percent, recall }) => html`<span key=${name} class=${`tag ${status === 'failed' ? 'bad' : status === 'building' ? 'warn' : ''}`} title=${name}>${method}${status === 'building' ? ` ${percent} %` : status === 'failed' ? ' failed' : ''}${recall != null ? `, recall ${recall.toFixed(2)}` : ''}</span>`)}
                    ${memory > 0 && html`<span class="small muted num">${bytes(memory)} in memory</span>`}
                  </div>
                  <div class="row actions">
                    ${vectors.length > 0 && html`<span class="row"><a class="button small" href=${href(['search', table.name])} aria-label=${`Search ${brief(table.name, 60)}`}><${Icon} name="search" />Search</a><a class="button small" href=${href(['map', table.name])} aria-label=${`Map of ${brief(table.name, 60)}`}><${Icon} name="map" />Map</a></span>`}
                    <span class="small muted num">made ${moment(table.created_at)}</span>
                  </div>
                </li>`;
              })}
            </ul>
            ${found.length === 0 && html`<p class="muted">No name has that.</p>`}
          </div>`
    }
    ${adding && html`<${NewTable} close=${() => setAdding(false)} />`}
    <${RequestMade} request=${{ method: 'GET', path: '/api/v1/tables' }} />`;
}

/** @param {{ table: Table, reload: () => void }} given */
function Columns({ table, reload }) {
  const [adding, setAdding] = useState('');
  const [dropping, setDropping] = useState('');
  const admin = may('admin') && table.kind === 'table';
  return html`<div class="stack">
      ${
        admin &&
        html`<div class="row">
          <button class="button" onClick=${() => setAdding('embedding')}><${Icon} name="plus" />Column that embeds a text</button>
          <button class="button" onClick=${() => setAdding('plain')}><${Icon} name="plus" />Column</button>
        </div>`
      }
      <div class="card flush scroll" tabindex="0" role="region" aria-label="Columns">
        <table class="table">
          <thead>
            <tr>
              <th>Name</th>
              <th>Type</th>
              <th>Rules</th>
              <th>Filled</th>
              ${admin && html`<th><span class="unseen">Actions</span></th>`}
            </tr>
          </thead>
          <tbody>
            ${table.columns.map(
              (column) =>
                html`<tr>
                  <td>
                    <b dir="auto">${visible(brief(column.name, 80))}</b
                    >${column.name === table.primary_key && html` <span class="tag accent">key</span>`}
                  </td>
                  <td>
                    ${column.type}${column.dimensions ? html`<span class="muted num"> ${count(column.dimensions)}, ${column.metric}</span>` : ''}
                  </td>
                  <td class="muted">
                    ${[column.required && 'required', column.unique && 'unique', column.default != null && `default ${shown(column.default, 40)}`].filter(Boolean).join(', ') || '–'}
                  </td>
                  <td>
                    ${column.computed ? html`<div class="stack tight"><span class="small muted">from ${column.computed.source} by ${column.computed.model}</span><${Fill} table=${table} column=${column.name} actions=${true} /></div>` : '–'}
                  </td>
                  ${admin && html`<td class="right">${column.name !== table.primary_key && html`<button class="button quiet small" aria-label=${`Drop the column ${brief(column.name, 60)}`} onClick=${() => setDropping(column.name)}><${Icon} name="delete" /></button>`}</td>`}
                </tr>`,
            )}
          </tbody>
        </table>
      </div>
    </div>
    ${adding && html`<${NewColumn} table=${table} embeds=${adding === 'embedding'} close=${() => setAdding('')} done=${reload} />`}
    ${dropping && html`<${Sure} title=${`Drop the column ${brief(dropping, 60)}?`} act="Drop" close=${() => setDropping('')} go=${async () => (await ask({ method: 'DELETE', path: `${tablePath(table.name)}${path`/columns/${dropping}`}` }), reload())}>Its values are lost.<//>`}
    <${RequestMade} request=${{ method: 'GET', path: tablePath(table.name) }} />`;
}

/** @param {{ table: Table, embeds: boolean, close: () => void, done: () => void }} given */
function NewColumn({ table, embeds, close, done }) {
  const strings = table.columns.filter(({ type }) => type === 'string');
  const [source, setSource] = useState(strings[0]?.name ?? '');
  const [name, setName] = useState(embeds && strings[0] ? `${strings[0].name}_vector` : '');
  const [type, setType] = useState('string');
  const [model, setModel] = useState('');
  const [error, setError] = useState(/** @type {unknown} */ (null));
  const [busy, setBusy] = useState(false);
  const { data: models } = useRead(
    async (signal) => (await ask({ method: 'GET', path: '/embeddings/models' }, { signal })).models,
    [],
  );
  const make = async (/** @type {Event} */ event) => {
    event.preventDefault();
    setBusy(true);
    try {
      if (embeds)
        await ask(
          {
            method: 'POST',
            path: `${tablePath(table.name)}/columns/computed/embedding`,
            body: { name, source_column: source, model: model || models[0].id },
          },
          { timeout: 300_000 },
        );
      else await ask({ method: 'POST', path: `${tablePath(table.name)}/columns`, body: { name, type } });
      done();
      close();
    } catch (problem) {
      setError(problem);
      setBusy(false);
    }
  };
  return html`<${Dialog} title=${embeds ? 'New column that embeds a text' : 'New column'} close=${close}>
    <form class="stack" onSubmit=${make}>
      ${
        embeds &&
        html`<${Field} label="Text"
            >${(/** @type {string} */ id) =>
              html`<select
                id=${id}
                value=${source}
                onChange=${(/** @type {any} */ event) => (setSource(event.currentTarget.value), setName(`${event.currentTarget.value}_vector`))}
              >
                ${strings.map((column) => html`<option>${column.name}</option>`)}
              </select>`}<//
          >
          <${Field} label="Model"
            >${(/** @type {string} */ id) =>
              html`<select id=${id} value=${model} onChange=${(/** @type {any} */ event) => setModel(event.currentTarget.value)}>
                ${(models ?? []).map((/** @type {any} */ one) => html`<option value=${one.id}>${one.id}${one.cached ? '' : ' (to download)'}</option>`)}
              </select>`}<//
          >`
      }
      <${Field} label="Name"
        >${(/** @type {string} */ id) => html`<input id=${id} required maxlength="128" value=${name} onInput=${(/** @type {any} */ event) => setName(event.currentTarget.value)} />`}<//
      >
      ${
        !embeds &&
        html`<${Field} label="Type"
          >${(/** @type {string} */ id) =>
            html`<select id=${id} value=${type} onChange=${(/** @type {any} */ event) => setType(event.currentTarget.value)}>
              ${TYPES.slice(0, 6).map((one) => html`<option>${one}</option>`)}
            </select>`}<//
        >`
      }
      <${Failure} error=${error} />
      <div class="row">
        <button class="button main" disabled=${busy}>Add</button
        ><button type="button" class="button" onClick=${close}>Cancel</button>
      </div>
    </form>
  <//>`;
}

/** What the line beside a recall shows. @param {import('../lib/tables.js').Index} index */
const recallSince = ({ recall_history: past = [] }) =>
  past.length > 0
    ? `Recall since ${moment(past[0].at)}: ${Math.min(...past.map(({ recall }) => recall)).toFixed(3)} at least`
    : 'Recall over time';

/** @param {{ table: Table, reload: () => void }} given */
function Indexes({ table, reload }) {
  const [adding, setAdding] = useState('');
  const [dropping, setDropping] = useState('');
  const request = { method: /** @type {const} */ ('GET'), path: `${tablePath(table.name)}/indexes` };
  const {
    data,
    error,
    reload: again,
  } = useRead(async (signal) => (await ask(request, { signal })).indexes, [table.name, table.version]);
  const indexes = /** @type {import('../lib/tables.js').Index[] | undefined} */ (data);
  useEvery(again, 2000);
  const admin = may('admin');
  const collection = table.kind === 'collection';
  const rebuild = async (/** @type {string} */ name) => {
    try {
      await ask({ method: 'POST', path: `${tablePath(table.name)}${path`/indexes/${name}`}/rebuild` });
      again();
    } catch (problem) {
      say(/** @type {Error} */ (problem).message, true);
    }
  };
  const words = async () => {
    try {
      await ask({ method: 'PUT', path: path`/collections/${table.name}/text-index` }, { timeout: 300_000 });
      again();
      reload();
    } catch (problem) {
      say(/** @type {Error} */ (problem).message, true);
    }
  };
  return html`<div class="stack">
      ${
        admin &&
        html`<div class="row">
          ${
            collection
              ? textColumns(table).length === 0 &&
                html`<button class="button" onClick=${words}><${Icon} name="plus" />Index of words</button>`
              : html`${vectorColumns(table).length > 0 && html`<button class="button" onClick=${() => setAdding('vector')}><${Icon} name="plus" />Index of vectors</button>`}
                  <button class="button" onClick=${() => setAdding('text')}><${Icon} name="plus" />Index of words</button>
                  <button class="button" onClick=${() => setAdding('btree')}><${Icon} name="plus" />Index of values</button>`
          }
        </div>`
      }
      <${Failure} error=${error} retry=${again} />
      ${indexes?.length === 0 && html`<${Empty} icon="tables" title="No index is declared"><p>Searches choose by themselves between comparing all, scanning codes and a graph. An index of words makes hybrid search possible.</p><//>`}
      ${
        indexes &&
        indexes.length > 0 &&
        html`<div class="card flush scroll" tabindex="0" role="region" aria-label="Indexes">
          <table class="table">
            <thead>
              <tr>
                <th>Name</th>
                <th>Method</th>
                <th>Columns</th>
                <th>Status</th>
                <th class="right">Rows</th>
                <th class="right">Memory</th>
                <th>Recall</th>
                ${admin && html`<th><span class="unseen">Actions</span></th>`}
              </tr>
            </thead>
            <tbody>
              ${indexes.map(
                (index) =>
                  html`<tr>
                    <td>${brief(index.name, 60)}</td>
                    <td>${index.method}${index.metric ? html`<span class="muted"> ${index.metric}</span>` : ''}</td>
                    <td>${index.columns.map((name) => brief(name, 40)).join(', ')}</td>
                    <td>
                      <span class=${`tag ${index.status === 'ready' ? 'good' : index.status === 'failed' ? 'bad' : 'warn'}`}
                        >${index.status}${index.status === 'building' ? ` ${index.percent} %` : ''}</span
                      >${index.error && html`<div class="small note bad">${brief(index.error, 300)}</div>`}
                    </td>
                    <td class="right">${count(index.rows)}</td>
                    <td class="right">${index.memory_bytes ? bytes(index.memory_bytes) : '–'}</td>
                    <td>
                      ${index.recall != null ? html`<div class="row"><${Spark} values=${[...(index.recall_history ?? []).map(({ recall }) => recall), index.recall]} label=${recallSince(index)} />${index.recall.toFixed(3)}</div>` : '–'}
                    </td>
                    ${
                      admin &&
                      html`<td class="right">
                        ${
                          !collection &&
                          html`<button
                              class="button quiet small"
                              aria-label=${`Build ${brief(index.name, 60)} anew`}
                              title="Build anew"
                              onClick=${() => rebuild(index.name)}
                            >
                              <${Icon} name="retry" />
                            </button>
                            <button
                              class="button quiet small"
                              aria-label=${`Drop ${brief(index.name, 60)}`}
                              title="Drop"
                              onClick=${() => setDropping(index.name)}
                            >
                              <${Icon} name="delete" />
                            </button>`
                        }
                      </td>`
                    }
                  </tr>`,
              )}
            </tbody>
          </table>
        </div>`
      }
    </div>
    ${adding && html`<${NewIndex} table=${table} kind=${adding} close=${() => setAdding('')} done=${() => (again(), reload())} />`}
    ${dropping && html`<${Sure} title=${`Drop the index ${brief(dropping, 60)}?`} act="Drop" close=${() => setDropping('')} go=${async () => (await ask({ method: 'DELETE', path: `${tablePath(table.name)}${path`/indexes/${dropping}`}` }), again(), reload())}>The rows stay. It can be made again.<//>`}
    <${RequestMade} request=${request} />`;
}

/** @param {{ table: Table, kind: string, close: () => void, done: () => void }} given */
function NewIndex({ table, kind, close, done }) {
  const choices =
    kind === 'vector'
      ? vectorColumns(table)
      : table.columns.filter(({ type }) => (kind === 'text' ? type === 'string' : type !== 'embedding' && type !== 'json'));
  const [column, setColumn] = useState(choices[0]?.name ?? '');
  const [method, setMethod] = useState('hnsw');
  const [metric, setMetric] = useState('cosine');
  const [error, setError] = useState(/** @type {unknown} */ (null));
  const make = async (/** @type {Event} */ event) => {
    event.preventDefault();
    try {
      await ask({
        method: 'POST',
        path: `${tablePath(table.name)}/indexes/${kind}`,
        body: kind === 'vector' ? { column, method, metric } : { columns: [column] },
      });
      done();
      close();
    } catch (problem) {
      setError(problem);
    }
  };
  const choose = (
    /** @type {string} */ label,
    /** @type {string} */ value,
    /** @type {(value: string) => void} */ set,
    /** @type {string[]} */ options,
  ) =>
    html`<${Field} label=${label}
      >${(/** @type {string} */ id) =>
        html`<select id=${id} value=${value} onChange=${(/** @type {any} */ event) => set(event.currentTarget.value)}>
          ${options.map((one) => html`<option>${one}</option>`)}
        </select>`}<//
    >`;
  return html`<${Dialog}
    title=${{ vector: 'New index of vectors', text: 'New index of words', btree: 'New index of values' }[kind]}
    close=${close}
  >
    <form class="stack" onSubmit=${make}>
      ${choose(
        'Column',
        column,
        setColumn,
        choices.map(({ name }) => name),
      )}
      ${kind === 'vector' && html`${choose('Method', method, setMethod, ['hnsw', 'ivfflat'])} ${choose('Metric', metric, setMetric, ['cosine', 'euclidean', 'inner_product'])}`}
      <${Failure} error=${error} />
      <div class="row">
        <button class="button main" disabled=${!column}>Make it</button
        ><button type="button" class="button" onClick=${close}>Cancel</button>
      </div>
    </form>
  <//>`;
}

/** @param {{ name: string, tab: string, at: Record<string, string> }} given */
function One({ name, tab, at }) {
  const { data: table, error, reload } = useTable(name);
  const { data: rows } = useRead(() => import('./rows.js'), []);
  const [renaming, setRenaming] = useState(/** @type {string | null} */ (null));
  const [dropping, setDropping] = useState(false);
  const [typed, setTyped] = useState('');
  if (error) return html`<${Title} name=${name} /><${Failure} error=${error} retry=${reload} />`;
  if (!table) return null;
  const admin = may('admin');
  const about = `${table.kind === 'collection' ? 'Collection' : 'Table'} of ${some(table.row_count, 'row')} by ${table.primary_key}, changed last by commit ${count(table.version)}`;
  const rename = async (/** @type {Event} */ event) => {
    event.preventDefault();
    try {
      await ask({ method: 'PATCH', path: tablePath(name), body: { name: renaming } });
      go(['tables', /** @type {string} */ (renaming), tab]);
    } catch (problem) {
      say(/** @type {Error} */ (problem).message, true);
    }
  };
  return html`<${Title} name=${name} about=${about}>
      ${vectorColumns(table).length > 0 && html`<a class="button" href=${href(['search', name])}><${Icon} name="search" />Search</a><a class="button" href=${href(['map', name])}><${Icon} name="map" />Map</a>`}
      ${admin && table.kind === 'table' && html`<button class="button" onClick=${() => setRenaming(name)}><${Icon} name="edit" />Rename</button>`}
      ${admin && html`<button class="button" onClick=${() => (setTyped(''), setDropping(true))}><${Icon} name="delete" />Drop</button>`}
    <//>
    <nav class="tabs places-of-table" aria-label="Of the table">
      ${[
        ['rows', 'Rows'],
        ['columns', 'Columns'],
        ['indexes', 'Indexes'],
      ].map(
        ([key, label]) =>
          html`<a href=${href(['tables', name, key])} aria-current=${key === tab ? 'page' : undefined}>${label}</a>`,
      )}
    </nav>
    ${tab === 'columns' ? html`<${Columns} table=${table} reload=${reload} />` : tab === 'indexes' ? html`<${Indexes} table=${table} reload=${reload} />` : rows && html`<${rows.default} table=${table} at=${at} changed=${reload} />`}
    ${
      renaming !== null &&
      html`<${Dialog} title="Rename" close=${() => setRenaming(null)}>
        <form class="stack" onSubmit=${rename}>
          <${Field} label="Name"
            >${(/** @type {string} */ id) => html`<input id=${id} required maxlength="128" value=${renaming} onInput=${(/** @type {any} */ event) => setRenaming(event.currentTarget.value)} />`}<//
          >
          <div><button class="button main">Rename</button></div>
        </form>
      <//>`
    }
    ${
      dropping &&
      html`<${Sure}
        title=${`Drop ${brief(name, 60)}?`}
        act="Drop it and its rows"
        close=${() => setDropping(false)}
        go=${async () => {
          if (typed !== name) throw new Error('Type the name to say that you mean it');
          await ask({ method: 'DELETE', path: table.kind === 'collection' ? path`/collections/${name}` : tablePath(name) });
          say(`${brief(name, 60)} is dropped`);
          go(['tables']);
        }}
      >
        <div class="stack tight">
          <p>${some(table.row_count, 'row')} will be lost, and nothing brings them back but a backup.</p>
          <${Field} label="Type its name"
            >${(/** @type {string} */ id) => html`<input id=${id} autocomplete="off" value=${typed} onInput=${(/** @type {any} */ event) => setTyped(event.currentTarget.value)} />`}<//
          >
        </div>
      <//>`
    }`;
}

/** @param {{ address: import('../lib/address.js').Address }} given */
export default function Tables({ address }) {
  const [, name, tab = 'rows'] = address.path;
  return name ? html`<${One} key=${name} name=${name} tab=${tab} at=${address.at} />` : html`<${List} />`;
}
