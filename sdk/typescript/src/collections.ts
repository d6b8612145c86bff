import {
  requireEach,
  requireInteger,
  requireJson,
  requireKey,
  requireOneOf,
  requireSought,
  requireText,
  rowOf,
} from './arguments.js';
import { filter, type Predicate, type WhereClause } from './conditions.js';
import type { Context, Wire } from './context.js';
import { orNull, ProtocolError } from './errors.js';
import { base64Of, camel, snake, vectorFrom } from './json.js';
import { importRows, type ImportProgress, type ImportResult } from './import.js';
import { requireHow, type Explanation, type Metric, type SearchResult, type SimilarityOptions } from './similarity.js';
import { parameters, path, sleep, type Call, type RequestOptions } from './transport.js';

/** A collection of documents. */
export interface CollectionInfo {
  id: string;
  name: string;
  dimension: number;
  metric: Metric;
  model: string;
  /** Equal where the same text gives the same vector; null until the model is loaded. */
  modelFingerprint: string | null;
  documentCount: number;
  createdAt: string;
}

/** A collection to make. */
export interface NewCollection {
  name: string;
  /** Length of its vectors; the model's if left out. */
  dimension?: number | undefined;
  metric?: Metric | undefined;
  /** The model that embeds its texts; the server's default if left out. */
  model?: string | undefined;
  /** Whether its texts are indexed by words from the beginning, for hybrid searches. */
  textIndex?: boolean | undefined;
}

/** Whether the texts of a collection can be searched by words. */
export interface TextIndexInfo {
  textIndex: boolean;
  state: 'building' | 'ready' | 'failed' | null;
}

/** A document to insert. */
export interface NewDocument<M = unknown> {
  text: string;
  /** Made if left out. */
  id?: string | undefined;
  /** Made from the text if left out. */
  vector?: Float32Array | readonly number[] | undefined;
  metadata?: M | undefined;
}

/** A document. */
export interface Document<M = any> {
  id: string;
  text: string;
  metadata: M;
  vector?: Float32Array;
}

/** A document that was inserted. */
export interface InsertedDocument {
  id: string;
  /** Whether the server made the vector. */
  vectorGenerated: boolean;
}

/** How documents are inserted. */
export interface InsertDocumentOptions extends RequestOptions {
  /** What happens to documents whose id is there: they are replaced (`upsert`, the default), or the insert fails. */
  onConflict?: 'upsert' | 'error' | undefined;
}

/** A condition on documents: clauses on `id`, `text` or paths into the metadata such as `metadata.area`, or a text. */
export type DocumentFilter = WhereClause | readonly WhereClause[] | Predicate | string;

/** Documents that a filter or their ids choose; an empty list as filter is all. */
export type DocumentChoice = { filter: DocumentFilter; ids?: undefined } | { ids: readonly string[]; filter?: undefined };

/** How documents are imported. */
export interface ImportDocumentOptions extends InsertDocumentOptions {
  /** Documents in a batch, 1 to 1,000; 500 by default. */
  batch?: number | undefined;
  /** Batches that are on their way at once, 2 by default. */
  concurrency?: number | undefined;
  /** Told after each batch. */
  onProgress?: ((progress: ImportProgress) => void) | undefined;
}

/** How documents are searched. */
export interface DocumentSearchOptions extends Omit<SimilarityOptions, 'hybrid'>, RequestOptions {
  /** At most so many, 1 to 1,000; 10 by default. */
  limit?: number | undefined;
  offset?: number | undefined;
  /** Only documents that satisfy this. */
  filter?: DocumentFilter | undefined;
  /** Searches by words too, for which the collection needs a text index. */
  hybrid?: boolean | { weights?: { similarity?: number; text?: number } } | undefined;
  includeVectors?: boolean | undefined;
  includeMetadata?: boolean | undefined;
  explain?: boolean | undefined;
}

/** A document that was found. */
export interface DocumentHit<M = any> extends Document<M>, Pick<SearchResult, 'ranks' | 'similarity' | 'textScore' | 'group'> {
  score: number;
}

/** The documents that were found, best first. */
export type DocumentHits<M = any> = DocumentHit<M>[] & {
  readonly info: { readonly milliseconds: number; readonly explanation: Explanation | undefined };
};

