// Import: a file becomes rows. It is read here, a piece at a time, and sent as the SDK sends rows.
import { RequestMade } from '../lib/code.js';
import { go, href } from '../lib/address.js';
import { kinds, readRows } from '../lib/files.js';
import { akidb, ask, may, tablePath, useRead } from '../lib/server.js';
import { useTables } from '../lib/tables.js';
import {
  brief,
  bytes,
  Check,
  count,
  duration,
  Failure,
  Field,
  html,
  Icon,
  shown,
  some,
  Title,
  useRef,
  useState,
  visible,
} from '../lib/view.js';

const TYPES = ['string', 'int', 'float', 'bool', 'timestamp', 'json'];
const BATCH = 1000;

/** @typedef {import('../lib/files.js').BadLine} BadLine */
/** @typedef {{ name: string, from: string, type: string, take: boolean }} Column */

/** @param {string} name */
const tableName = (name) =>
  name
    .replace(/\.[^.]+$/, '')
    .replace(/[^\p{L}\p{N}_]+/gu, '_')
    .slice(0, 100) || 'rows';

/** A value of the file as a value of a column; an error if it is none. @param {unknown} value @param {string} type */
function fitted(value, type) {
  if (value === null || value === undefined || (value === '' && type !== 'string')) return null;
  if (type === 'json') return typeof value === 'string' ? JSON.parse(value) : value;
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
  if (type === 'string' || type === 'timestamp') return text;
  if (type === 'bool') {
    if (/^(true|false)$/i.test(text)) return /^true$/i.test(text);
    throw new Error(`${brief(text, 40)} is neither true nor false`);
  }
  const number = Number(text);
  if (text.trim() === '' || Number.isNaN(number) || (type === 'int' && !Number.isSafeInteger(number)))
    throw new Error(`${brief(text, 40)} is no ${type}`);
  return number;
}

