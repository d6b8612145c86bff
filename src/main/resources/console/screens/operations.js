// Operations: how the server is, now and over the last minutes; its indexes, its backups and its data.
import { RequestMade } from '../lib/code.js';
import { href } from '../lib/address.js';
import { ask, may, metrics, useCaller, useEvery, useRead } from '../lib/server.js';
import { useTables } from '../lib/tables.js';
import {
  brief,
  bytes,
  Copy,
  count,
  duration,
  Failure,
  html,
  moment,
  say,
  some,
  Spark,
  Tabs,
  Title,
  useEffect,
  useLayoutEffect,
  useRef,
  useScheme,
  useState,
  visible,
} from '../lib/view.js';

const PAUSE = 2000;
const KEPT = 180;

/** @typedef {Map<string, number>} Sample */
/** @typedef {{ at: number, sample: Sample }} Moment */

/** The sum of all that have a name and a label. @param {Sample} sample @param {string} name @param {RegExp} [labels] */
function sum(sample, name, labels) {
  let all = 0;
  for (const [key, value] of sample)
    if ((key === name || key.startsWith(`${name}{`)) && (!labels || labels.test(key)) && !Number.isNaN(value)) all += value;
  return all;
}

/** How much something grew in a second, from one moment to the next. @param {Moment[]} moments @param {(sample: Sample) => number} of */
const rates = (moments, of) =>
  moments.map(({ at, sample }, index) =>
    index === 0 ? null : Math.max(0, (of(sample) - of(moments[index - 1].sample)) / ((at - moments[index - 1].at) / 1000)),
  );

/** Milliseconds of each on average, from one moment to the next. @param {Moment[]} moments @param {string} name @param {RegExp} [labels] */
const means = (moments, name, labels) =>
  moments.map(({ sample }, index) => {
    if (index === 0) return null;
    const before = moments[index - 1].sample;
    const calls = sum(sample, `${name}_count`, labels) - sum(before, `${name}_count`, labels);
    return calls > 0 ? (1000 * (sum(sample, `${name}_sum`, labels) - sum(before, `${name}_sum`, labels))) / calls : null;
  });

/** 9:41:07 PM, or as one's country writes it. @param {number} seconds since 1970 */
const clock = (seconds) => new Date(seconds * 1000).toLocaleTimeString();

/** Lines over the last minutes. @param {{ title: string, unit: (value: number) => string, moments: Moment[], lines: { name: string, values: (number | null)[] }[] }} given */
function Chart({ title, unit, moments, lines }) {
  const box = useRef(/** @type {HTMLDivElement | null} */ (null));
  const scheme = useScheme();
  const plot = useRef(/** @type {any} */ (null));
  const [uplot, setUplot] = useState(/** @type {any} */ (null));
  useEffect(() => void import('../vendor/uplot.js').then(({ default: made }) => setUplot(() => made)), []);
  // at least a minute, since a chart of one moment would have no width
  const end = (moments.at(-1)?.at ?? Date.now()) / 1000;
  const span = useRef([0, 0]);
  span.current = [Math.min((moments[0]?.at ?? Infinity) / 1000, end - 60), end];
  const data = [moments.map(({ at }) => at / 1000), ...lines.map(({ values }) => values)];
  useLayoutEffect(() => {
    const element = box.current;
    if (!uplot || !element) return;
    const probe = document.createElement('i');
    element.append(probe);
    const colour = (/** @type {string} */ value) => ((probe.style.color = value), getComputedStyle(probe).color);
    const axis = {
      stroke: colour('var(--muted)'),
      grid: { stroke: colour('var(--line)'), width: 1 },
      ticks: { show: false },
      font: '11px system-ui',
    };
    plot.current = new uplot(
      {
        width: element.clientWidth,
        height: 150,
        legend: { show: false },
        cursor: { y: false },
        axes: [
          { ...axis, size: 30, space: 80, values: (/** @type {any} */ _, /** @type {number[]} */ values) => values.map(clock) },
          { ...axis, size: 62, values: (/** @type {any} */ _, /** @type {number[]} */ values) => values.map(unit) },
        ],
        scales: {
          x: {
            range: () => span.current,
          },
          y: {
            range: (/** @type {any} */ _, /** @type {number} */ _least, /** @type {number} */ most) => [
              0,
              Math.max(most * 1.15, 1),
            ],
          },
        },
        series: [
          {},
          ...lines.map((_, at) => ({
            stroke: colour(`var(--data-${at + 1})`),
            width: 2,
            spanGaps: true,
            points: { show: false },
          })),
        ],
      },
      data,
      element,
    );
    probe.remove();
    const watch = new ResizeObserver(() => plot.current?.setSize({ width: element.clientWidth, height: 150 }));
    watch.observe(element);
    return () => (watch.disconnect(), plot.current?.destroy());
  }, [uplot, scheme]);
  useEffect(() => plot.current?.setData(data), [moments.at(-1)?.at]);
  const last = lines.map(({ values }) => values.findLast((value) => value !== null));
  return html`<figure class="card stack tight">
    <figcaption class="row apart">
      <h2>${title}</h2>
      <span class="row small muted num">${lines.map(({ name }, at) => html`<span class="row"><i class="swatch" style=${{ '--colour': `var(--data-${at + 1})` }}></i>${name} ${last[at] == null ? '–' : unit(/** @type {number} */ (last[at]))}</span>`)}</span>
    </figcaption>
    <div class="plot" ref=${box} aria-hidden="true"></div>
  </figure>`;
}

