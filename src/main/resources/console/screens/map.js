// Map: the vectors of a table in the plane in which they differ most.
import { RequestMade } from '../lib/code.js';
import { go, href, settle } from '../lib/address.js';
import { ask, path, tablePath, useRead } from '../lib/server.js';
import { embeds, mainColumn, TableChoice, useTables, vectorColumns } from '../lib/tables.js';
import {
  brief,
  count,
  Empty,
  Failure,
  Field,
  html,
  Icon,
  shown,
  some,
  Title,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useScheme,
  useState,
  visible,
} from '../lib/view.js';

/** @typedef {import('../lib/tables.js').Table} Table */
/** @typedef {{ key: string | number, x: number, y: number, by?: string | number | boolean }} Point */
/** @typedef {{ x: number, y: number, scale: number }} Sight */

const COLOURS = 8;

/** Which colour a point has, and what the colours mean. @param {Point[]} points */
function legend(points) {
  const numbers = points.filter(({ by }) => typeof by === 'number').map(({ by }) => /** @type {number} */ (by));
  const distinct = new Map();
  for (const { by } of points) if (by !== undefined) distinct.set(by, (distinct.get(by) ?? 0) + 1);
  if (numbers.length > points.length / 2 && distinct.size > COLOURS) {
    const sorted = [...numbers].sort((one, other) => one - other);
    const low = sorted[Math.floor(sorted.length * 0.02)];
    const high = sorted[Math.ceil(sorted.length * 0.98) - 1];
    return {
      range: /** @type {[number, number]} */ ([low, high]),
      names: [],
      colour: (/** @type {Point} */ { by }) =>
        typeof by === 'number' ? Math.max(0, Math.min(1, (by - low) / (high - low || 1))) : null,
    };
  }
  const names = [...distinct].sort((one, other) => other[1] - one[1]).map(([name]) => name);
  return {
    range: null,
    names: names.slice(0, COLOURS - 1),
    colour: (/** @type {Point} */ { by }) =>
      by === undefined ? (names.length ? COLOURS - 1 : 0) : Math.min(COLOURS - 1, names.indexOf(by)),
  };
}

/** A dot, to be copied. @param {string} colour @param {number} radius @param {number} ratio pixels of the screen to one of the page */
function dot(colour, radius, ratio) {
  const made = document.createElement('canvas');
  made.width = made.height = Math.ceil(2 * (radius + 1) * ratio);
  const pen = made.getContext('2d');
  if (pen) {
    pen.scale(made.width / (2 * (radius + 1)), made.width / (2 * (radius + 1)));
    pen.fillStyle = colour;
    pen.beginPath();
    pen.arc(radius + 1, radius + 1, radius, 0, 7);
    pen.fill();
  }
  return made;
}

/** Whether a place lies within a line that is drawn around. @param {number} x @param {number} y @param {[number, number][]} line */
function within(x, y, line) {
  let inside = false;
  for (let i = 0, j = line.length - 1; i < line.length; j = i++) {
    const [ax, ay] = line[i];
    const [bx, by] = line[j];
    if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) inside = !inside;
  }
  return inside;
}

/**
 * The points, drawn; they are dragged and zoomed, or chosen by a line drawn around them.
 *
 * @param {{ points: Point[], meaning: ReturnType<typeof legend>, star: { x: number, y: number } | null, chosen: Set<string | number>, open: string | number | null, tool: string, choose: (keys: Set<string | number>) => void, show: (point: Point) => void }} given
 */
