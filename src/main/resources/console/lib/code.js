// The request that a place made, as something to run elsewhere.
import { Copy, count, duration, html, Tabs, useState } from './view.js';
import { base } from './server.js';

/** @typedef {import('./server.js').Request} Request */

/** @param {string} text */
const quoted = (text) => `'${text.replaceAll("'", "'\\''")}'`;
/** @param {unknown} value */
const script = (value) =>
  JSON.stringify(value)
    .replace(/"([A-Za-z_]\w*)":/g, '$1: ')
    .replace(/,(?=[\w"{[])/g, ', ');
/** @param {unknown} value */
const literal = (value) =>
  JSON.stringify(value, null, 4)
    .replace(/\btrue\b(?=[,\n\]}]|$)/g, 'True')
    .replace(/\bfalse\b(?=[,\n\]}]|$)/g, 'False')
    .replace(/\bnull\b(?=[,\n\]}]|$)/g, 'None');

/** Whether requests need a key, which programs take from the environment. */
const withKey = () => sessionStorage.getItem('akidb-key') !== null;

/** @param {Request} request */
function curl({ method, path, body }) {
  const key = withKey() ? ` \\\n  -H "Authorization: Bearer $AKIDB_API_KEY"` : '';
  const sent =
    body === undefined ? '' : ` \\\n  -H 'Content-Type: application/json' \\\n  -d ${quoted(JSON.stringify(body, null, 2))}`;
  return `curl ${method === 'GET' ? '' : `-X ${method} `}${quoted(base + path)}${key}${sent}\n`;
}

const TABLE = /^\/api\/v1\/tables\/([^/]+)\/(.+)$/;

/** @param {Request} request */
function typescript({ method, path, body, once }) {
  const head = `import { AkidbClient } from '@akidb/sdk';\n\nconst akidb = new AkidbClient({ baseUrl: ${script(base)} });\n`;
  const [, encoded, rest] = TABLE.exec(path) ?? [];
  const table = encoded && `akidb.table(${script(decodeURIComponent(encoded))})`;
  if (rest === 'search/similarity') {
    const {
      query,
      like,
      column,
      filters,
      limit,
      offset,
      explain,
      include_score: _,
      encoding_format: _e,
      include_query_embedding: _q,
      input_type,
      select,
      ...using
    } = body;
    const steps = [
      like ? `.like(${script(like.key)})` : `.similarity(${script(query)})`,
      `.inColumn(${script(column)})`,
      filters?.text && `.where(${script(filters.text)})`,
      select && `.select(${select.map(script).join(', ')})`,
      Object.keys(using).length > 0 && `.using(${script({ ...using, ...(input_type && { inputType: input_type }) })})`,
      limit && `.limit(${limit})`,
      offset && `.offset(${offset})`,
      explain && '.explain()',
    ];
    return `${head}\nconst hits = await ${table}\n  ${steps.filter(Boolean).join('\n  ')};\nfor (const { score, data } of hits) console.log(score, data);\n`;
  }
  if (rest === 'query' && !body.group_by) {
    const steps = [
      body.select && `.select(${body.select.map(script).join(', ')})`,
      body.where?.text && `.where(${script(body.where.text)})`,
      ...(body.order_by ?? []).map(
        (/** @type {any} */ order) => `.orderBy(${script(order.column)}, ${script(order.direction ?? 'asc')})`,
      ),
      body.count ? '.count()' : body.explain ? '.explain()' : `.limit(${body.limit ?? 100})`,
    ].filter(Boolean);
    return `${head}\nconst rows = await ${table}${body.select || body.where?.text ? '' : '.query()'}${steps.join('')};\nconsole.log(rows);\n`;
  }
  if (path === '/sql')
    return `${head}\nconst rows = await akidb.sql\`${body.query.replaceAll('`', '\\`').replaceAll('${', '\\${')}\`;\nconsole.log(rows);\n`;
  if (path === '/embed')
    return `${head}\nconst vectors = await akidb.embeddings.embed(${script(body.texts)}, ${script({ model: body.model })});\nconsole.log(vectors);\n`;
  if (path === '/metrics') {
    const sent = withKey() ? `, {\n  headers: { authorization: \`Bearer \${process.env.AKIDB_API_KEY}\` },\n}` : '';
    return `const answer = await fetch(${script(base + path)}${sent});\nconsole.log(await answer.text());\n`;
  }
  if (path === '/api/v1/tokens') {
    const { expires_in, ...given } = body;
    return `${head}\nconst { token } = await akidb.tokens.create(${script({ ...given, expiresIn: expires_in })});\nconsole.log(token);\n`;
  }
  const call = script({
    method,
    path,
    ...(body !== undefined && { body }),
    repeatable: once ? 'once' : method === 'GET',
  });
  return `${head}\nconst answer = await akidb.transport.json(${call});\nconsole.log(answer);\n`;
}