/** @param {{ file: File, forget: () => void, tables: string[] }} given */
function Plan({ file, forget, tables }) {
  const { data: sample, error } = useRead(async () => {
    const rows = /** @type {Record<string, unknown>[]} */ ([]);
    const bad = /** @type {BadLine[]} */ ([]);
    for await (const { row, problem } of readRows(file.slice(0, 2_000_000), file.name, file.size > 2_000_000)) {
      if (problem) bad.push(problem);
      else if (row) rows.push(row);
      if (rows.length >= 500) break;
    }
    if (!rows.length) throw new Error(bad[0] ? `Line ${bad[0].line}: ${bad[0].what}` : 'There is no row in this file');
    return {
      rows,
      bad,
      columns: kinds(rows).map(({ name, type }) => ({ name: name.trim() || 'column', from: name, type, take: true })),
    };
  }, [file]);
  const [columns, setColumns] = useState(/** @type {Column[] | null} */ (null));
  const [name, setName] = useState(tableName(file.name));
  const [key, setKey] = useState('');
  const [embedded, setEmbedded] = useState(/** @type {string | null} */ (null));
  const [words, setWords] = useState(true);
  const [progress, setProgress] = useState(
    /** @type {{ rows: number, read: number, bad: BadLine[], begun: number, step: string, done?: boolean } | null} */ (null),
  );
  const [failure, setFailure] = useState(/** @type {unknown} */ (null));
  const stop = useRef(/** @type {AbortController | null} */ (null));
  const { data: models } = useRead(
    async (signal) => (await ask({ method: 'GET', path: '/embeddings/models' }, { signal })).models,
    [],
  );
  if (error)
    return html`<div class="stack"><${Failure} error=${error} /><div><button class="button" onClick=${forget}>Another file</button></div></div>`;
  if (!sample) return html`<p class="muted" role="status">Looking into the file…</p>`;
  const its = columns ?? sample.columns;
  const taken = its.filter(({ take }) => take);
  const there = tables.includes(name);
  const longest = (/** @type {Column} */ column) =>
    sample.rows.reduce((sum, row) => sum + String(row[column.from] ?? '').length, 0);
  const texts = taken.filter(({ type }) => type === 'string');
  const text = embedded ?? [...texts].sort((one, other) => longest(other) - longest(one))[0]?.name ?? '';
  const change = (/** @type {number} */ at, /** @type {Partial<Column>} */ how) =>
    setColumns(its.map((column, other) => (other === at ? { ...column, ...how } : column)));
  const run = async () => {
    const abort = (stop.current = new AbortController());
    const { signal } = abort;
    const bad = /** @type {BadLine[]} */ ([]);
    let missed = 0;
    const begun = Date.now();
    const tell = (/** @type {string} */ step, /** @type {object} */ more = {}) =>
      setProgress((now) => ({ rows: 0, read: 0, begun, ...now, bad: [...bad], step, ...more }));
    setFailure(null);
    setProgress(null);
    try {
      if (!there) {
        tell('Making the table');
        await ask(
          {
            method: 'POST',
            path: '/api/v1/tables',
            body: { name, columns: taken.map(({ name, type }) => ({ name, type })), ...(key && { primary_key: key }) },
          },
          { signal },
        );
        if (text && words)
          await ask({ method: 'POST', path: `${tablePath(name)}/indexes/text`, body: { columns: [text] } }, { signal });
      }
      let read = 0;
      const rows = async function* () {
        for await (const { row, problem, at, line } of readRows(file, file.name, false, signal)) {
          read = at;
          try {
            if (problem) throw new Error(problem.what);
            yield Object.fromEntries(taken.map(({ name, from, type }) => [name, fitted(/** @type {any} */ (row)[from], type)]));
          } catch (mistake) {
            missed++;
            if (bad.length < 100) bad.push({ line, what: /** @type {Error} */ (mistake).message });
          }
        }
      };
      const { inserted, updated } = await akidb()
        .table(name)
        .import(rows(), {
          batch: BATCH,
          onConflict: 'replace',
          embed: 'async',
          signal,
          onProgress: (/** @type {any} */ now) => tell('Sending rows', { rows: now.inserted + now.updated, read }),
        });
      if (!there && text) {
        tell('Beginning to embed', { rows: inserted + updated, read: file.size });
        await ask(
          {
            method: 'POST',
            path: `${tablePath(name)}/columns/computed/embedding`,
            body: { name: `${text}_vector`, source_column: text, model: models?.[0]?.id },
          },
          { signal, timeout: 300_000 },
        );
      }
      tell(missed ? `Done; ${some(missed, 'line')} left out` : 'Done', { rows: inserted + updated, read: file.size, done: true });
    } catch (problem) {
      if (signal.aborted) tell('Cancelled; what was sent stays', { done: true });
      else setFailure(problem);
    }
  };
  return html`<div class="stack">
    <div class="card row apart">
      <span class="row"><${Icon} name="file" /><b class="wrap">${brief(file.name, 120)}</b><span class="muted num">${bytes(file.size)}</span></span>
      <button class="button small" onClick=${forget}>Another file</button>
    </div>
    <div class="card stack">
      <div class="settings">
        <${Field} label="Into the table" hint=${there ? 'It is there; rows are added, those with a known key replaced' : 'It will be made'}>${(/** @type {string} */ id) => html`<input id=${id} maxlength="128" value=${name} onInput=${(/** @type {any} */ event) => setName(event.currentTarget.value)} />`}<//>
        ${
          !there &&
          html`<${Field} label="Primary key" hint="Without one, rows are numbered">${(
            /** @type {string} */ id,
          ) => html`<select id=${id} value=${key} onChange=${(/** @type {any} */ event) => setKey(event.currentTarget.value)}>
              <option value="">none</option>
              ${taken.filter(({ type }) => type === 'string' || type === 'int').map((column) => html`<option selected=${column.name === key}>${column.name}</option>`)}
            </select>`}<//>
          <${Field} label="Embed the text of" hint="So that rows are found by meaning">${(
            /** @type {string} */ id,
          ) => html`<select id=${id} value=${text} onChange=${(/** @type {any} */ event) => setEmbedded(event.currentTarget.value)}>
              <option value="">nothing</option>
              ${texts.map((column) => html`<option selected=${column.name === text}>${column.name}</option>`)}
            </select>`}<//>
          ${text && html`<${Check} label="Find it by words too" checked=${words} set=${setWords} />`}`
        }
      </div>
    </div>
    <div class="card flush scroll" tabindex="0" role="region" aria-label="First rows of the file">
      <table class="table preview">
        <thead>
          <tr>
            ${its.map(
              (column, at) =>
                html`<th>
                  <div class="stack tight">
                    <${Check} label=${visible(brief(column.from, 40))} checked=${column.take} set=${(/** @type {boolean} */ take) => change(at, { take })} />
                    <select aria-label=${`Type of ${brief(column.from, 40)}`} disabled=${there} value=${column.type} onChange=${(/** @type {any} */ event) => change(at, { type: event.currentTarget.value })}>${TYPES.map((type) => html`<option selected=${type === column.type}>${type}</option>`)}</select>
                  </div>
                </th>`,
            )}
          </tr>
        </thead>
        <tbody>
          ${sample.rows.slice(0, 8).map((row) => html`<tr>${its.map(({ from, take }) => html`<td class=${take ? '' : 'muted'} dir="auto"><span class="cell">${shown(row[from], 120)}</span></td>`)}</tr>`)}
        </tbody>
      </table>
    </div>
    ${sample.bad.length > 0 && html`<div class="note warn">${some(sample.bad.length, 'bad line')} among the first: line ${sample.bad[0].line}, ${brief(sample.bad[0].what, 200)}. Such lines are left out and listed.</div>`}
    <${Failure} error=${failure} />
    ${
      progress &&
      html`<div class="card stack tight">
      <div class="row apart"><span role="status">${progress.step}</span><span class="muted num">${some(progress.rows, 'row')}, ${duration(Date.now() - progress.begun)}</span></div>
      <progress max=${file.size || 1} value=${progress.done ? file.size || 1 : progress.read} aria-label="Import"></progress>
      ${progress.bad.length > 0 && html`<details><summary>${some(progress.bad.length, 'bad line')}</summary><ul class="small">${progress.bad.map(({ line, what }) => html`<li>Line ${count(line)}: ${brief(what, 200)}</li>`)}</ul></details>`}
    </div>`
    }
    <div class="row">
      ${
        progress && !progress.done && !failure
          ? html`<button class="button" onClick=${() => stop.current?.abort()}>Cancel</button>`
          : progress?.done
            ? html`<a class="button main" href=${href(['tables', name, 'rows'])}>See the rows</a>${text && html`<button class="button" onClick=${() => go(['search', name])}><${Icon} name="search" />Search</button>`}`
            : html`<button class="button main" disabled=${!taken.length || !name || !may(there ? 'write' : 'admin')} onClick=${run}>Import</button>`
      }
      ${!may(there ? 'write' : 'admin') && html`<span class="muted small">This needs a key with the scope ${there ? 'write' : 'admin'}.</span>`}
    </div>
    <${RequestMade} request=${{ method: 'POST', path: `${tablePath(name)}/rows`, body: { rows: sample.rows.slice(0, 2), on_conflict: 'replace', embed: 'async' }, once: true }} />
  </div>`;
}