function Canvas({ points, meaning, star, chosen, open, tool, choose, show }) {
  const canvas = useRef(/** @type {HTMLCanvasElement | null} */ (null));
  const [size, setSize] = useState({ width: 600, height: 480 });
  const whole = useMemo(() => {
    const xs = [...points.map(({ x }) => x), ...(star ? [star.x] : [])];
    const ys = [...points.map(({ y }) => y), ...(star ? [star.y] : [])];
    const box = { left: Math.min(...xs), right: Math.max(...xs), low: Math.min(...ys), high: Math.max(...ys) };
    const scale = 0.9 * Math.min(size.width / (box.right - box.left || 1), size.height / (box.high - box.low || 1));
    return { x: (box.left + box.right) / 2, y: (box.low + box.high) / 2, scale };
  }, [points, star, size.width, size.height]);
  const [sight, setSight] = useState(/** @type {Sight | null} */ (null));
  const [line, setLine] = useState(/** @type {[number, number][]} */ ([]));
  const [near, setNear] = useState(/** @type {{ point: Point, x: number, y: number } | null} */ (null));
  const drag = useRef(/** @type {{ x: number, y: number, from: Sight, far: boolean } | null} */ (null));
  const from = sight ?? whole;
  const toX = (/** @type {number} */ x) => (x - from.x) * from.scale + size.width / 2;
  const toY = (/** @type {number} */ y) => size.height / 2 - (y - from.y) * from.scale;
  useLayoutEffect(() => {
    const element = canvas.current;
    if (!element) return;
    const watch = new ResizeObserver(() => setSize({ width: element.clientWidth, height: element.clientHeight }));
    watch.observe(element);
    return () => watch.disconnect();
  }, []);
  const ratio = Math.min(2, devicePixelRatio || 1);
  const radius = Math.max(2.2, Math.min(5.5, 60 / Math.sqrt(points.length)));
  const scheme = useScheme();
  // a dot of each colour is drawn once and then copied, which takes a tenth of the time of drawing it
  const [groups, accent] = useMemo(() => {
    const probe = document.createElement('i');
    document.body.append(probe);
    // computed colours of the design system, light or dark
    const colour = (/** @type {string} */ value) => ((probe.style.color = value), getComputedStyle(probe).color);
    const palette = Array.from({ length: COLOURS }, (_, at) => colour(`var(--data-${at + 1})`));
    const low = colour('var(--data-2)');
    const high = colour('var(--data-1)');
    const byColour = /** @type {Map<string, { dot: HTMLCanvasElement, points: Point[] }>} */ (new Map());
    for (const point of points) {
      const its = meaning.colour(point);
      const name = meaning.range
        ? its === null
          ? palette[7]
          : `color-mix(in oklab, ${high} ${Math.round(its * 20) * 5}%, ${low})`
        : palette[its ?? 0];
      const group = byColour.get(name) ?? { dot: dot(colour(name), radius, ratio), points: [] };
      group.points.push(point);
      byColour.set(name, group);
    }
    const text = colour('var(--text)');
    probe.remove();
    return /** @type {const} */ ([[...byColour.values()], text]);
  }, [points, meaning, radius, ratio, scheme]);
  useLayoutEffect(() => {
    const element = canvas.current;
    const pen = element?.getContext('2d');
    if (!element || !pen) return;
    if (element.width !== Math.round(size.width * ratio) || element.height !== Math.round(size.height * ratio)) {
      element.width = Math.round(size.width * ratio);
      element.height = Math.round(size.height * ratio);
    }
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    pen.clearRect(0, 0, size.width, size.height);
    const side = 2 * (radius + 1);
    for (const group of groups)
      for (const point of group.points) {
        const x = toX(point.x);
        const y = toY(point.y);
        if (x < -9 || y < -9 || x > size.width + 9 || y > size.height + 9) continue;
        pen.globalAlpha = chosen.size && !chosen.has(point.key) ? 0.18 : 0.82;
        pen.drawImage(group.dot, x - radius - 1, y - radius - 1, side, side);
      }
    pen.globalAlpha = 1;
    const opened = points.find(({ key }) => key === open);
    pen.strokeStyle = accent;
    pen.lineWidth = 2;
    if (opened) {
      pen.beginPath();
      pen.arc(toX(opened.x), toY(opened.y), radius + 5, 0, 7);
      pen.stroke();
    }
    if (star) {
      pen.fillStyle = accent;
      pen.beginPath();
      for (let at = 0; at < 10; at++) {
        const far = at % 2 ? 5 : 12;
        pen.lineTo(toX(star.x) + far * Math.sin((at * Math.PI) / 5), toY(star.y) - far * Math.cos((at * Math.PI) / 5));
      }
      pen.closePath();
      pen.fill();
    }
    if (line.length > 1) {
      pen.setLineDash([5, 4]);
      pen.beginPath();
      for (const [x, y] of line) pen.lineTo(x, y);
      pen.closePath();
      pen.stroke();
      pen.setLineDash([]);
    }
  }, [groups, accent, size, from.x, from.y, from.scale, chosen, open, star, line]);
  const at = (/** @type {PointerEvent | WheelEvent} */ event) => {
    const box = /** @type {HTMLElement} */ (canvas.current).getBoundingClientRect();
    return /** @type {[number, number]} */ ([event.clientX - box.left, event.clientY - box.top]);
  };
  const nearest = (/** @type {[number, number]} */ [x, y]) => {
    let best = null;
    let least = 14 ** 2;
    for (const point of points) {
      const far = (toX(point.x) - x) ** 2 + (toY(point.y) - y) ** 2;
      if (far < least) {
        least = far;
        best = point;
      }
    }
    return best;
  };
  const down = (/** @type {PointerEvent} */ event) => {
    canvas.current?.setPointerCapture(event.pointerId);
    const [x, y] = at(event);
    drag.current = { x, y, from, far: false };
    if (tool === 'lasso') setLine([[x, y]]);
  };
  const move = (/** @type {PointerEvent} */ event) => {
    const [x, y] = at(event);
    const its = drag.current;
    if (!its) {
      const point = nearest([x, y]);
      return setNear(point && { point, x, y });
    }
    if (Math.hypot(x - its.x, y - its.y) > 4) its.far = true;
    setNear(null);
    if (tool === 'lasso') setLine((now) => [...now, [x, y]]);
    else if (its.far)
      setSight({ ...its.from, x: its.from.x - (x - its.x) / its.from.scale, y: its.from.y + (y - its.y) / its.from.scale });
  };
  const up = (/** @type {PointerEvent} */ event) => {
    const its = drag.current;
    drag.current = null;
    setLine([]);
    if (!its) return;
    if (!its.far) {
      const point = nearest(at(event));
      if (point) show(point);
      else choose(new Set());
    } else if (tool === 'lasso')
      choose(new Set(points.filter((point) => within(toX(point.x), toY(point.y), line)).map(({ key }) => key)));
  };
  const zoom = (/** @type {number} */ factor, x = size.width / 2, y = size.height / 2) => {
    const scale = Math.max(whole.scale / 2, Math.min(whole.scale * 200, from.scale * factor));
    const wasX = (x - size.width / 2) / from.scale + from.x;
    const wasY = (size.height / 2 - y) / from.scale + from.y;
    setSight({ scale, x: wasX - (x - size.width / 2) / scale, y: wasY - (size.height / 2 - y) / scale });
  };
  const press = (/** @type {KeyboardEvent} */ event) => {
    const step = 40 / from.scale;
    const by = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, step], ArrowDown: [0, -step] }[event.key];
    if (by) setSight({ ...from, x: from.x + by[0], y: from.y + by[1] });
    else if (event.key === '+' || event.key === '=') zoom(1.3);
    else if (event.key === '-') zoom(1 / 1.3);
    else if (event.key === '0') setSight(null);
    else if (event.key === 'Enter') {
      const point = nearest([size.width / 2, size.height / 2]) ?? points[0];
      if (point) show(point);
    } else return;
    event.preventDefault();
  };
  useEffect(() => {
    const element = canvas.current;
    const wheel = (/** @type {WheelEvent} */ event) => {
      event.preventDefault();
      zoom(Math.exp(-event.deltaY / 400), ...at(event));
    };
    element?.addEventListener('wheel', wheel, { passive: false });
    return () => element?.removeEventListener('wheel', wheel);
  });
  return html`<div class="map-box">
    <canvas ref=${canvas} class=${`map-canvas ${tool}`} tabindex="0" role="application" aria-label=${`Map of ${some(points.length, 'point')}. Arrows move, plus and minus zoom, 0 shows all, Enter opens the point in the middle`} onPointerDown=${down} onPointerMove=${move} onPointerUp=${up} onPointerLeave=${() => setNear(null)} onKeyDown=${press}></canvas>
    ${near && html`<div class="map-tip" style=${{ left: `${Math.min(near.x + 12, size.width - 170)}px`, top: `${near.y + 12}px` }}><b>${shown(near.point.key, 40)}</b>${near.point.by !== undefined && html`<span class="muted">${shown(near.point.by, 60)}</span>`}</div>`}
    <div class="map-zoom"><button class="button small" aria-label="Nearer" onClick=${() => zoom(1.5)}>+</button><button class="button small" aria-label="Farther" onClick=${() => zoom(1 / 1.5)}>−</button><button class="button small" onClick=${() => setSight(null)}>All</button></div>
  </div>`;
}