type Stored = Wire['Document'];

const MOST = 1000;

/** Answers by example. */
const COLLECTION = { id: '', name: '', dimension: 0 };
const DOCUMENT = { id: '', text: '' };
const PAGE = { documents: [DOCUMENT] };
const INSERTED = { results: [{ id: '' }] };
const FOUND = { results: [{ id: '', score: 0 }], duration_ms: 0 };
const TEXT_INDEX = { text_index: true };

/** The collections of a server. */
export class CollectionsClient {
  readonly #context: Context;

  /** @internal */
  constructor(context: Context) {
    this.#context = context;
  }

  /** A collection by its name or id, without asking the server. `M` is what its documents have for metadata. */
  get<M = any>(name: string): Collection<M> {
    return new Collection<M>(this.#context, name);
  }

  async list(options?: RequestOptions): Promise<CollectionInfo[]> {
    const answer = await this.#context.transport.json<Wire['Collections']>(
      { method: 'GET', path: '/api/v1/collections', repeatable: true, answer: { collections: [COLLECTION] } },
      options,
    );
    return camel(answer.collections) as CollectionInfo[];
  }

  async create(collection: NewCollection, options?: RequestOptions): Promise<CollectionInfo> {
    requireText(collection?.name, 'name');
    if (collection.dimension !== undefined) requireInteger(collection.dimension, 'dimension', 1);
    return camel(
      await this.#context.transport.json(
        { method: 'POST', path: '/api/v1/collections', body: snake(collection), repeatable: false, answer: COLLECTION },
        options,
      ),
    ) as CollectionInfo;
  }

  /** Deletes a collection and its documents. */
  async drop(name: string, options?: RequestOptions): Promise<void> {
    await this.#context.transport.json(
      { method: 'DELETE', path: path`/api/v1/collections/${{ name }}`, repeatable: false },
      options,
    );
  }
}

/** A collection. Making one asks the server nothing. */
export class Collection<M = any> {
  readonly #context: Context;

  /** @internal */
  constructor(
    context: Context,
    readonly name: string,
  ) {
    requireKey(name, 'collection');
    this.#context = context;
  }

