// Models: what can embed, what cannot and why; and what a model makes of texts.
import { RequestMade } from '../lib/code.js';
import { settle } from '../lib/address.js';
import { ask, may, metrics, useRead } from '../lib/server.js';
import {
  brief,
  bytes,
  count,
  duration,
  Failure,
  Field,
  html,
  Icon,
  some,
  Title,
  useEffect,
  useRef,
  useState,
} from '../lib/view.js';

/** @typedef {{ id: string, dimensions: number, type: string, cached: boolean, usable: boolean, reason?: string }} Model */

const EXAMPLE = [
  'Snow on the pass until June',
  'The trail is still white in early summer',
  'The hut serves soup and apple cake',
  'Where can I get something warm to eat?',
  'Trains take bicycles before nine',
];

/** How alike two vectors of length 1 are. @param {number[]} one @param {number[]} other */
const alike = (one, other) => one.reduce((sum, value, at) => sum + value * other[at], 0);

/** Every text beside every other. @param {{ texts: string[], vectors: number[][] }} given */
function HeatMap({ texts, vectors }) {
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Similarity of every two texts">
    <table class="heat num">
      <thead>
        <tr><td></td>${texts.map((_, at) => html`<th scope="col">${at + 1}</th>`)}</tr>
      </thead>
      <tbody>
        ${texts.map(
          (text, row) => html`<tr>
            <th scope="row"><span class="cut" dir="auto"><span class="muted">${row + 1}</span> ${brief(text, 60)}</span></th>
            ${texts.map((_, column) => {
              const value = alike(vectors[row], vectors[column]);
              return html`<td style=${{ '--heat': `${Math.round(Math.max(0, Math.min(1, value)) * 82)}%` }} title=${`${row + 1} and ${column + 1}`}>${value.toFixed(2)}</td>`;
            })}
          </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

/** @param {{ models: Model[], chosen: string, choose: (id: string) => void }} given */
function Try({ models, chosen, choose }) {
  const [text, setText] = useState(EXAMPLE.join('\n'));
  const [kind, setKind] = useState('');
  const [done, setDone] = useState(/** @type {any} */ (null));
  const [error, setError] = useState(/** @type {unknown} */ (null));
  const [stop, setStop] = useState(/** @type {AbortController | null} */ (null));
  const texts = text
    .split('\n')
    .filter((line) => line.trim())
    .slice(0, 12);
  const request = {
    method: /** @type {const} */ ('POST'),
    path: '/embed',
    body: { texts, ...(chosen && { model: chosen }), ...(kind && { input_type: kind }) },
  };
  const run = async (/** @type {Event | undefined} */ event) => {
    event?.preventDefault();
    if (!texts.length) return;
    const abort = new AbortController();
    setStop(abort);
    const begun = performance.now();
    try {
      const answer = await ask(request, { signal: abort.signal, timeout: 300_000, retries: 0 });
      setDone({ ...answer, texts, ms: performance.now() - begun });
      setError(null);
    } catch (failure) {
      if (!abort.signal.aborted) setError(failure);
    } finally {
      setStop(null);
    }
  };
  return html`<section class="card stack" id="try">
    <h2>Try texts</h2>
    <form class="stack" onSubmit=${run}>
      <${Field} label="One text a line, up to 12">${(/** @type {string} */ id) => html`<textarea id=${id} data-first rows="6" dir="auto" value=${text} onInput=${(/** @type {any} */ event) => setText(event.currentTarget.value)}></textarea>`}<//>
      <div class="settings">
        <${Field} label="Model">${(
          /** @type {string} */ id,
        ) => html`<select id=${id} value=${chosen} onChange=${(/** @type {any} */ event) => choose(event.currentTarget.value)}>
            <option value="">the default</option>
            ${models.filter(({ usable }) => usable).map((model) => html`<option value=${model.id} selected=${model.id === chosen}>${model.id}</option>`)}
          </select>`}<//>
        <${Field} label="Texts are" hint="Some models put a prompt before them">${(
          /** @type {string} */ id,
        ) => html`<select id=${id} value=${kind} onChange=${(/** @type {any} */ event) => setKind(event.currentTarget.value)}>
            <option value="">as they stand</option>
            <option value="query">queries</option>
            <option value="document">documents</option>
          </select>`}<//>
      </div>
      <div class="row">${stop ? html`<button type="button" class="button" onClick=${() => stop.abort()}>Cancel</button><span class="muted" role="status">Embedding; a model that is not here yet is downloaded first…</span>` : html`<button class="button main" disabled=${!texts.length}>Compare</button>`}</div>
    </form>
    <${Failure} error=${error} />
    ${
      done &&
      html`<p class="small muted num" role="status">${some(done.usage.total_tokens, 'token')} by ${done.model}, ${count(done.dimension)} numbers each, ${duration(done.usage.duration_ms)} at the server, ${duration(done.ms)} with the way here</p>
      ${done.truncated?.length > 0 && html`<p class="note warn">Longer than the model takes, so that their ends were not read: ${done.truncated.map((/** @type {number} */ at) => at + 1).join(', ')}</p>`}
      <${HeatMap} texts=${done.texts} vectors=${done.embeddings} />`
    }
    <${RequestMade} request=${request} ms=${done?.ms} />
  </section>`;
}

/** @param {{ address: import('../lib/address.js').Address }} given */
export default function Models({ address }) {
  const {
    data: models,
    error,
    reload,
  } = useRead(async (signal) => {
    const [{ models: known }, { data: usable }] = await Promise.all([
      ask({ method: 'GET', path: '/embeddings/models' }, { signal }),
      ask({ method: 'GET', path: '/v1/models' }, { signal }),
    ]);
    return /** @type {Model[]} */ (
      known.map((/** @type {Model} */ model, /** @type {number} */ at) => {
        const its = usable.find((/** @type {any} */ one) => one.id === model.id) ?? usable[at];
        return { ...model, usable: its?.usable ?? true, reason: its?.reason };
      })
    );
  }, []);
  const { data: health } = useRead((signal) => ask({ method: 'GET', path: '/health' }, { signal, accept: 503 }), []);
  const [chosen, setChosen] = useState(address.at.model ?? '');
  const [loading, setLoading] = useState(/** @type {Map<string, number>} */ (new Map()));
  const [failed, setFailed] = useState(/** @type {Map<string, unknown>} */ (new Map()));
  const [part, setPart] = useState(/** @type {{ here: number, of: number } | null} */ (null));
  const stops = useRef(/** @type {Map<string, AbortController>} */ (new Map()));
  useEffect(() => settle(['models'], { model: chosen }), [chosen]);
  useEffect(() => {
    if (!loading.size) return setPart(null);
    const look = async () => {
      const now = await metrics().catch(() => null);
      setPart({
        here: now?.get('akidb_model_download_bytes') ?? 0,
        of: now?.get('akidb_model_download_size_bytes') ?? 0,
      });
    };
    void look();
    const timer = setInterval(look, 1000);
    return () => clearInterval(timer);
  }, [loading.size]);
  const load = async (/** @type {string} */ id) => {
    const stop = new AbortController();
    stops.current.set(id, stop);
    setLoading((now) => new Map(now).set(id, Date.now()));
    try {
      await ask(
        { method: 'POST', path: '/embeddings/models/preload', body: { model: id } },
        { signal: stop.signal, timeout: 590_000, retries: 0 },
      );
      setFailed((now) => new Map([...now].filter(([other]) => other !== id)));
      reload();
    } catch (problem) {
      if (!stop.signal.aborted) setFailed((now) => new Map(now).set(id, problem));
    }
    setLoading((now) => new Map([...now].filter(([other]) => other !== id)));
  };
  if (error) return html`<${Failure} error=${error} retry=${reload} />`;
  if (!models) return null;
  const isDefault = (/** @type {string} */ id) => health?.model && id.toLowerCase().endsWith(health.model.toLowerCase());
  return html`<${Title} name="Models" about="What turns texts into vectors. Those that are here run on this machine, and no text leaves it." />
    <div class="stack">
      <ul class="cards">
        ${models.map((model) => {
          const since = loading.get(model.id);
          return html`<li class="card stack tight model" key=${model.id}>
            <div class="row apart">
              <b class="grow wrap">${model.id}</b>
              ${!model.usable ? html`<span class="tag bad">unusable</span>` : since ? html`<span class="tag warn">loading</span>` : model.cached ? html`<span class="tag good">here</span>` : html`<span class="tag">to download</span>`}
            </div>
            <p class="muted num">${count(model.dimensions)} numbers, for ${model.type === 'sentence' ? 'sentences' : 'documents'}${isDefault(model.id) ? ', the default' : ''}</p>
            ${model.reason && html`<p class="small">${brief(model.reason.charAt(0).toUpperCase() + model.reason.slice(1), 400)}</p>`}
            <${Failure} error=${failed.get(model.id)} />
            ${
              since &&
              html`<div class="row apart"><span class="small muted num" role="status">${part?.of ? `Downloading, ${Math.floor((100 * part.here) / part.of)} % of ${bytes(part.of)}` : 'Downloading and loading'}, ${duration(Date.now() - since)} so far</span><button class="button small" onClick=${() => stops.current.get(model.id)?.abort()}>Do not wait</button></div>
              <progress aria-label=${`Loading ${model.id}`} max="1" value=${part?.of ? part.here / part.of : undefined}></progress>`
            }
            ${
              model.usable &&
              !since &&
              html`<div class="row actions">
              ${may('admin') && html`<button class="button small" onClick=${() => load(model.id)}><${Icon} name="import" />${model.cached ? 'Load now' : 'Download'}</button>`}
              <button class="button small" onClick=${() => (setChosen(model.id), document.getElementById('try')?.scrollIntoView())}>Try it</button>
            </div>`
            }
          </li>`;
        })}
      </ul>
      <${Try} models=${models} chosen=${chosen} choose=${setChosen} />
    </div>
    <${RequestMade} request=${{ method: 'GET', path: '/embeddings/models' }} />`;
}
