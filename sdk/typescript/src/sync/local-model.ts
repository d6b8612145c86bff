/** Where a model's files come from. */
export interface ModelServer {
  /** Address of the server, which tells its files from those of another. */
  readonly url: string;
  /**
   * One of the model's files: `manifest.json`, which is a {@link ModelManifest}, or what that names.
   *
   * @param options what ends the request, and the milliseconds until its first byte
   * @throws ConnectionError if the server cannot be reached
   */
  file(model: string, name: string, options: { signal: AbortSignal; timeout: number }): Promise<Response>;
}

/** What the server says of a model that clients can run. */
export interface ModelManifest {
  /** Its id. */
  readonly model: string;
  /** Equal where the same text gives the same vector. */
  readonly fingerprint: string;
  readonly dimensions: number;
  /** Most tokens of a text, special tokens included. */
  readonly max_tokens: number;
  readonly pooling: 'mean' | 'cls' | 'last';
  readonly normalize: true;
  /** What is put before texts that are searched with and texts that are stored, and whether searches are of the first kind. */
  readonly prompts: { readonly query: string; readonly document: string; readonly search: boolean };
  readonly tokenizer: { readonly file: string; readonly bytes: number };
  readonly variants: readonly ModelVariant[];
}

/** One of a model's graphs. */
export interface ModelVariant {
  readonly name: 'fp32' | 'fp16' | 'int8';
  readonly file: string;
  readonly bytes: number;
  readonly sha256: string;
  /** Between its vectors and the server's, over the texts that the server tried. */
  readonly lowest_cosine: number;
}

/** A model that embeds here, in the way of one of the server's. */
export interface LocalModel {
  /** The name of the server's model: its id or an alias. */
  readonly model: string;
  /**
   * Gets it ready; asked again if it failed.
   *
   * @throws ConnectionError if its files are not here and the server cannot be reached
   */
  open(server: ModelServer, signal: AbortSignal): Promise<OpenModel>;
}

/** A model that is ready. */
export interface OpenModel {
  readonly manifest: Pick<ModelManifest, 'model' | 'fingerprint' | 'dimensions' | 'prompts'>;
  /** The vector of a text, whose prompt is before it already; scaled to an L2 norm of 1. */
  embed(text: string): Promise<Float32Array>;
  close(): Promise<void>;
}