/** A vector as the server writes it in base64. @param {string} text */
const numbersOf = (text) => new Float32Array(Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0)).buffer);

const AT_ONCE = 1000;

/** @typedef {{ part: number, points: Point[] | null, error: unknown, place: ((query: number[]) => Promise<{ x: number, y: number }>) | null }} Umap */

/**
 * The points laid out by UMAP, which a worker computes of their vectors; nothing as long as it is not asked for.
 *
 * @param {{ table: Table, column: string, points: Point[], on: boolean }} given
 * @returns {Umap}
 */
function useUmap({ table, column, points, on }) {
  const NONE = { part: 0, points: null, error: undefined, place: null };
  const [state, setState] = useState(/** @type {Umap} */ (NONE));
  useEffect(() => {
    setState(NONE);
    if (!on || points.length < 3) return;
    const stop = new AbortController();
    const fail = (/** @type {unknown} */ error) => stop.signal.aborted || setState({ ...NONE, error });
    // the one address that a policy about scripts has to allow, and it is the console's own
    const address = new URL('../lib/umap.js', import.meta.url).href;
    const trusted = /** @type {any} */ (window).trustedTypes?.createPolicy('akidb', { createScriptURL: () => address });
    const worker = new Worker(trusted ? trusted.createScriptURL('') : address, { type: 'module' });
    let questions = 0;
    const asked = /** @type {Map<number, (place: { x: number, y: number }) => void>} */ (new Map());
    worker.onerror = (event) => fail(new Error(event.message || 'The layout could not be computed'));
    const begin = async () => {
      const found = /** @type {Map<unknown, Float32Array>} */ (new Map());
      for (let from = 0; from < points.length; from += AT_ONCE) {
        const value = points.slice(from, from + AT_ONCE).map(({ key }) => key);
        const where = [{ column: table.primary_key, operator: 'in', value }];
        const body = { select: [table.primary_key, column], where, limit: AT_ONCE, encoding_format: 'base64' };
        const { rows } = await ask({ method: 'POST', path: `${tablePath(table.name)}/query`, body }, { signal: stop.signal });
        for (const row of rows) if (row[column]) found.set(row[table.primary_key], numbersOf(row[column]));
        setState({ ...NONE, part: 0.2 * Math.min(1, (from + AT_ONCE) / points.length) });
      }
      const its = points.filter(({ key }) => found.has(key));
      const dimension = found.values().next().value?.length ?? 0;
      const vectors = new Float32Array(its.length * dimension);
      its.forEach(({ key }, at) => vectors.set(/** @type {Float32Array} */ (found.get(key)), at * dimension));
      worker.onmessage = ({ data }) => {
        if (data.part !== undefined) setState({ ...NONE, part: 0.2 + 0.8 * data.part });
        else if (data.of !== undefined) (asked.get(data.of)?.(data), asked.delete(data.of));
        else
          setState({
            ...NONE,
            points: its.map((point, at) => ({ ...point, x: data.places[2 * at], y: data.places[2 * at + 1] })),
            place: (query) =>
              new Promise((resolve) => {
                asked.set(++questions, resolve);
                worker.postMessage({ query: Float32Array.from(query), of: questions });
              }),
          });
      };
      worker.postMessage({ vectors, dimension }, [vectors.buffer]);
    };
    begin().catch(fail);
    return () => (stop.abort(), worker.terminate());
  }, [table.name, column, points, on]);
  return state;
}

