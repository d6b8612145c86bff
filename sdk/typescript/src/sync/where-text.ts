/** Something that only the server does, such as a function; what it says about mistakes, it says best itself, too. */
export class NotLocal extends Error {
  override readonly name = 'NotLocal';
}

/** A condition as it was written. */
export type Written =
  | { readonly and: readonly Written[] }
  | { readonly or: readonly Written[] }
  | { readonly not: Written }
  | { readonly keys: readonly string[]; readonly operator: string; readonly value?: unknown };

interface Token {
  readonly kind: 'word' | 'name' | 'string' | 'number' | 'sign' | 'end';
  /** A word in lower case, a name or string without its quotes. */
  readonly value: string;
  readonly text: string;
}

const TOKEN =
  /\s+|--[^\r\n]*|\/\*[^]*?\*\/|(\d+(?:\.\d*)?(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?)(?![\p{L}\p{N}_$])|([\p{L}_][\p{L}\p{N}\p{M}_$]*)(?!')|'((?:[^']|'')*)'|"((?:[^"]|"")*)"|`((?:[^`]|``)*)`|(<>|!=|<=|>=|[(),.?=<>+*;-])/uy;

const RESERVED = new Set(['and', 'or', 'not', 'in', 'like', 'between', 'is', 'null', 'true', 'false']);
const COMPARISONS = new Set(['=', '!=', '<>', '<', '<=', '>', '>=']);
const CLAUSES = new Set([
  'select',
  'from',
  'where',
  'order',
  'by',
  'limit',
  'offset',
  'as',
  'having',
  'group',
  'join',
  'on',
  'union',
]);
const DEEPEST = 32;

/** A select of one table, as it was written. */
export interface WrittenSelect {
  /** Columns with their names in the answer; `'*'` is all, `'count'` is `count(*)`. */
  readonly columns: '*' | readonly { readonly keys: readonly string[] | 'count'; readonly name: string }[];
  readonly from: string;
  readonly where: Written | undefined;
  readonly order: readonly { readonly keys: readonly string[]; readonly descending: boolean }[];
  readonly limit: number | undefined;
  readonly offset: number | undefined;
}

/**
 * Reads conditions written as SQL has them, such as `quality_score >= ? and language in (?, ?)`: the same language as the server's.
 *
 * @throws NotLocal if it is not such a condition
 */
export function readWhere(text: string, params: readonly unknown[]): Written {
  const { condition, end } = reader(text, params);
  const read = condition();
  end();
  return read;
}

/**
 * Reads a select of columns of one table, with conditions, an order and limits.
 *
 * @throws NotLocal if it is another
 */
export function readSelect(text: string, params: readonly unknown[]): WrittenSelect {
  return reader(text, params).select();
}

function reader(
  text: string,
  params: readonly unknown[],
): { condition: () => Written; select: () => WrittenSelect; end: () => void } {
  const tokens = tokenize(text);
  let at = 0;
  let used = 0;
  let depth = 0;
  const refuse = (): never => {
    throw new NotLocal(`'${text}' is nothing that is known here`);
  };

  const peek = (): Token => tokens[at]!;
  const next = (): Token => tokens[at++]!;
  const is = (value: string): boolean => {
    const { kind, value: its } = peek();
    return (kind === 'word' || kind === 'sign') && its === value;
  };
  const take = (value: string): boolean => is(value) && (at++, true);
  const expect = (value: string): void => {
    if (!take(value)) throw new NotLocal(`'${value}' is missing in '${text}'`);
  };

  function disjunction(): Written {
    const terms = [conjunction()];
    while (take('or')) terms.push(conjunction());
    return terms.length === 1 ? terms[0]! : { or: terms };
  }

  function conjunction(): Written {
    const terms = [negation()];
    while (take('and')) terms.push(negation());
    return terms.length === 1 ? terms[0]! : { and: terms };
  }

  function negation(): Written {
    if (!take('not')) return condition();
    if (++depth > DEEPEST) throw new NotLocal('this is nested too deeply');
    const term = negation();
    depth--;
    return { not: term };
  }

  function condition(): Written {
    if (take('(')) {
      if (++depth > DEEPEST) throw new NotLocal('this is nested too deeply');
      const inside = disjunction();
      depth--;
      expect(')');
      return inside;
    }
    const keys = column();
    const { kind, value: sign } = peek();
    if (kind === 'sign' && COMPARISONS.has(sign)) {
      at++;
      return { keys, operator: sign === '<>' ? '!=' : sign, value: value() };
    }
    if (take('is')) {
      const operator = take('not') ? 'is not null' : 'is null';
      expect('null');
      return { keys, operator };
    }
    const negated = take('not');
    const its = rest(keys);
    return negated ? { not: its } : its;
  }

  function rest(keys: readonly string[]): Written {
    if (take('in')) return { keys, operator: 'in', value: list() };
    if (take('like')) return { keys, operator: 'like', value: value() };
    if (take('between')) {
      const low = value();
      expect('and');
      return {
        and: [
          { keys, operator: '>=', value: low },
          { keys, operator: '<=', value: value() },
        ],
      };
    }
    if (take('contains')) {
      const operator = is('any') || is('all') ? `contains ${next().value}` : 'contains';
      return { keys, operator, value: operator === 'contains' ? value() : list() };
    }
    throw new NotLocal(`'${text}' is no condition that is known here`);
  }

  function column(): string[] {
    const keys: string[] = [];
    do {
      const { kind, value: its, text: written } = next();
      if (kind === 'name') keys.push(its);
      else if (kind === 'word' && !(keys.length === 0 && RESERVED.has(its))) keys.push(written);
      else throw new NotLocal(`'${text}' is no condition that is known here`);
    } while (take('.'));
    return keys;
  }

  function list(): unknown[] {
    expect('(');
    const values = [value()];
    while (take(',')) values.push(value());
    expect(')');
    return values;
  }

  function value(): unknown {
    const sign = take('-') ? -1 : (take('+'), 1);
    const { kind, value: its } = next();
    if (kind === 'number') return sign * Number(its);
    if (sign === 1 && kind === 'string') return its;
    if (sign === 1 && kind === 'word' && (its === 'true' || its === 'false')) return its === 'true';
    if (sign === 1 && kind === 'sign' && its === '?' && used < params.length) return params[used++];
    throw new NotLocal(`'${text}' is no condition that is known here`);
  }

  function end(): void {
    if (peek().kind !== 'end' || used < params.length) refuse();
  }

  function name(): string {
    const { kind, text: written, value: its } = next();
    if (kind === 'word' && !RESERVED.has(its) && !CLAUSES.has(its)) return written;
    return kind === 'name' ? its : refuse();
  }

  function selected(): { keys: readonly string[] | 'count'; name: string } {
    if (is('count') && tokens[at + 1]!.value === '(') {
      at += 2;
      expect('*');
      expect(')');
      expect('as');
      return { keys: 'count', name: name() };
    }
    const keys = column();
    return { keys, name: take('as') ? name() : keys.length === 1 ? keys[0]! : refuse() };
  }

  function count(): number {
    const its = value();
    return Number.isInteger(its) && (its as number) >= 0 ? (its as number) : refuse();
  }

  function select(): WrittenSelect {
    expect('select');
    let columns: WrittenSelect['columns'];
    if (take('*')) columns = '*';
    else {
      const list = [selected()];
      while (take(',')) list.push(selected());
      columns = list;
    }
    expect('from');
    const from = name();
    const where = take('where') ? disjunction() : undefined;
    const order: { keys: string[]; descending: boolean }[] = [];
    if (take('order')) {
      expect('by');
      do {
        const keys = column();
        const descending = take('desc') || (take('asc'), false);
        order.push({ keys, descending });
      } while (take(','));
    }
    const limit = take('limit') ? count() : undefined;
    const offset = take('offset') ? count() : undefined;
    take(';');
    end();
    return { columns, from, where, order, limit, offset };
  }

  return { condition: disjunction, select, end };
}

function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const found = TOKEN.exec(text);
    if (!found) throw new NotLocal(`'${text}' is no condition that is known here`);
    const [all, number, word, string, quoted, ticked, sign] = found;
    if (number !== undefined) tokens.push({ kind: 'number', value: number, text: all });
    else if (word !== undefined) tokens.push({ kind: 'word', value: word.toLowerCase(), text: all });
    else if (string !== undefined) tokens.push({ kind: 'string', value: string.replaceAll("''", "'"), text: all });
    else if (quoted !== undefined) tokens.push({ kind: 'name', value: quoted.replaceAll('""', '"'), text: all });
    else if (ticked !== undefined) tokens.push({ kind: 'name', value: ticked.replaceAll('``', '`'), text: all });
    else if (sign !== undefined) tokens.push({ kind: 'sign', value: sign, text: all });
  }
  tokens.push({ kind: 'end', value: '', text: '' });
  return tokens;
}
