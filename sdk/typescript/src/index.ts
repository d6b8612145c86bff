export { AkidbClient, type ClientOptions, type Health, type LocalOptions, type SearchOptions } from './client.js';
export { PixeltableClient, PixeltableNative, type InitConfig } from './pixeltable-client.js';
export { Transport, type Call, type RequestOptions, type TransportOptions } from './transport.js';
export {
  AkidbError,
  ApiError,
  ConfigurationError,
  ConflictError,
  ConnectionError,
  DeadlineError,
  ForbiddenError,
  InvalidRequestError,
  NotFoundError,
  OverloadedError,
  ProtocolError,
  ServerError,
  TimeoutError,
  TooLargeError,
  UnauthenticatedError,
  UnavailableError,
  type Problem,
} from './errors.js';
export {
  expression,
  type AnyRow,
  type AnyTables,
  type ColumnType,
  type Computed,
  type Expression,
  type FullRow,
  type Generated,
  type Insertable,
  type Inserted,
  type Key,
  type Override,
  type Path,
  type Read,
  type Row,
  type RowId,
  type ScalarPath,
  type Selected,
  type Selection,
  type Updateable,
  type Updated,
  type UpdatedRow,
  type ValueAt,
  type VectorColumn,
} from './schema.js';
export {
  and,
  Column,
  not,
  or,
  Similarity,
  type Clause,
  type Comparable,
  type Columns,
  type Condition,
  type ElementOf,
  type Operator,
  type Predicate,
  type WhereClause,
} from './conditions.js';
export type { Json } from './json.js';
export type { Live } from './live.js';
export { Query, type Group, type QueryPlan, type Sought } from './query.js';
export {
  SearchBuilder,
  type Explanation,
  type Metric,
  type SearchInfo,
  type SearchResult,
  type SearchResults,
  type SimilarityOptions,
} from './similarity.js';
export {
  Table,
  type DeleteResult,
  type GetOptions,
  type InsertOptions,
  type InsertResult,
  type Projection,
  type ProjectionOptions,
  type RowKey,
  type UpdateResult,
  type UpdateRowsOptions,
  type UpdateRowsResult,
  type WriteOptions,
} from './table.js';
export { ImportError, type ImportOptions, type ImportProgress, type ImportResult } from './import.js';
export type { ColumnInfo, ColumnKind, IndexInfo, NewColumn, NewTable, TableInfo, TablesClient } from './tables.js';
export type {
  CellCounts,
  ComputedColumn,
  ComputedColumnsClient,
  EmbeddingColumnInfo,
  NewEmbeddingColumn,
  RefreshOptions,
  RefreshResult,
} from './computed-columns.js';
export type { BackupInfo, BackupsClient, NewBackup } from './backups.js';
export type { NewToken, Rights, TableRights, Token, TokensClient } from './tokens.js';
export type {
  AuditEntry,
  AuditLog,
  AuditOptions,
  Caller,
  Compaction,
  FileProblem,
  KeyInfo,
  RunOptions,
  Scope,
  TableTraffic,
  Verification,
} from './operation.js';
export type { CreatedIndex, IndexesClient, NewVectorIndex } from './indexes.js';
export type {
  Collection,
  CollectionInfo,
  CollectionsClient,
  Document,
  DocumentChoice,
  DocumentFilter,
  DocumentHit,
  DocumentHits,
  DocumentSearchOptions,
  ImportDocumentOptions,
  InsertDocumentOptions,
  InsertedDocument,
  NewCollection,
  NewDocument,
  TextIndexInfo,
} from './collections.js';
export type { Embedded, EmbeddingModel, EmbeddingsClient, EmbedOptions, GenerateOptions } from './embeddings.js';
export { Identifier, identifier, join, sql, SqlFragment, SqlQuery } from './sql.js';
export type { QueryVector, QueryVectorOptions, QueryVectorStatistics, VectorStore } from './query-vectors.js';
export { fileVectorStore, indexedDbVectorStore } from './vector-stores.js';