/** @param {{ name: string, value: any, about?: string, part?: number }} given */
const Figure = ({ name, value, about, part }) =>
  html`<div class="card figure"><span class="label">${name}</span><b>${value}</b>${part !== undefined && html`<div class="bar"><i style=${{ '--part': String(Math.min(1, part)) }}></i></div>`}${about && html`<span class="small muted num">${about}</span>`}</div>`;

/** Copies of the whole server. */
function Backups() {
  const { data, error, reload } = useRead(
    async (signal) => (await ask({ method: 'GET', path: '/api/v1/backups' }, { signal })).backups,
    [],
  );
  const [name, setName] = useState('');
  const running = data?.some((/** @type {any} */ one) => one.state === 'running');
  useEvery(reload, running ? 1000 : null);
  const begin = async (/** @type {Event} */ event) => {
    event.preventDefault();
    try {
      await ask({ method: 'POST', path: '/api/v1/backups', body: name ? { name } : {} });
      setName('');
      reload();
    } catch (problem) {
      say(/** @type {Error} */ (problem).message, true);
    }
  };
  return html`<section class="card stack">
    <h2>Backups</h2>
    <form class="row" onSubmit=${begin}>
      <input class="narrow" aria-label="Name of the backup" placeholder="name, or the time of day" maxlength="100" value=${name} onInput=${(/** @type {any} */ event) => setName(event.currentTarget.value)} />
      <button class="button" disabled=${running}>Make a backup now</button>
    </form>
    <${Failure} error=${error} retry=${reload} />
    ${data?.length === 0 && html`<p class="muted">There is none yet. One is made while others go on writing.</p>`}
    ${
      data?.length > 0 &&
      html`<div class="scroll" tabindex="0" role="region" aria-label="Backups"><table class="table">
      <thead><tr><th>Name</th><th>State</th><th>Made</th><th class="right">Size</th><th>Where</th></tr></thead>
      <tbody>${data.map((/** @type {any} */ one) => html`<tr><td>${one.name}</td><td><span class=${`tag ${one.state === 'complete' ? 'good' : one.state === 'failed' ? 'bad' : 'warn'}`}>${one.state}</span>${one.error && html`<div class="small note bad">${brief(one.error, 300)}</div>`}</td><td class="time">${moment(one.made_at)}</td><td class="right">${one.bytes ? bytes(one.bytes) : '–'}</td><td class="mono wrap">${one.path}</td></tr>`)}</tbody>
    </table></div>`
    }
  </section>`;
}