/** What is known of the point that one looks at. @param {{ table: Table, id: string | number, column: string, close: () => void }} given */
function PointPanel({ table, id, column, close }) {
  const { data: row, error } = useRead(
    (signal) => ask({ method: 'GET', path: `${tablePath(table.name)}${path`/rows/${id}`}` }, { signal }),
    [table.name, id],
  );
  const { data: like } = useRead(
    async (signal) =>
      (
        await ask(
          {
            method: 'POST',
            path: `${tablePath(table.name)}/search/similarity`,
            body: { column, like: { key: id }, limit: 6, include_score: true, include_query_embedding: false },
          },
          { signal },
        )
      ).results,
    [table.name, id, column],
  );
  const main = mainColumn(
    table,
    table.columns.find(({ name }) => name === column),
  );
  return html`<aside class="card stack tight map-side" aria-label="The point">
    <div class="row apart"><h2 class="grow cut">${shown(id, 60)}</h2><button class="button quiet small" aria-label="Close" onClick=${close}><${Icon} name="close" /></button></div>
    <${Failure} error=${error} />
    ${
      row &&
      html`<p dir="auto" class="wrap">${shown(row[main], 500)}</p>
      <dl class="facts small">${Object.entries(row)
        .filter(([name]) => name !== main && name !== table.primary_key)
        .slice(0, 10)
        .map(([name, value]) => html`<dt>${visible(brief(name, 30))}</dt><dd dir="auto">${shown(value, 160)}</dd>`)}</dl>`
    }
    <div class="row"><a class="button small" href=${href(['tables', table.name, 'rows'], { row: String(id) })}>Open</a><a class="button small" href=${href(['search', table.name], { like: String(id) })}><${Icon} name="like" />Like this one</a></div>
    ${like && html`<h3>Nearest</h3><ul class="stack tight small">${like.map((/** @type {any} */ hit) => html`<li><div class="row apart"><a href=${href(['map', table.name], { point: String(hit.data[table.primary_key]) })}>${shown(hit.data[table.primary_key], 40)}</a><span class="muted num">${hit.score?.toFixed(3)}</span></div><div class="cut muted" dir="auto">${shown(hit.data[main], 90)}</div></li>`)}</ul>`}
  </aside>`;
}

