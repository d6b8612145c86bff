import { refuse, requireInteger, rowOf } from './arguments.js';
import { AkidbError, ConfigurationError } from './errors.js';
import { encode } from './json.js';
import { whenAborted } from './transport.js';
import type { InsertOptions, InsertResult } from './table.js';

/** How far an import is. */
export interface ImportProgress {
  /** Rows of all batches that are kept. */
  rows: number;
  inserted: number;
  updated: number;
  ignored: number;
  batches: number;
}

/** What an import did. */
export type ImportResult = ImportProgress;

/** How rows are imported. */
export interface ImportOptions extends InsertOptions {
  /** Rows in a batch, 1 to 10,000; 2,000 by default. A batch also ends at about 4 MB. */
  batch?: number | undefined;
  /** Batches that are on their way at once, 2 by default. Only with 1 are rows inserted in the order in which they come. */
  concurrency?: number | undefined;
  /** Told after each batch. */
  onProgress?: ((progress: ImportProgress) => void) | undefined;
}

/** An import that failed; what was done before is kept, and told by `progress`. The cause says why. */
export class ImportError extends AkidbError {
  override readonly name = 'ImportError';

  constructor(
    readonly progress: ImportProgress,
    cause: unknown,
  ) {
    const { message, code, retryable } = cause as Partial<AkidbError>;
    super(`after ${progress.rows} rows: ${message ?? String(cause)}`, code ?? 'IMPORT', retryable ?? false, { cause });
  }
}

type Send<O> = (rows: readonly object[], lines: string, options: O) => Promise<Omit<InsertResult, 'version'>>;

/** How batches are cut and sent. */
export interface BatchOptions {
  batch?: number | undefined;
  concurrency?: number | undefined;
  onProgress?: ((progress: ImportProgress) => void) | undefined;
  signal?: AbortSignal | undefined;
}

const BATCH = 2000;
const MOST_CHARACTERS = 4_000_000;

/** Cuts what comes into batches and sends them, so many at once; asks for rows only when there is room. */
export async function importRows<O extends BatchOptions>(
  source: AsyncIterable<object> | Iterable<object>,
  options: O,
  send: Send<O>,
): Promise<ImportResult> {
  const { batch = BATCH, concurrency = 2, onProgress } = options;
  requireInteger(batch, 'batch', 1, 10_000);
  requireInteger(concurrency, 'concurrency', 1);
  if (!(Symbol.asyncIterator in Object(source) || Symbol.iterator in Object(source)))
    refuse('rows', 'an iterable of rows', source);
  const progress: ImportProgress = { rows: 0, inserted: 0, updated: 0, ignored: 0, batches: 0 };
  const sending = new Set<Promise<void>>();
  let failure: { cause: unknown } | undefined;
  let wake: () => void;
  const failed = new Promise<void>((resolve) => (wake = resolve));
  const fail = (cause: unknown): void => {
    failure ??= { cause };
    wake();
  };
  let rows: object[] = [];
  let lines: string[] = [];
  let characters = 0;
  let taken = 0;

  const dispatch = async (): Promise<void> => {
    if (rows.length === 0) return;
    while (sending.size >= concurrency && !failure) await Promise.race(sending);
    if (failure) return;
    const whole = rows;
    const sent = send(whole, lines.join('\n'), options)
      .then(({ inserted, updated, ignored }) => {
        progress.rows += whole.length;
        progress.inserted += inserted;
        progress.updated += updated;
        progress.ignored += ignored;
        progress.batches++;
        onProgress?.({ ...progress });
      })
      .catch(fail)
      .finally(() => sending.delete(sent));
    sending.add(sent);
    rows = [];
    lines = [];
    characters = 0;
  };

  const read = async (): Promise<void> => {
    for await (const row of source) {
      if (failure) break;
      const text = encode(rowOf(row, `rows[${taken++}]`));
      rows.push(row);
      lines.push(text);
      characters += text.length;
      if (rows.length >= batch || characters >= MOST_CHARACTERS) await dispatch();
      if (failure) break;
    }
    await dispatch();
  };

  const { signal } = options;
  signal?.throwIfAborted();
  const forget = whenAborted(signal, () => fail(signal!.reason));
  // a source may take long to come to its next row, or for ever
  await Promise.race([read().catch(fail), failed]);
  await Promise.all(sending);
  forget();
  if (failure) throw options.signal?.aborted ? options.signal.reason : new ImportError(progress, failure.cause);
  return progress;
}
