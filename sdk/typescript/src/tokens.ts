import { refuse, requireCondition, requireEach, requireInteger, requireOneOf, requireText } from './arguments.js';
import type { Condition } from './conditions.js';
import type { Context } from './context.js';
import type { AnyRow } from './schema.js';
import type { RequestOptions } from './transport.js';

/** What of a table or a collection may be seen and changed. */
export interface TableRights {
  /** The columns, beside the primary key; all if left out. */
  columns?: readonly string[] | undefined;
  /** There are only rows that satisfy this by their own values, before and after writes; all if left out. */
  where?: Condition<AnyRow> | undefined;
}

/** The tables and collections that may be seen, by name; `{}` of one is all of it. */
export type Rights = Readonly<Record<string, TableRights>>;

/** A token to make. */
export interface NewToken {
  /** Whom it is for, such as the id of a person: replicas and limits belong to the subject, not to one token. */
  subject: string;
  /** Seconds until it ends, an hour if left out; at most the server's `akidb.security.tokens.max-lifetime`. */
  expiresIn?: number | undefined;
  /** What it may do, of what the client's key may; `read` if left out. */
  scopes?: readonly ('read' | 'write')[] | undefined;
  /** What it may see, of what the client's key may; all of that if left out. */
  tables?: Rights | undefined;
}

/** A token that was made. */
export interface Token {
  /** The `apiKey` of the client that it is for. It is shown this once. */
  token: string;
  expiresAt: string;
  /** The API key with which it ends. */
  keyId: string;
}

/** An answer that tells a token, by example. */
const TOKEN = { token: '', expires_at: '', key_id: '' };

/** Short-lived tokens for people's browsers and apps, which an application's backend makes with its API key. */
export class TokensClient {
  readonly #context: Context;

  /** @internal */
  constructor(context: Context) {
    this.#context = context;
  }

  /** Makes a token, which never may more than the client's own key does when it is used. */
  async create({ subject, expiresIn, scopes, tables }: NewToken, options?: RequestOptions): Promise<Token> {
    requireText(subject, 'subject');
    if (expiresIn !== undefined) requireInteger(expiresIn, 'expiresIn', 1);
    if (scopes !== undefined) {
      requireEach(scopes, 'scopes', (scope, field) => requireOneOf(scope, field, ['read', 'write']));
    }
    if (tables !== undefined) requireRights(tables);
    const body = { subject, expires_in: expiresIn, scopes, tables };
    // one more token does no harm
    const call = { method: 'POST', path: '/api/v1/tokens', body, repeatable: true, answer: TOKEN } as const;
    const made = await this.#context.transport.json<typeof TOKEN>(call, options);
    return { token: made.token, expiresAt: made.expires_at, keyId: made.key_id };
  }
}

/** Refuses rights that say less in JSON than they do here, and would let more be seen. */
function requireRights(tables: unknown): void {
  requireObject(tables, 'tables', 'an object of tables by name');
  for (const [name, part] of Object.entries(tables)) {
    const field = `tables.${name}`;
    requireObject(part, field, 'an object; {} for the whole table');
    const { columns, where } = part as TableRights;
    if (columns !== undefined) requireEach(columns, `${field}.columns`, requireText);
    if (where !== undefined) requireCondition(where, `${field}.where`);
  }
}

function requireObject(value: unknown, field: string, rule: string): asserts value is object {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || value instanceof Map) refuse(field, rule, value);
}
