// Home: what this is, how it is, and the first steps.
import { RequestMade } from '../lib/code.js';
import { go, href } from '../lib/address.js';
import { ask, useCaller, useRead } from '../lib/server.js';
import { makeSample, SAMPLE, SAMPLE_QUESTION } from '../lib/sample.js';
import { embeds, useTables, vectorColumns } from '../lib/tables.js';
import { brief, count, duration, Failure, Field, html, Icon, some, Title, useRef, useState, visible } from '../lib/view.js';

/** The sample data, in one click. @param {{ there: boolean }} given */
function Sample({ there }) {
  const [step, setStep] = useState(/** @type {{ text: string, part: number } | null} */ (null));
  const [error, setError] = useState(/** @type {unknown} */ (null));
  const stop = useRef(/** @type {AbortController | null} */ (null));
  const show = () => go(['search', SAMPLE], { q: SAMPLE_QUESTION });
  const make = async () => {
    setError(null);
    stop.current = new AbortController();
    try {
      await makeSample((text, part) => setStep({ text, part }), stop.current.signal);
      show();
    } catch (failure) {
      setStep(null);
      if (!stop.current.signal.aborted) setError(failure);
    }
  };
  return html`<div class="stack tight">
    ${
      step
        ? html`<div class="row apart">
              <span role="status">${step.text}</span
              ><button class="button small" onClick=${() => stop.current?.abort()}>Cancel</button>
            </div>
            <progress max="1" value=${step.part} aria-label="Sample data"></progress>`
        : html`<div>
            <button class="button main" onClick=${there ? show : make}>
              ${there ? 'Search the sample' : 'Try it with sample data'}
            </button>
          </div>`
    }
    <${Failure} error=${error} />
  </div>`;
}

/** A vector as a strip of its numbers. @param {{ vector: number[] }} given */
export function Strip({ vector }) {
  const most = Math.max(...vector.map(Math.abs), 1e-9);
  const wide = Math.min(vector.length, 192);
  const step = vector.length / wide;
  return html`<svg
    class="strip"
    viewBox=${`0 0 ${wide} 12`}
    preserveAspectRatio="none"
    role="img"
    aria-label=${`A vector of ${vector.length} numbers`}
  >
    ${Array.from({ length: wide }, (_, at) => {
      const value = vector[Math.floor(at * step)] / most;
      return html`<rect
        x=${at}
        y="0"
        width="1.05"
        height="12"
        fill=${value < 0 ? 'var(--data-2)' : 'var(--data-1)'}
        opacity=${0.08 + 0.92 * Math.abs(value)}
      />`;
    })}
  </svg>`;
}

function Embed() {
  const [text, setText] = useState('Snow on the pass until June');
  const [done, setDone] = useState(/** @type {any} */ (null));
  const [error, setError] = useState(/** @type {unknown} */ (null));
  const request = {
    method: /** @type {const} */ ('POST'),
    path: '/embed',
    body: { texts: [text] },
  };
  const run = async (/** @type {Event} */ event) => {
    event.preventDefault();
    const begun = performance.now();
    try {
      const answer = await ask(request);
      setDone({ ...answer, ms: performance.now() - begun });
      setError(null);
    } catch (failure) {
      setError(failure);
    }
  };
  return html`<section class="card stack tight">
    <h2>Embed a text</h2>
    <p class="muted">A model turns it into numbers; texts that mean much the same get much the same numbers.</p>
    <form class="stack tight" onSubmit=${run}>
      <${Field} label="Text"
        >${(/** @type {string} */ id) => html`<input id=${id} required maxlength="8000" value=${text} onInput=${(/** @type {any} */ event) => setText(event.currentTarget.value)} />`}<//
      >
      <div><button class="button">Embed</button></div>
    </form>
    <${Failure} error=${error} />
    ${
      done &&
      html`<${Strip} vector=${done.embeddings[0]} />
        <p class="small muted num" role="status">
          ${count(done.dimension)} numbers by ${done.model}, ${some(done.usage.total_tokens, 'token')}, ${duration(done.ms)}
        </p>`
    }
    <${RequestMade} request=${request} ms=${done?.ms} />
  </section>`;
}

export default function Home() {
  const { data: tables, error, reload } = useTables();
  const { data: health } = useRead((signal) => ask({ method: 'GET', path: '/health' }, { signal, accept: 503 }), []);
  const { may } = useCaller();
  if (error) return html`<${Failure} error=${error} retry=${reload} />`;
  if (!tables) return null;
  const rows = tables.reduce((sum, { row_count }) => sum + row_count, 0);
  const there = tables.some(({ name }) => name === SAMPLE);
  const searchable = tables.filter((table) => vectorColumns(table).some((column) => embeds(table, column)));
  return html`<${Title}
      name="See what is in there"
      about="AkiDB keeps private text, embeds it and finds it by meaning. This console shows what is stored, what a search finds and why, and how the server is."
    />
    <div class="stack">
      <div class="cards figures">
        <a class="card figure" href=${href(['tables'])}
          ><span class="label">Tables and collections</span><b>${count(tables.length)}</b></a
        >
        <a class="card figure" href=${href(['tables'])}><span class="label">Rows</span><b>${count(rows)}</b></a>
        <a class="card figure" href=${href(['models'])}
          ><span class="label">Default model</span><b class="cut">${health?.model ?? '–'}</b></a
        >
        <a class="card figure" href=${href(['operations'])}>
          <span class="label">Server</span>
          <b>${health ? html`<span class=${`tag ${health.status === 'ok' ? 'good' : 'warn'}`}>${health.status}</span>` : '–'}</b>
        </a>
      </div>
      <section class="card stack welcome">
        <h2>First steps</h2>
        <ol class="firsts">
          <li>
            <h3>Search by meaning</h3>
            <p class="muted">48 reports of hikers, embedded here. Ask whether one can cross the river, in your own words.</p>
            ${may('admin') || there ? html`<${Sample} there=${there} />` : html`<p class="note small">Making a table needs a key with the scope admin.</p>`}
          </li>
          <li>
            <h3>Bring your own</h3>
            <p class="muted">
              Drop a file of CSV, JSON or lines of JSON. Its columns are found out, and you choose which text is embedded.
            </p>
            <div>
              <a class="button" href=${href(['import'])}>Import a file</a>
            </div>
          </li>
          <li>
            <h3>Ask in SQL</h3>
            <p class="muted">Tables and collections can be joined and counted, with rows nearest to a text among them.</p>
            <div><a class="button" href=${href(['sql'])}>Write a query</a></div>
          </li>
        </ol>
      </section>
      <div class="halves">
        <${Embed} />
        <section class="card stack tight">
          <h2>Go on where you were</h2>
          ${tables.length === 0 && html`<p class="muted">Nothing is stored yet. Tables and collections will be listed here.</p>`}
          <ul class="stack tight">
            ${tables
              .slice(-6)
              .reverse()
              .map(
                (table) =>
                  html`<li class="row apart">
                    <a class="grow cut" dir="auto" href=${href(['tables', table.name, 'rows'])}
                      >${visible(brief(table.name, 60))}</a
                    >
                    <span class="muted small num">${some(table.row_count, 'row')}</span>
                    ${searchable.includes(table) && html`<a class="button small" href=${href(['search', table.name])} aria-label=${`Search ${brief(table.name, 60)}`}><${Icon} name="search" />Search</a>`}
                  </li>`,
              )}
          </ul>
          <p class="small muted">
            Every place shows the request that it made, as curl, TypeScript and Python. <a href="../swagger-ui">All routes</a>
          </p>
        </section>
      </div>
    </div>`;
}