/** Reading all that the server keeps, to see whether it is whole. */
function Verify() {
  const { data, error, reload } = useRead((signal) => ask({ method: 'GET', path: '/api/v1/verify' }, { signal }), []);
  useEvery(reload, data?.state === 'running' ? 1000 : null);
  const begin = async () => {
    try {
      await ask({ method: 'POST', path: '/api/v1/verify' });
      reload();
    } catch (problem) {
      say(/** @type {Error} */ (problem).message, true);
    }
  };
  return html`<section class="card stack">
    <div class="row apart"><h2>Whether the data is whole</h2><button class="button" disabled=${data?.state === 'running'} onClick=${begin}>Read all of it</button></div>
    ${!data && html`<p class="muted">${error ? 'Nothing was read since the server started.' : '…'}</p>`}
    ${
      data &&
      html`<p role="status"><span class=${`tag ${data.state === 'complete' && !data.problems?.length ? 'good' : data.state === 'running' ? 'warn' : 'bad'}`}>${data.state}</span> <span class="muted">${data.step ?? (data.ended_at ? moment(data.ended_at) : '')}</span></p>
      ${data.state === 'running' && html`<progress aria-label="Verification"></progress>`} ${data.state === 'complete' && !data.problems?.length && html`<p>Nothing is wrong.</p>`}
      ${data.error && html`<p class="note bad">${brief(data.error, 500)}</p>`}
      <ul class="small">${(data.problems ?? []).slice(0, 50).map((/** @type {any} */ one) => html`<li><code>${one.file}</code> ${brief(one.what, 300)}${one.harmless ? ' (mended by itself at the next start)' : ''}</li>`)}</ul>`
    }
  </section>`;
}

/** The API keys of the server, which are nowhere but with those who hold them. */
function Keys() {
  const { data, error, reload } = useRead(
    async (signal) => (await ask({ method: 'GET', path: '/api/v1/keys' }, { signal })).keys,
    [],
  );
  useEvery(reload, 10_000);
  const over = (/** @type {any} */ one) => one.expires_at && new Date(one.expires_at) <= new Date();
  return html`<section class="card stack">
    <h2>API keys</h2>
    <${Failure} error=${error} retry=${reload} />
    ${data?.length === 0 && html`<p class="muted">There are none, so that whoever reaches this server may do everything.</p>`}
    ${
      data?.length > 0 &&
      html`<div class="scroll" tabindex="0" role="region" aria-label="API keys"><table class="table">
      <thead><tr><th>Name</th><th>May</th><th>Id</th><th>Made</th><th>Used last</th><th>Until</th><th class="right">Requests</th></tr></thead>
      <tbody>${data.slice(0, 500).map((/** @type {any} */ one) => html`<tr><td><b>${one.name}</b></td><td>${one.scopes.join(', ')}</td><td class="mono">${one.id}</td><td class="time">${moment(one.created_at)}</td><td class="time">${moment(one.last_used_at)}</td><td>${over(one) ? html`<span class="tag bad">over</span> ` : ''}${moment(one.expires_at)}</td><td class="right">${one.requests_per_second ? `${one.requests_per_second}/s` : '–'}</td></tr>`)}</tbody>
    </table></div>`
    }
    <p class="small muted">They are made and revoked on the server's machine: <code>scripts/akidb keys create</code>, <code>revoke</code>.</p>
  </section>`;
}

const LIFETIMES = [
  [900, '15 minutes'],
  [3600, 'an hour'],
  [86_400, 'a day'],
];

