// Files of rows, read a piece at a time: CSV as RFC 4180 has it (commas, semicolons or tabs), JSON lines, and JSON.

/** @typedef {{ line: number, what: string }} BadLine */
/** @typedef {{ row?: Record<string, unknown>, problem?: BadLine, line: number, at: number }} Read */

const LARGEST = 100_000_000;

/** Texts of a file as they are read, and how far. @param {Blob} file @param {AbortSignal} [signal] */
async function* pieces(file, signal) {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: false });
  for (let at = 0; at < file.size; at += 1 << 20) {
    signal?.throwIfAborted();
    const bytes = await file.slice(at, at + (1 << 20)).arrayBuffer();
    const last = at + (1 << 20) >= file.size;
    yield { text: decoder.decode(bytes, { stream: !last }), at: Math.min(file.size, at + (1 << 20)), last };
  }
}

/**
 * The rows of a file, each with its line.
 *
 * @param {Blob} file
 * @param {string} name by whose ending it is read
 * @param {boolean} cut whether this is but the beginning, so that its last line is nobody's fault
 * @param {AbortSignal} [signal]
 * @returns {AsyncGenerator<Read>}
 */
export async function* readRows(file, name, cut, signal) {
  const head = (await file.slice(0, 4096).text()).trimStart();
  if (/\.json$/i.test(name) && head.startsWith('[')) yield* readJson(file);
  else if (/\.(json|ndjson|jsonl)$/i.test(name) || head.startsWith('{')) yield* readLines(file, cut, signal);
  else yield* readCsv(file, head, cut, signal);
}

/** @param {Blob} file @returns {AsyncGenerator<Read>} */
async function* readJson(file) {
  if (file.size > LARGEST)
    throw new Error('A JSON array of more than 100 MB is not read in a page; make it JSON lines, or use scripts/akidb import');
  const all = JSON.parse(await file.text());
  for (const [at, row] of all.entries()) {
    const far = Math.round((file.size * (at + 1)) / all.length);
    yield isRow(row)
      ? { row, line: at + 1, at: far }
      : { problem: { line: at + 1, what: 'It is no JSON object' }, line: at + 1, at: far };
  }
}

/** @param {unknown} value @returns {value is Record<string, unknown>} */
const isRow = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);

/** @param {Blob} file @param {boolean} cut @param {AbortSignal} [signal] @returns {AsyncGenerator<Read>} */
async function* readLines(file, cut, signal) {
  let rest = '';
  let line = 0;
  for await (const { text, at, last } of pieces(file, signal)) {
    const lines = (rest + text).split('\n');
    rest = last ? '' : (lines.pop() ?? '');
    if (last && cut) lines.pop();
    for (const one of lines) {
      line++;
      if (!one.trim()) continue;
      try {
        const row = JSON.parse(one);
        yield isRow(row) ? { row, line, at } : { problem: { line, what: 'It is no JSON object' }, line, at };
      } catch (error) {
        yield { problem: { line, what: /** @type {Error} */ (error).message }, line, at };
      }
    }
  }
}

/** @param {Blob} file @param {string} head @param {boolean} cut @param {AbortSignal} [signal] @returns {AsyncGenerator<Read>} */
async function* readCsv(file, head, cut, signal) {
  const first = head.split('\n')[0];
  const separator = [',', ';', '\t']
    .map((one) => /** @type {const} */ ([one, first.split(one).length]))
    .sort((one, other) => other[1] - one[1])[0][0];
  let names = /** @type {string[] | null} */ (null);
  let fields = /** @type {string[]} */ ([]);
  let field = '';
  let quoted = false;
  let closed = false;
  let line = 1;
  let begun = 1;
  let now = 0;
  const finish = () => {
    fields.push(field);
    const all = fields;
    fields = [];
    field = '';
    closed = false;
    return all;
  };
  /** @param {string[]} all @returns {Read | null} */
  const made = (all) => {
    if (all.length === 1 && all[0] === '') return null;
    if (!names) {
      const counts = new Map();
      names = all.map((name, at) => {
        const its = name.trim() || `column_${at + 1}`;
        counts.set(its, (counts.get(its) ?? 0) + 1);
        return counts.get(its) > 1 ? `${its}_${counts.get(its)}` : its;
      });
      return null;
    }
    if (all.length !== names.length)
      return {
        problem: { line: begun, what: `It has ${all.length} fields, the first line ${names.length}` },
        line: begun,
        at: now,
      };
    return { row: Object.fromEntries(names.map((name, at) => [name, all[at]])), line: begun, at: now };
  };
  for await (const { text, at } of pieces(file, signal)) {
    now = at;
    for (const sign of text) {
      if (quoted) {
        if (sign === '"') {
          quoted = false;
          closed = true;
        } else {
          field += sign;
          if (sign === '\n') line++;
        }
      } else if (sign === '"' && closed) {
        field += '"';
        quoted = true;
        closed = false;
      } else if (sign === '"' && field === '') quoted = true;
      else if (sign === separator) {
        fields.push(field);
        field = '';
        closed = false;
      } else if (sign === '\n') {
        const read = made(finish());
        line++;
        begun = line;
        if (read) yield read;
      } else if (sign !== '\r') field += sign;
    }
  }
  if (cut) return;
  if (quoted) yield { problem: { line: begun, what: 'Its last quote is never closed' }, line: begun, at: now };
  else if (field || fields.length) {
    const read = made(finish());
    if (read) yield read;
  }
}

/** Columns and the narrowest type that fits what is in them. @param {Record<string, unknown>[]} rows */
export function kinds(rows) {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))].slice(0, 200);
  return names.map((name) => {
    const values = rows.map((row) => row[name]).filter((value) => value !== null && value !== undefined && value !== '');
    const every = (/** @type {(value: unknown) => boolean} */ test) => values.length > 0 && values.every(test);
    const text = (/** @type {RegExp} */ pattern) => (/** @type {unknown} */ value) =>
      typeof value !== 'object' && pattern.test(String(value));
    const type = every((value) => typeof value === 'object')
      ? 'json'
      : every(text(/^(true|false)$/i))
        ? 'bool'
        : every((value) => text(/^-?(0|[1-9]\d{0,14})$/)(value))
          ? 'int'
          : every(text(/^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/))
            ? 'float'
            : every(text(/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/))
              ? 'timestamp'
              : 'string';
    return { name, type };
  });
}