export default function Import() {
  const { data: tables } = useTables();
  const [file, setFile] = useState(/** @type {File | null} */ (null));
  const [over, setOver] = useState(false);
  const drop = (/** @type {any} */ event) => {
    event.preventDefault();
    setOver(false);
    const [given] = event.dataTransfer?.files ?? [];
    if (given) setFile(given);
  };
  return html`<${Title} name="Import" about="A file of CSV, of JSON, or of JSON lines becomes the rows of a table. It is read in this page and sent a piece at a time; larger files, Parquet and Arrow go by scripts/akidb import." />
    ${
      file && tables
        ? html`<${Plan} key=${`${file.name}${file.lastModified}`} file=${file} forget=${() => setFile(null)} tables=${tables.map(({ name }) => name)} />`
        : html`<label class=${`card drop ${over ? 'over' : ''}`} onDragOver=${(/** @type {Event} */ event) => (event.preventDefault(), setOver(true))} onDragLeave=${() => setOver(false)} onDrop=${drop}>
          <${Icon} name="import" />
          <b>Drop a file here, or choose one</b>
          <span class="muted">.csv, .tsv, .json, .ndjson or .jsonl</span>
          <input class="unseen" type="file" accept=".csv,.tsv,.txt,.json,.ndjson,.jsonl" onChange=${(/** @type {any} */ event) => event.currentTarget.files[0] && setFile(event.currentTarget.files[0])} />
        </label>`
    }`;
}