/** Short-lived tokens for people's browsers and apps, which end with the key that makes them. */
function Tokens() {
  const { data: tables } = useTables();
  const [subject, setSubject] = useState('');
  const [seconds, setSeconds] = useState(3600);
  const [writes, setWrites] = useState(false);
  const [part, setPart] = useState('');
  const [columns, setColumns] = useState(/** @type {string[]} */ ([]));
  const [where, setWhere] = useState('');
  const [made, setMade] = useState(/** @type {any} */ (null));
  const table = tables?.find(({ name }) => name === part);
  const rights = { ...(columns.length && { columns }), ...(where.trim() && { where: { text: where.trim() } }) };
  const body = {
    subject: subject || 'ada',
    expires_in: seconds,
    scopes: writes ? ['read', 'write'] : ['read'],
    ...(table && { tables: { [table.name]: rights } }),
  };
  const request = /** @type {const} */ ({ method: 'POST', path: '/api/v1/tokens', body });
  const make = async (/** @type {Event} */ event) => {
    event.preventDefault();
    try {
      setMade(await ask(request));
    } catch (problem) {
      say(/** @type {Error} */ (problem).message, true);
    }
  };
  const toggle = (/** @type {string} */ name) =>
    setColumns((now) => (now.includes(name) ? now.filter((one) => one !== name) : [...now, name]));
  return html`<section class="card stack" aria-label="Tokens">
    <h2>Tokens</h2>
    <p class="small muted">For somebody's browser or app, instead of an API key. A token never may more than the key it is made with, administrates nothing, and ends by itself or with that key. Applications make them in the same way.</p>
    <form class="stack" onSubmit=${make}>
      <div class="cards">
        <div class="field"><label for="token-subject">For whom</label><input id="token-subject" required maxlength="128" pattern="[!-~]+" title="1 to 128 printable ASCII characters without spaces" placeholder="ada" value=${subject} onInput=${(/** @type {any} */ event) => setSubject(event.currentTarget.value)} /></div>
        <div class="field"><label for="token-time">Ends after</label><select id="token-time" value=${seconds} onChange=${(/** @type {any} */ event) => setSeconds(Number(event.currentTarget.value))}>${LIFETIMES.map(([value, name]) => html`<option value=${value} selected=${value === seconds}>${name}</option>`)}</select></div>
        <div class="field"><label for="token-part">May see</label><select id="token-part" value=${part} onChange=${(/** @type {any} */ event) => (setPart(event.currentTarget.value), setColumns([]), setWhere(''))}><option value="">all that the key may</option>${(tables ?? []).slice(0, 500).map(({ name }) => html`<option value=${name} selected=${name === part}>${brief(name, 60)} alone</option>`)}</select></div>
      </div>
      ${
        table &&
        html`<div class="field"><label for="token-where">Rows for which</label><input id="token-where" class="mono" placeholder="all; or such as owner = 'ada'" value=${where} onInput=${(/** @type {any} */ event) => setWhere(event.currentTarget.value)} /></div>
        <fieldset class="field"><legend class="label">Columns, beside the primary key; all if none is chosen</legend><div class="row">${table.columns
          .filter(({ name }) => name !== table.primary_key)
          .slice(0, 100)
          .map(
            ({ name }) =>
              html`<label class="check"><input type="checkbox" checked=${columns.includes(name)} onChange=${() => toggle(name)} />${visible(brief(name, 40))}</label>`,
          )}</div></fieldset>`
      }
      <div class="row"><label class="check"><input type="checkbox" checked=${writes} onChange=${() => setWrites(!writes)} />May write, too</label><button class="button">Make a token</button></div>
    </form>
    ${
      made &&
      html`<div class="note stack tight" role="status">
      <p>Copy it now: it is not shown again. It ends ${moment(made.expires_at)}, or when the key <code>${made.key_id}</code> is revoked.</p>
      <div class="row"><code class="mono cut" aria-label="The token">${made.token}</code><${Copy} text=${() => made.token} label="Copy the token" /></div>
    </div>`
    }
    <${RequestMade} request=${request} />
  </section>`;
}

const LINES = [20, 100, 1000];

/** Who changed what, or was refused to. */
function Audit() {
  const [refused, setRefused] = useState('');
  const [limit, setLimit] = useState(LINES[0]);
  const request = /** @type {const} */ ({ method: 'GET', path: `/api/v1/audit?limit=${limit}${refused && '&refused=true'}` });
  const { data, error, reload } = useRead((signal) => ask(request, { signal }), [request.path]);
  useEvery(reload, 5000);
  const entries = /** @type {any[]} */ (data?.entries ?? []);
  const more = LINES.find((one) => one > limit);
  return html`<section class="card stack">
    <h2>Audit log</h2>
    <${Tabs} name="Lines" value=${refused} set=${setRefused} options=${[
      ['', 'Changes'],
      ['1', 'Refused'],
    ]} />
    <${Failure} error=${error} retry=${reload} />
    ${data && !entries.length && html`<p class="muted">${data.on ? 'There is no line yet.' : html`It is not kept: there are no API keys, or <code>akidb.security.audit.enabled</code> is false.`}</p>`}
    ${
      entries.length > 0 &&
      html`<div class="scroll lines" tabindex="0" role="region" aria-label="Lines of the audit log"><table class="table">
      <thead><tr><th>Time</th><th>Key</th><th>Did</th><th>To</th><th class="right">Items</th><th>Outcome</th></tr></thead>
      <tbody>${entries.map((one) => html`<tr><td class="time">${moment(one.time)}</td><td>${brief(visible(one.key ?? '–'), 64)}</td><td class="mono">${brief(visible(one.operation ?? ''), 120)}</td><td dir="auto">${one.target ? brief(visible(one.target), 80) : '–'}</td><td class="right">${count(one.items)}</td><td><span class=${`tag ${/^[45]|^[A-Z]/.test(one.outcome) && one.outcome !== 'OK' ? 'bad' : 'good'}`}>${one.code ?? one.outcome}</span></td></tr>`)}</tbody>
    </table></div>`
    }
    ${more && entries.length === limit && html`<div><button class="button small" onClick=${() => setLimit(more)}>Show more</button></div>`}
  </section>`;
}