  async describe(options?: RequestOptions): Promise<CollectionInfo> {
    return camel(await this.#send('GET', '', COLLECTION, undefined, true, options)) as CollectionInfo;
  }

  /** Inserts a document, or up to 1,000, all or none. They can be found when this ends. */
  insert(document: NewDocument<M>, options?: InsertDocumentOptions): Promise<InsertedDocument>;
  insert(documents: readonly NewDocument<M>[], options?: InsertDocumentOptions): Promise<InsertedDocument[]>;
  async insert(
    documents: NewDocument<M> | readonly NewDocument<M>[],
    { onConflict, ...options }: InsertDocumentOptions = {},
  ): Promise<InsertedDocument | InsertedDocument[]> {
    requireConflict(onConflict);
    const list = (Array.isArray(documents) ? documents : [documents]) as NewDocument<M>[];
    const body = {
      documents: list.map((document, index) => rowOf(withVector(document), `documents[${index}]`)),
      on_conflict: onConflict,
    };
    const answer = await this.#send<Wire['InsertedDocuments']>('POST', '/documents', INSERTED, body, 'once', options);
    const results = camel(answer.results) as InsertedDocument[];
    if (results.length !== list.length)
      throw new ProtocolError(`${list.length} documents were sent, and ${results.length} answered`);
    return Array.isArray(documents) ? results : results[0]!;
  }

  /** The document of an id; null if there is none. */
  async get(
    id: string,
    { includeVector, ...options }: RequestOptions & { includeVector?: boolean } = {},
  ): Promise<Document<M> | null> {
    const rest =
      path`/documents/${{ id }}` + parameters({ include_vector: includeVector, encoding_format: includeVector && 'base64' });
    const document = await orNull(this.#send<Stored>('GET', rest, DOCUMENT, undefined, true, options), 'id');
    return document && revive<M>(document);
  }

  /** The documents of these ids in their order, those that are not there left out. */
  async getMany(
    ids: readonly string[],
    { includeVectors, ...options }: RequestOptions & { includeVectors?: boolean } = {},
  ): Promise<Document<M>[]> {
    requireEach(ids, 'ids', requireText);
    const all: Document<M>[] = [];
    for (let start = 0; start < ids.length; start += MOST) {
      const body = {
        ids: ids.slice(start, start + MOST),
        include_vectors: includeVectors,
        encoding_format: includeVectors && 'base64',
      };
      const page = await this.#send<Wire['DocumentPage']>('POST', '/query', PAGE, body, true, options);
      for (const document of page.documents) all.push(revive<M>(document));
    }
    return all;
  }

  /** How many documents there are, or how many satisfy a condition. */
  async count(condition?: DocumentFilter, options?: RequestOptions): Promise<number> {
    const body = { count: true, filter: condition && filter(condition, [], 'filter') };
    return (await this.#send<{ count: number }>('POST', '/query', { count: 0 }, body, true, options)).count;
  }

  /** Brings in any number of documents, as fast as the server takes them: they are only asked for when it has room. */
  async import(
    documents: AsyncIterable<NewDocument<M>> | Iterable<NewDocument<M>>,
    options: ImportDocumentOptions = {},
  ): Promise<ImportResult> {
    requireConflict(options.onConflict);
    return importRows(
      documents,
      { batch: 500, ...options },
      async (_batch, lines, { onConflict, batch: _b, concurrency: _c, onProgress: _p, ...call }) => {
        const { results } = await this.#context.transport.json<Wire['InsertedDocuments']>(
          {
            method: 'POST',
            path: path`/api/v1/collections/${{ collection: this.name }}/documents` + parameters({ on_conflict: onConflict }),
            lines,
            repeatable: 'once',
            answer: INSERTED,
          },
          call,
        );
        return { inserted: results.length, updated: 0, ignored: 0 };
      },
    );
  }

  /** Changes the document of an id; what is not named stays. A new text is embedded, unless a vector comes with it. */
  async update(
    id: string,
    change: { text?: string; vector?: Float32Array | readonly number[]; metadata?: M },
    options?: RequestOptions,
  ): Promise<number> {
    return this.#changed('PATCH', path`/documents/${{ id }}`, rowOf(withVector(change), 'change'), options);
  }

  /** Gives documents other metadata, all in one commit; tells how many. */
  async updateAll(choice: DocumentChoice, metadata: M, options?: RequestOptions): Promise<number> {
    requireJson(metadata, 'metadata');
    return this.#changed('PATCH', '/documents', { ...chosen(choice), metadata }, options);
  }

  /** Deletes the document of an id. */
  async delete(id: string, options?: RequestOptions): Promise<void> {
    await this.#send('DELETE', path`/documents/${{ id }}`, undefined, undefined, 'once', options);
  }

  /** Deletes documents, all in one commit; tells how many there were. */
  async deleteAll(choice: DocumentChoice, options?: RequestOptions): Promise<number> {
    const body = chosen(choice);
    return (await this.#send<Wire['DeletedDocuments']>('DELETE', '/documents', { deleted: 0 }, body, 'once', options)).deleted;
  }

  /** All documents in the order of their insertion, or those that satisfy a condition, asked for page by page. */
  async *documents({
    filter: condition,
    includeVectors,
    pageSize,
    ...options
  }: RequestOptions & { filter?: DocumentFilter; includeVectors?: boolean; pageSize?: number } = {}): AsyncGenerator<
    Document<M>,
    void,
    undefined
  > {
    if (pageSize !== undefined) requireInteger(pageSize, 'pageSize', 1, MOST);
    let cursor: string | undefined;
    do {
      const how = { include_vectors: includeVectors, encoding_format: includeVectors && 'base64', limit: pageSize, cursor };
      const page: Wire['DocumentPage'] =
        condition === undefined
          ? await this.#send('GET', `/documents${parameters(how)}`, PAGE, undefined, true, options)
          : await this.#send('POST', '/query', PAGE, { ...how, filter: filter(condition, [], 'filter') }, true, options);
      for (const document of page.documents) yield revive<M>(document);
      cursor = page.next_cursor ?? undefined;
    } while (cursor !== undefined);
  }

  /** The documents nearest to a text, a vector or the document of an id, best first. */
  async search(
    query: string | Float32Array | readonly number[] | { like: string },
    options: DocumentSearchOptions = {},
  ): Promise<DocumentHits<M>> {
    const { filter: condition, signal, timeout, retries, headers, ...how } = options;
    const { like } = (query ?? {}) as { like?: unknown };
    if (like === undefined) requireSought(query, 'query');
    else requireText(like, 'query.like');
    const { hybrid: _hybrid, ...plain } = how;
    requireHow(plain);
    const its = condition && filter(condition, [], 'filter');
    const body = { ...(snake(how) as object), filter: its, encoding_format: 'base64' };
    const call = { signal, timeout, retries, headers };
    const send = (sought: object): Promise<Wire['SearchResponse']> =>
      this.#send('POST', '/search', FOUND, { ...body, ...sought }, true, call);
    const answer =
      typeof query === 'string'
        ? await this.#context.vectors.search(
            // of each collection: which model it has is told only by its answers
            `collection\n${this.name}\n${how.inputType ?? 'query'}\n${query}`,
            () => send({ query, include_query_embedding: true }),
            ({ vector, fingerprint }) => send({ query: how.hybrid ? query : undefined, vector, model_fingerprint: fingerprint }),
            signal,
          )
        : await send('like' in query ? { like: { id: query.like } } : { vector: base64Of(Float32Array.from(query)) });
    const hits = answer.results.map((hit) => {
      const { text_score: textScore, ...rest } = hit;
      return revive<M>((textScore === undefined ? rest : { ...rest, textScore }) as Stored) as DocumentHit<M>;
    });
    Object.defineProperty(hits, 'info', {
      value: { milliseconds: answer.duration_ms, explanation: answer.explanation && (camel(answer.explanation) as unknown) },
    });
    return hits as DocumentHits<M>;
  }

  /** Whether the texts can be searched by words. */
  async textIndex(options?: RequestOptions): Promise<TextIndexInfo> {
    return camel(await this.#send('GET', '/text-index', TEXT_INDEX, undefined, true, options)) as TextIndexInfo;
  }

  /** Makes the index of words that hybrid searches need, unless it is there, and waits until it is built. */
  async createTextIndex(options: RequestOptions = {}): Promise<TextIndexInfo> {
    let now = camel(await this.#send('PUT', '/text-index', TEXT_INDEX, undefined, true, options)) as TextIndexInfo;
    for (let pause = 50; now.state === 'building'; pause = Math.min(2000, pause * 1.5)) {
      await sleep(pause, options.signal);
      now = await this.textIndex(options);
    }
    return now;
  }

  /** Drops the index of words, if it is there. */
  async dropTextIndex(options?: RequestOptions): Promise<TextIndexInfo> {
    return camel(await this.#send('DELETE', '/text-index', TEXT_INDEX, undefined, true, options)) as TextIndexInfo;
  }

  async #changed(method: 'PATCH', rest: string, body: object, options?: RequestOptions): Promise<number> {
    return (await this.#send<Wire['UpdatedDocuments']>(method, rest, { updated: 0 }, body, 'once', options)).updated;
  }

  #send<A>(
    method: Call['method'],
    rest: string,
    answer: object | undefined,
    body: unknown,
    repeatable: Call['repeatable'],
    options?: RequestOptions,
  ): Promise<A> {
    const call = { method, path: path`/api/v1/collections/${{ collection: this.name }}` + rest, body, repeatable, answer };
    return this.#context.transport.json<A>(call, options);
  }
}

function revive<M>(document: Stored): Document<M> {
  const { vector, ...rest } = document;
  return (vector ? { ...rest, vector: vectorFrom(vector) } : rest) as Document<M>;
}

function chosen({ filter: condition, ids }: DocumentChoice): object {
  if (ids === undefined) return { filter: filter(condition, [], 'filter') };
  requireEach(ids, 'ids', requireText);
  return { ids };
}

function requireConflict(onConflict: unknown): void {
  if (onConflict !== undefined) requireOneOf(onConflict, 'onConflict', ['upsert', 'error']);
}

/** The same with its vector, if it has one, as the numbers that are sent. */
function withVector<D extends { vector?: Float32Array | readonly number[] | undefined }>(document: D): D {
  if (!Array.isArray(document?.vector)) return document;
  return { ...document, vector: Float32Array.from(document.vector) };
}
