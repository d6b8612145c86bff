/** What every error of this package extends. */
export class AkidbError extends Error {
  override readonly name: string = 'AkidbError';

  /** A stable name: the server's `code` (docs/errors.md), or one of this package's own. */
  readonly code: string;

  /** Whether the same call may succeed later. */
  readonly retryable: boolean;

  constructor(message: string, code: string, retryable = false, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.retryable = retryable;
  }
}

/** The client was set up or called in a way that cannot work; nothing was sent. */
export class ConfigurationError extends AkidbError {
  override readonly name = 'ConfigurationError';

  /** The argument to blame, such as `rows[1].quality_score`, where there is one. */
  readonly field: string | undefined;

  constructor(message: string, field?: string) {
    super(message, 'CONFIGURATION');
    this.field = field;
  }
}

/** The server could not be reached, or the connection broke before the answer was whole. */
export class ConnectionError extends AkidbError {
  override readonly name = 'ConnectionError';

  constructor(message: string, cause?: unknown) {
    super(message, 'CONNECTION', true, { cause });
  }
}

/** The time that the caller allowed passed. */
export class TimeoutError extends AkidbError {
  override readonly name = 'TimeoutError';

  constructor(milliseconds: number, cause?: unknown) {
    super(`no answer within ${milliseconds} ms`, 'TIMEOUT', true, { cause });
  }
}

/** What came is no answer of AkiDB, such as the page of a proxy. */
export class ProtocolError extends AkidbError {
  override readonly name = 'ProtocolError';

  constructor(message: string, cause?: unknown) {
    super(message, 'PROTOCOL', false, { cause });
  }
}

/** What an answer of the server says went wrong. */
export interface Problem {
  status: number;
  code: string;
  detail: string;
  field?: string | undefined;
  requestId?: string | undefined;
  /** Seconds to wait. */
  retryAfter?: number | undefined;
}

/** The server refused or failed. One subclass per kind of `code`. */
export class ApiError extends AkidbError {
  override readonly name: string = 'ApiError';

  /** The HTTP status. */
  readonly status: number;

  /** The path of the value to blame, such as `rows[1].quality_score`. */
  readonly field: string | undefined;

  /** The request's id, which the server's log lines carry. */
  readonly requestId: string | undefined;

  /** Seconds that the server asks to wait. */
  readonly retryAfter: number | undefined;

  constructor(problem: Problem) {
    super(problem.detail, problem.code, RETRYABLE.has(problem.code));
    this.status = problem.status;
    this.field = problem.field;
    this.requestId = problem.requestId;
    this.retryAfter = problem.retryAfter;
  }
}

/** A value breaks a rule, or a field is unknown, missing or of the wrong type; `field` names it. */
export class InvalidRequestError extends ApiError {
  override readonly name = 'InvalidRequestError';
}

/** The API key is missing or not valid. */
export class UnauthenticatedError extends ApiError {
  override readonly name = 'UnauthenticatedError';
}

/** The API key lacks the scope. */
export class ForbiddenError extends ApiError {
  override readonly name = 'ForbiddenError';
}

/** There is no such table, row, collection, document, index or model. */
export class NotFoundError extends ApiError {
  override readonly name = 'NotFoundError';
}

/** Something of this name or key is there, or the request does not fit the present state. */
export class ConflictError extends ApiError {
  override readonly name = 'ConflictError';
}

/** The body is over the server's limit. */
export class TooLargeError extends ApiError {
  override readonly name = 'TooLargeError';
}

/** Too much at once; nothing of the request was done. */
export class OverloadedError extends ApiError {
  override readonly name = 'OverloadedError';
}

/** The server is starting or stopping, or lacks something that it needs. */
export class UnavailableError extends ApiError {
  override readonly name = 'UnavailableError';
}

/** The server ended the request since its time was over. */
export class DeadlineError extends ApiError {
  override readonly name = 'DeadlineError';
}

/** The server failed. */
export class ServerError extends ApiError {
  override readonly name = 'ServerError';
}

type ApiErrorClass = new (problem: Problem) => ApiError;

const CLASSES: Record<string, ApiErrorClass> = {
  ALREADY_EXISTS: ConflictError,
  CONFLICT: ConflictError,
  MODEL_CHANGED: ConflictError,
  IDEMPOTENCY_KEY_IN_USE: ConflictError,
  PAYLOAD_TOO_LARGE: TooLargeError,
  OVERLOADED: OverloadedError,
  RATE_LIMITED: OverloadedError,
  QUOTA_EXCEEDED: OverloadedError,
  UNAVAILABLE: UnavailableError,
  MODEL_NOT_CACHED: UnavailableError,
  STORAGE_FULL: UnavailableError,
  CANCELLED: UnavailableError,
  DEADLINE_EXCEEDED: DeadlineError,
  UNAUTHENTICATED: UnauthenticatedError,
  FORBIDDEN: ForbiddenError,
  NOT_FOUND: NotFoundError,
};

/** Codes after which the server has done nothing, so that anything may be sent again. */
const UNTOUCHED = new Set([
  'OVERLOADED',
  'RATE_LIMITED',
  'QUOTA_EXCEEDED',
  'UNAVAILABLE',
  'STORAGE_FULL',
  'IDEMPOTENCY_KEY_IN_USE', // the request that came first is still being worked on; its answer comes to the next
]);

const RETRYABLE = new Set([...UNTOUCHED, 'DEADLINE_EXCEEDED', 'EMBEDDING_FAILED']);

/** The error of an answer. */
export function apiError(problem: Problem): ApiError {
  const byStatus = problem.status < 500 ? InvalidRequestError : ServerError;
  return new (CLASSES[problem.code] ?? byStatus)(problem);
}

/** The codes of answers that carry none, since something between here and the server wrote them. */
const BY_STATUS: Record<number, string> = {
  401: 'UNAUTHENTICATED',
  403: 'FORBIDDEN',
  404: 'NOT_FOUND',
  413: 'PAYLOAD_TOO_LARGE',
  429: 'OVERLOADED',
  502: 'DEADLINE_EXCEEDED', // a gateway cannot say whether the server had done it
  503: 'UNAVAILABLE',
  504: 'DEADLINE_EXCEEDED',
};

/** The code of an answer that carries none. */
export function codeOf(status: number): string {
  return BY_STATUS[status] ?? (status < 500 ? 'INVALID_ARGUMENT' : 'INTERNAL');
}

/**
 * Whether a request may be sent again after this error.
 *
 * @param repeatable whether doing it twice is the same as doing it once
 */
export function mayRepeat(error: unknown, repeatable: boolean): boolean {
  if (!(error instanceof AkidbError) || !error.retryable || error instanceof TimeoutError) return false;
  return repeatable || (error instanceof ApiError && UNTOUCHED.has(error.code));
}

/**
 * What a promise gives; null if it fails since what this field names is not there.
 *
 * @internal
 */
export async function orNull<T>(promise: Promise<T>, field: string): Promise<T | null> {
  try {
    return await promise;
  } catch (error) {
    if (error instanceof NotFoundError && error.field === field) return null;
    throw error;
  }
}