/** What indexes hold, and what their searches find. */
function Indexes() {
  const { data: tables, reload } = useTables();
  useEvery(reload, 5000);
  const all = (tables ?? []).flatMap((table) => table.indexes.map((index) => ({ table: table.name, index })));
  // as long as one looks
  const recalls = useRef(/** @type {Map<string, number[]>} */ (new Map()));
  useEffect(() => {
    for (const { table, index } of all)
      if (index.recall != null) {
        const key = `${table}\n${index.name}`;
        recalls.current.set(key, [...(recalls.current.get(key) ?? []), index.recall].slice(-KEPT));
      }
  }, [tables]);
  if (!all.length) return null;
  return html`<section class="card stack">
    <h2>Indexes</h2>
    <div class="scroll" tabindex="0" role="region" aria-label="Indexes"><table class="table">
      <thead><tr><th>Table</th><th>Index</th><th>Status</th><th class="right">Rows</th><th class="right">Memory</th><th class="right">Recall</th></tr></thead>
      <tbody>${all.slice(0, 100).map(({ table, index }) => html`<tr><td><a href=${href(['tables', table, 'indexes'])} dir="auto">${brief(table, 40)}</a></td><td>${index.method} <span class="muted">${index.columns.map((name) => brief(name, 30)).join(', ')}</span></td><td><span class=${`tag ${index.status === 'ready' ? 'good' : index.status === 'failed' ? 'bad' : 'warn'}`}>${index.status}</span></td><td class="right">${count(index.rows)}</td><td class="right">${index.memory_bytes ? bytes(index.memory_bytes) : '–'}</td><td class="right">${index.recall == null ? '–' : html`<span class="traffic"><${Spark} values=${recalls.current.get(`${table}\n${index.name}`) ?? []} label="Recall over time" />${index.recall.toFixed(3)}</span>`}</td></tr>`)}</tbody>
    </table></div>
  </section>`;
}