/** @param {Request} request */
function python({ method, path, body }) {
  const head = `from akidb_client import AkiDB\n\ndb = AkiDB(${JSON.stringify(base)})\n`;
  const [, encoded, rest] = TABLE.exec(path) ?? [];
  const table = encoded && `db.table(${JSON.stringify(decodeURIComponent(encoded))})`;
  if (rest === 'search/similarity') {
    const { query, like, column, filters, limit, threshold, metric, exact, hybrid, mmr, explain } = body;
    const given = [
      like ? `like=${literal(like.key)}` : literal(query),
      `column=${literal(column)}`,
      filters?.text && `where=${literal(filters.text)}`,
      `limit=${limit ?? 10}`,
      threshold !== undefined && `threshold=${threshold}`,
      exact && 'exact=True',
      metric && `metric=${literal(metric)}`,
      hybrid && `hybrid=${literal(hybrid.weights ? hybrid : hybrid.columns)}`,
      mmr && `mmr=${mmr.lambda ?? 0.5}`,
      explain && 'explain=True',
    ].filter(Boolean);
    return `${head}found = ${table}.search(\n    ${given.join(',\n    ')},\n)\nfor row in found:\n    print(row)\n`;
  }
  if (path === '/sql') return `${head}for row in db.sql(${literal(body.query)}):\n    print(row)\n`;
  if (path === '/metrics') return `${head}print(db.metrics())\n`;
  if (path === '/api/v1/tokens') {
    const { subject, ...given } = body;
    const named = Object.entries(given).map(([name, value]) => `    ${name}=${literal(value).replaceAll('\n', '\n    ')},\n`);
    return `${head}token = db.create_token(\n    ${literal(subject)},\n${named.join('')})\nprint(token.token)\n`;
  }
  const sent = body === undefined ? '' : `,\n    ${literal(body).replaceAll('\n', '\n    ')},\n`;
  return `${head}answer = db.request(${JSON.stringify(method)}, ${JSON.stringify(path)}${sent})\nprint(answer)\n`;
}

const LANGUAGES = { curl, typescript, python };

/**
 * What a place asked the server for, to look at and to take along.
 *
 * @param {{ request: Request | null | undefined, ms?: number, rows?: number }} given
 */
export function RequestMade({ request, ms, rows }) {
  const [language, setLanguage] = useState(/** @type {keyof typeof LANGUAGES} */ ('curl'));
  const [open, setOpen] = useState(false);
  if (!request) return null;
  const text = () => LANGUAGES[language](request);
  return html`<details class="request" onToggle=${(/** @type {any} */ event) => setOpen(event.currentTarget.open)}>
    <summary>
      <span>The request:</span>
      <code class="cut">${request.method} ${decodeURIComponent(request.path)}</code>
      ${ms !== undefined && html`<span class="num">${duration(ms)}</span>`}
      ${rows !== undefined && html`<span class="num">${count(rows)} rows</span>`}
    </summary>
    ${
      open &&
      html`<div class="body">
        <div class="row apart">
          <${Tabs}
            name="Language"
            value=${language}
            set=${setLanguage}
            options=${[
              ['curl', 'curl'],
              ['typescript', 'TypeScript'],
              ['python', 'Python'],
            ]}
          />
          <${Copy} text=${text} />
        </div>
        <pre class="code" tabindex="0" aria-label="The request as code">${text()}</pre>
      </div>`
    }
  </details>`;
}
