// Conditions as fields of a form and as text, which is what the server reads.

/** @typedef {{ column: string, operator: string, value: string }} Condition */

export const OPERATORS = ['=', '!=', '<', '<=', '>', '>=', 'like', 'contains', 'in', 'is null', 'is not null'];

const PLAIN = /^(?!(?:and|or|not|in|like|between|is|null|true|false|contains)$)[A-Za-z_]\w*$/i;

/** A column's name, or a dotted path into JSON, as text has it. @param {string} column @param {readonly string[]} names those of the table */
export const quotedName = (column, names = []) =>
  names.includes(column) && column.includes('.')
    ? `"${column.replaceAll('"', '""')}"`
    : column
        .split('.')
        .map((part) => (PLAIN.test(part) ? part : `"${part.replaceAll('"', '""')}"`))
        .join('.');

/** @param {string} text */
const literal = (text) =>
  /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(text) || text === 'true' || text === 'false' ? text : `'${text.replaceAll("'", "''")}'`;

/** Conditions that all have to hold, as text. @param {readonly Condition[]} conditions @param {(column: string) => string | undefined} typeOf the type of a column @param {readonly string[]} names */
export function written(conditions, typeOf = () => undefined, names = []) {
  return conditions
    .filter(({ column }) => column)
    .map(({ column, operator, value }) => {
      const name = quotedName(column, names);
      if (operator.startsWith('is')) return `${name} ${operator}`;
      const strings = ['string', 'timestamp'].includes(typeOf(column) ?? '') || operator === 'like';
      const one = (/** @type {string} */ text) => (strings ? `'${text.replaceAll("'", "''")}'` : literal(text));
      if (operator === 'in')
        return `${name} in (${value
          .split(',')
          .map((each) => one(each.trim()))
          .join(', ')})`;
      return `${name} ${operator} ${one(value)}`;
    })
    .join(' and ');
}

const TOKEN =
  /\s*(?:("(?:[^"]|"")+"(?:\.(?:"(?:[^"]|"")+"|\w+))*|[A-Za-z_]\w*(?:\.(?:"(?:[^"]|"")+"|\w+))*)|('(?:[^']|'')*')|(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|(<=|>=|!=|<>|[=<>(),]))/y;

/**
 * The conditions of a text, if it is no more than conditions that all have to hold; null if it says more than that.
 *
 * @param {string} text
 * @returns {Condition[] | null}
 */
export function conditions(text) {
  const tokens = /** @type {string[]} */ ([]);
  TOKEN.lastIndex = 0;
  const end = text.trimEnd().length;
  while (TOKEN.lastIndex < end) {
    const found = TOKEN.exec(text);
    if (!found) return null;
    tokens.push(found[0].trim());
  }
  const all = /** @type {Condition[]} */ ([]);
  let at = 0;
  const word = () => (tokens[at] ?? '').toLowerCase();
  const value = () => {
    const token = tokens[at++] ?? '';
    if (token.startsWith("'")) return token.slice(1, -1).replaceAll("''", "'");
    return /^(-?\d|true$|false$)/i.test(token) ? token : null;
  };
  while (at < tokens.length) {
    if (all.length && tokens[at++]?.toLowerCase() !== 'and') return null;
    const column = tokens[at++] ?? '';
    if (!/^["A-Za-z_]/.test(column)) return null;
    const name = column.replace(/"((?:[^"]|"")+)"/g, (_, inner) => inner.replaceAll('""', '"'));
    if (word() === 'is') {
      at++;
      const not = word() === 'not';
      if (not) at++;
      if (tokens[at++]?.toLowerCase() !== 'null') return null;
      all.push({ column: name, operator: not ? 'is not null' : 'is null', value: '' });
    } else if (word() === 'in') {
      at++;
      if (tokens[at++] !== '(') return null;
      const values = [];
      do {
        const one = value();
        if (one === null || one.includes(',')) return null;
        values.push(one);
      } while (tokens[at++] === ',');
      if (tokens[at - 1] !== ')') return null;
      all.push({ column: name, operator: 'in', value: values.join(', ') });
    } else {
      const operator = word() === '<>' ? '!=' : word();
      at++;
      const one = value();
      if (!OPERATORS.includes(operator) || one === null) return null;
      all.push({ column: name, operator, value: one });
    }
  }
  return all;
}