export default function Operations() {
  const [moments, setMoments] = useState(/** @type {Moment[]} */ ([]));
  const [error, setError] = useState(/** @type {unknown} */ (null));
  const { data: health, reload } = useRead((signal) => ask({ method: 'GET', path: '/health' }, { signal, accept: 503 }), []);
  const { caller } = useCaller();
  const busy = useRef(false);
  const look = async () => {
    if (busy.current) return;
    busy.current = true;
    try {
      const sample = await metrics();
      setMoments((now) => [...now.slice(1 - KEPT), { at: Date.now(), sample }]);
      setError(null);
    } catch (failure) {
      setError(failure);
    }
    busy.current = false;
  };
  useEffect(() => void look(), []);
  useEvery(() => (void look(), reload()), PAUSE);
  const now = moments.at(-1)?.sample;
  if (!now) return error ? html`<${Failure} error=${error} retry=${look} />` : null;
  const get = (/** @type {string} */ name, /** @type {RegExp | undefined} */ labels = undefined) => sum(now, name, labels);
  const heap = get('jvm_memory_used_bytes', /area="heap"/);
  const most = get('jvm_memory_max_bytes', /area="heap"/);
  const free = [...now].find(([key]) => key.startsWith('disk_free_bytes'))?.[1];
  const disk = [...now].find(([key]) => key.startsWith('disk_total_bytes'))?.[1];
  const hits = get('akidb_vector_cache_hits_total');
  const misses = get('akidb_vector_cache_misses_total');
  const uptime = get('process_uptime_seconds');
  const per = (/** @type {number} */ value) => `${value < 10 ? +value.toFixed(1) : Math.round(value)}/s`;
  const admin = may('admin');
  return html`<${Title} name="Operations" about="How the server is now, and how it was since this page was opened." />
    <div class="stack">
      <${Failure} error=${error} />
      <div class="cards figures eight">
        <${Figure} name="Server" value=${html`<span class=${`tag ${health?.status === 'ok' ? 'good' : 'warn'}`}>${health?.status ?? '…'}</span>`} about=${`${health?.detail ?? ''}${uptime ? `up for ${uptime < 3600 ? `${some(Math.round(uptime / 60), 'minute')}` : `${(uptime / 3600).toFixed(1)} hours`}` : ''}`} />
        <${Figure} name="Heap" value=${bytes(heap)} about=${`of ${bytes(most)}`} part=${heap / (most || 1)} />
        <${Figure} name="Index memory" value=${bytes(get('akidb_index_memory_bytes'))} about=${`${some(get('akidb_index_rows'), 'vector')}`} />
        <${Figure} name="Database" value=${bytes(get('akidb_database_bytes') + get('akidb_database_wal_bytes'))} about=${`${bytes(get('akidb_database_free_bytes'))} of it free`} />
        <${Figure} name="Disk" value=${bytes(free)} about=${`free of ${bytes(disk)}`} part=${disk ? 1 - (free ?? 0) / disk : 0} />
        <${Figure} name="Known texts" value=${hits + misses ? `${Math.round((100 * hits) / (hits + misses))} %` : '–'} about=${`${some(get('akidb_vector_cache_entries'), 'vector')} kept`} />
        <${Figure} name="Waiting" value=${count(get('akidb_embedding_queue_depth') + get('akidb_write_queue_depth'))} about=${`${some(get('akidb_computed_pending_cells'), 'cell')} to embed`} />
        <${Figure} name="Refused writes" value=${count(get('akidb_writes_unsuccessful_total'))} about="since the start" />
      </div>
      <div class="halves">
        <${Chart} title="Requests" unit=${per} moments=${moments} lines=${[
          { name: 'all', values: rates(moments, (sample) => sum(sample, 'http_server_requests_seconds_count')) },
          { name: 'failed', values: rates(moments, (sample) => sum(sample, 'http_server_requests_seconds_count', /status="5/)) },
        ]} />
        <${Chart} title="Latency, on average" unit=${duration} moments=${moments} lines=${[
          { name: 'search', values: means(moments, 'akidb_search_latency_seconds') },
          { name: 'embedding', values: means(moments, 'akidb_embedding_latency_seconds') },
          { name: 'commit', values: means(moments, 'akidb_commit_latency_seconds') },
        ]} />
        <${Chart} title="Batches of the models" unit=${(/** @type {number} */ value) => String(+value.toFixed(1))} moments=${moments} lines=${[
          {
            name: 'texts in a call',
            values: means(moments, 'akidb_embedding_backend_batch_size').map((value) => (value === null ? null : value / 1000)),
          },
          { name: 'in the queue', values: moments.map(({ sample }) => sum(sample, 'akidb_embedding_queue_depth')) },
        ]} />
        <${Chart} title="Rows" unit=${per} moments=${moments} lines=${[
          { name: 'written', values: rates(moments, (sample) => sum(sample, 'akidb_rows_total', /written/)) },
          { name: 'embedded', values: rates(moments, (sample) => sum(sample, 'akidb_computed_cells_total')) },
        ]} />
      </div>
      <${Indexes} />
      ${admin && html`<${Backups} /><${Verify} />`}
      ${admin ? html`<${Keys} />${caller?.keys && html`<${Tokens} />`}<${Audit} />` : html`<p class="muted">Backups, keys and the audit log are shown to keys with the scope admin.</p>`}
    </div>
    <${RequestMade} request=${{ method: 'GET', path: '/metrics' }} />`;
}
