import { filter, type WhereClause } from './conditions.js';
import type { Context, Wire } from './context.js';
import { orNull } from './errors.js';
import { camel } from './json.js';
import type { Explanation, Metric } from './similarity.js';
import { parameters, path, type RequestOptions } from './transport.js';

/** A collection of documents. */
export interface CollectionInfo {
  id: string;
  name: string;
  dimension: number;
  metric: Metric;
  model: string;
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

/** How documents are searched. */
export interface DocumentSearchOptions extends RequestOptions {
  /** At most so many, 1 to 1,000; 10 by default. */
  limit?: number | undefined;
  /** Only documents that satisfy this: clauses on `id`, `text` or paths into the metadata such as `metadata.area`. */
  filter?: WhereClause | readonly WhereClause[] | object | string | undefined;
  /** Least score, inclusive. */
  threshold?: number | undefined;
  includeVectors?: boolean | undefined;
  includeMetadata?: boolean | undefined;
  explain?: boolean | undefined;
}

/** A document that was found. */
export interface DocumentHit<M = any> extends Document<M> {
  score: number;
}

/** The documents that were found, best first. */
export type DocumentHits<M = any> = DocumentHit<M>[] & {
  readonly info: { readonly milliseconds: number; readonly explanation: Explanation | undefined };
};

type Stored = Wire['Document'];

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
      { method: 'GET', path: '/api/v1/collections', repeatable: true },
      options,
    );
    return camel(answer.collections) as CollectionInfo[];
  }

  async create(collection: NewCollection, options?: RequestOptions): Promise<CollectionInfo> {
    return camel(
      await this.#context.transport.json(
        { method: 'POST', path: '/api/v1/collections', body: collection, repeatable: false },
        options,
      ),
    ) as CollectionInfo;
  }

  /** Deletes a collection and its documents. */
  async drop(name: string, options?: RequestOptions): Promise<void> {
    await this.#context.transport.json({ method: 'DELETE', path: path`/api/v1/collections/${name}`, repeatable: false }, options);
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
    this.#context = context;
  }

  async describe(options?: RequestOptions): Promise<CollectionInfo> {
    return camel(await this.#send('GET', '', undefined, true, options)) as CollectionInfo;
  }

  /** Inserts a document, or up to 1,000, all or none. They can be found when this ends. */
  insert(document: NewDocument<M>, options?: InsertDocumentOptions): Promise<InsertedDocument>;
  insert(documents: readonly NewDocument<M>[], options?: InsertDocumentOptions): Promise<InsertedDocument[]>;
  async insert(
    documents: NewDocument<M> | readonly NewDocument<M>[],
    { onConflict, ...options }: InsertDocumentOptions = {},
  ): Promise<InsertedDocument | InsertedDocument[]> {
    const list = (Array.isArray(documents) ? documents : [documents]) as NewDocument<M>[];
    const body = {
      documents: list.map((document) => ({ ...document, vector: document.vector && Array.from(document.vector) })),
      on_conflict: onConflict,
    };
    // documents that bring their ids replace themselves
    const repeatable = onConflict !== 'error' && list.every(({ id }) => id !== undefined);
    const answer = await this.#send<Wire['InsertedDocuments']>('POST', '/documents', body, repeatable, options);
    const results = camel(answer.results) as InsertedDocument[];
    return Array.isArray(documents) ? results : results[0]!;
  }

  /** The document of an id; null if there is none. */
  async get(
    id: string,
    { includeVector, ...options }: RequestOptions & { includeVector?: boolean } = {},
  ): Promise<Document<M> | null> {
    const rest = path`/documents/${id}` + parameters({ include_vector: includeVector });
    const document = await orNull(this.#send<Stored>('GET', rest, undefined, true, options), 'id');
    return document && revive<M>(document);
  }

  /** Deletes the document of an id. */
  async delete(id: string, options?: RequestOptions): Promise<void> {
    await this.#send('DELETE', path`/documents/${id}`, undefined, false, options);
  }

  /** All documents in the order of their insertion, asked for page by page. */
  async *documents({
    includeVectors,
    pageSize,
    ...options
  }: RequestOptions & { includeVectors?: boolean; pageSize?: number } = {}): AsyncGenerator<Document<M>, void, undefined> {
    let cursor: string | undefined;
    do {
      const rest = `/documents${parameters({ include_vectors: includeVectors, limit: pageSize, cursor })}`;
      const page = await this.#send<Wire['DocumentPage']>('GET', rest, undefined, true, options);
      for (const document of page.documents) yield revive<M>(document);
      cursor = page.next_cursor ?? undefined;
    } while (cursor !== undefined);
  }

  /** The documents nearest to a text or a vector, best first. */
  async search(
    query: string | Float32Array | readonly number[],
    { limit, filter: condition, threshold, includeVectors, includeMetadata, explain, ...options }: DocumentSearchOptions = {},
  ): Promise<DocumentHits<M>> {
    const body = {
      [typeof query === 'string' ? 'query' : 'vector']: typeof query === 'string' ? query : Array.from(query),
      limit,
      filter: condition && filter(condition, []),
      threshold,
      include_vectors: includeVectors,
      include_metadata: includeMetadata,
      explain,
    };
    const answer = await this.#send<Wire['SearchResponse']>('POST', '/search', body, true, options);
    const hits = answer.results.map((hit) => revive<M>(hit as Stored) as DocumentHit<M>);
    Object.defineProperty(hits, 'info', {
      value: { milliseconds: answer.duration_ms, explanation: answer.explanation && camel(answer.explanation) },
    });
    return hits as DocumentHits<M>;
  }

  #send<A>(
    method: 'GET' | 'POST' | 'DELETE',
    rest: string,
    body: unknown,
    repeatable: boolean,
    options?: RequestOptions,
  ): Promise<A> {
    const call = { method, path: path`/api/v1/collections/${this.name}` + rest, body, repeatable };
    return this.#context.transport.json<A>(call, options);
  }
}

function revive<M>(document: Stored): Document<M> {
  const { vector, ...rest } = document;
  return (vector ? { ...rest, vector: Float32Array.from(vector) } : rest) as Document<M>;
}