/** @param {{ table: Table, tables: Table[], at: Record<string, string> }} given */
function MapOf({ table, tables, at }) {
  const columns = vectorColumns(table);
  const [column, setColumn] = useState(at.column ?? columns[0]?.name ?? '');
  const choices = table.columns.filter(
    ({ type, name }) =>
      !['embedding', 'json'].includes(type) && name !== table.primary_key && name !== mainColumn(table, columns[0]),
  );
  const [by, setBy] = useState(at.by ?? choices[0]?.name ?? '');
  const [limit, setLimit] = useState(at.limit ?? '2000');
  const [words, setWords] = useState(at.q ?? '');
  const [layout, setLayout] = useState(at.layout === 'umap' ? 'umap' : '');
  const [tool, setTool] = useState('move');
  const [chosen, setChosen] = useState(/** @type {Set<string | number>} */ (new Set()));
  const [open, setOpen] = useState(/** @type {string | number | null} */ (null));
  const request = {
    method: /** @type {const} */ ('GET'),
    path: `${tablePath(table.name)}/projection?${new URLSearchParams({ column, limit, ...(by && { by }) })}`,
  };
  const { data, error, reload } = useRead((signal) => ask(request, { signal }), [request.path]);
  const inPlane = useMemo(() => /** @type {Point[]} */ (data?.points ?? []), [data]);
  const umap = useUmap({ table, column, points: inPlane, on: layout === 'umap' });
  const points = umap.points ?? inPlane;
  const meaning = useMemo(() => legend(points), [points]);
  const vector = columns.find(({ name }) => name === column);
  const model = vector?.computed?.model;
  const [star, setStar] = useState(/** @type {{ x: number, y: number } | null} */ (null));
  const [starError, setStarError] = useState(/** @type {unknown} */ (null));
  useEffect(
    () =>
      settle(['map', table.name], {
        column: column !== columns[0]?.name && column,
        by,
        limit: limit !== '2000' && limit,
        layout,
        q: words,
        point: open === null ? '' : String(open),
      }),
    [column, by, limit, layout, words, open],
  );
  useEffect(() => {
    const point = points.find(({ key }) => String(key) === at.point);
    if (at.point) setOpen(point?.key ?? at.point);
  }, [data, at.point]);
  useEffect(() => {
    if (!words.trim() || !data?.plane) return setStar(null);
    const stop = new AbortController();
    const timer = setTimeout(async () => {
      try {
        const { embeddings } = await ask(
          { method: 'POST', path: '/embed', body: { texts: [words], input_type: 'query', ...(model && { model }) } },
          { signal: stop.signal, retries: 0 },
        );
        const along = (/** @type {number[]} */ direction) =>
          embeddings[0].reduce(
            (/** @type {number} */ sum, /** @type {number} */ value, /** @type {number} */ i) =>
              sum + (value - data.plane.mean[i]) * direction[i],
            0,
          );
        setStar(umap.place ? await umap.place(embeddings[0]) : { x: along(data.plane.first), y: along(data.plane.second) });
        setStarError(null);
      } catch (failure) {
        if (!stop.signal.aborted) setStarError(failure);
      }
    }, 150);
    return () => (stop.abort(), clearTimeout(timer));
  }, [words, data, umap.place]);
  const filter = () => {
    const keys = [...chosen]
      .slice(0, 200)
      .map((key) => (typeof key === 'number' ? String(key) : `'${key.replaceAll("'", "''")}'`));
    go(['tables', table.name, 'rows'], { where: `"${table.primary_key.replaceAll('"', '""')}" in (${keys.join(', ')})` });
  };
  const shares = data?.plane ? Math.round(100 * (data.plane.explained[0] + data.plane.explained[1])) : 0;
  return html`<${Title} name="Map" about="Rows that mean much the same lie near one another, as far as a plane can show it." />
    <div class="stack">
      <div class="settings map-settings">
        <${Field} label="Table">${(/** @type {string} */ id) => html`<${TableChoice} id=${id} tables=${tables} value=${table.name} set=${(/** @type {string} */ name) => go(['map', name])} />`}<//>
        ${columns.length > 1 && html`<${Field} label="Vectors of">${(/** @type {string} */ id) => html`<select id=${id} value=${column} onChange=${(/** @type {any} */ event) => setColumn(event.currentTarget.value)}>${columns.map(({ name }) => html`<option>${name}</option>`)}</select>`}<//>`}
        <${Field} label="Colours by">${(/** @type {string} */ id) => html`<select id=${id} value=${by} onChange=${(/** @type {any} */ event) => setBy(event.currentTarget.value)}><option value="">nothing</option>${choices.map(({ name }) => html`<option value=${name} selected=${name === by}>${brief(name, 60)}</option>`)}</select>`}<//>
        <${Field} label="Points, at most">${(/** @type {string} */ id) => html`<select id=${id} value=${limit} onChange=${(/** @type {any} */ event) => setLimit(event.currentTarget.value)}>${['500', '2000', '5000', '10000'].map((one) => html`<option value=${one} selected=${one === limit}>${count(Number(one))}</option>`)}</select>`}<//>
        <${Field} label="Laid out by">${(/** @type {string} */ id) => html`<select id=${id} value=${layout} onChange=${(/** @type {any} */ event) => setLayout(event.currentTarget.value)}><option value="">spread (PCA)</option><option value="umap" selected=${layout === 'umap'}>near (UMAP)</option></select>`}<//>
        ${vector && embeds(table, vector) && html`<${Field} label="Where would this be?">${(/** @type {string} */ id) => html`<input id=${id} type="search" data-first placeholder="some words" value=${words} onInput=${(/** @type {any} */ event) => setWords(event.currentTarget.value)} />`}<//>`}
      </div>
      <${Failure} error=${error} retry=${reload} /><${Failure} error=${starError} /><${Failure} error=${umap.error} />
      ${
        layout === 'umap' &&
        inPlane.length >= 3 &&
        !umap.points &&
        !umap.error &&
        html`<div class="stack tight">
          <div class="row apart"><span class="small muted num" role="status">Laying out ${some(inPlane.length, 'point')} in this browser, ${Math.round(100 * umap.part)} %</span><button class="button small" onClick=${() => setLayout('')}>Cancel</button></div>
          <progress max="1" value=${umap.part} aria-label="Layout"></progress>
        </div>`
      }
      ${!vector && html`<${Empty} icon="map" title="This table has no vectors"><a class="button" href=${href(['tables', table.name, 'columns'])}>Add a column that embeds a text</a><//>`}
      ${data && points.length === 0 && html`<${Empty} icon="map" title="There is no vector yet" />`}
      ${
        points.length > 0 &&
        html`<div class="row apart">
          <ul class="row small legend">
            ${meaning.range ? html`<li>${shown(meaning.range[0])} <i class="ramp"></i> ${shown(meaning.range[1])}</li>` : meaning.names.map((name, at) => html`<li><i class="swatch" style=${{ '--colour': `var(--data-${at + 1})` }}></i><span class="cut">${shown(name, 30)}</span></li>`)}
            ${!meaning.range && by && points.some((point) => meaning.colour(point) === COLOURS - 1) && html`<li><i class="swatch" style=${{ '--colour': `var(--data-${COLOURS})` }}></i>others</li>`}
            ${star && html`<li>★ your words</li>`}
          </ul>
          <div class="row">
            ${chosen.size > 0 && html`<span class="muted small num" role="status">${some(chosen.size, 'point')} chosen</span><button class="button small" onClick=${filter}><${Icon} name="filter" />Show as rows</button>`}
            <button class="button small" aria-pressed=${tool === 'lasso'} onClick=${() => setTool(tool === 'lasso' ? 'move' : 'lasso')}>${tool === 'lasso' ? 'Move again' : 'Draw around some'}</button>
          </div>
        </div>
        <div class=${`map-frame ${open !== null ? 'with-side' : ''}`}>
          <${Canvas} points=${points} meaning=${meaning} star=${star} chosen=${chosen} open=${open} tool=${tool} choose=${setChosen} show=${(/** @type {Point} */ point) => setOpen(point.key)} />
          ${open !== null && html`<${PointPanel} key=${open} table=${table} id=${open} column=${column} close=${() => setOpen(null)} />`}
        </div>
        <p class="small muted num">${[`${count(points.length)} of ${some(data.rows, 'row')}`, umap.points ? 'laid out by UMAP: who is near whom is shown, how far apart groups are is not' : `${shares} % of what sets them apart lies in this plane (principal components)`].join('; ')}. A click opens a point.</p>`
      }
    </div>
    <${RequestMade} request=${request} />`;
}

/** @param {{ address: import('../lib/address.js').Address }} given */
export default function MapPlace({ address }) {
  const { data: tables, error, reload } = useTables();
  const {
    path: [, name],
    at,
  } = address;
  if (error) return html`<${Failure} error=${error} retry=${reload} />`;
  if (!tables) return null;
  const table = name
    ? tables.find((each) => each.name === name)
    : (tables.find((each) => vectorColumns(each).length > 0 && each.row_count > 0) ?? tables[0]);
  if (!table)
    return html`<${Title} name="Map" /><${Empty} icon="map" title=${name ? 'There is no such table' : 'There is nothing to draw yet'}><a class="button main" href=${href([])}>First steps</a><//>`;
  return html`<${MapOf} key=${table.name} table=${table} tables=${tables} at=${at} />`;
}
