/** Where a model's files come from. */
interface ModelServer {
  /** Address of the server, which tells its files from those of another. */
  readonly url: string;
  /**
   * One of the model's files: `manifest.json`, which is a {@link ModelManifest}, or what that names.
   *
   * @param options what ends the request, and the milliseconds until its first byte
   * @throws ConnectionError if the server cannot be reached
   */
  file(model: string, name: string, options: {
    signal: AbortSignal;
    timeout: number;
  }): Promise<Response>;
}
/** What the server says of a model that clients can run. */
interface ModelManifest {
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
  readonly prompts: {
    readonly query: string;
    readonly document: string;
    readonly search: boolean;
  };
  readonly tokenizer: {
    readonly file: string;
    readonly bytes: number;
  };
  readonly variants: readonly ModelVariant[];
}
/** One of a model's graphs. */
interface ModelVariant {
  readonly name: 'fp32' | 'fp16' | 'int8';
  readonly file: string;
  readonly bytes: number;
  readonly sha256: string;
  /** Between its vectors and the server's, over the texts that the server tried. */
  readonly lowest_cosine: number;
}
/** A model that embeds here, in the way of one of the server's. */
interface LocalModel {
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
interface OpenModel {
  readonly manifest: Pick<ModelManifest, 'model' | 'fingerprint' | 'dimensions' | 'prompts'>;
  /** The vector of a text, whose prompt is before it already; scaled to an L2 norm of 1. */
  embed(text: string): Promise<Float32Array>;
  close(): Promise<void>;
}


/** Keeps the files of models beyond the life of the program. */
interface ModelCache {
  /** The file; undefined if it is not kept. */
  get(name: string): Promise<Uint8Array | undefined>;
  put(name: string, bytes: Uint8Array): Promise<void>;
  /** Forgets all files whose names begin so, but these. */
  keep(beginning: string, names: readonly string[]): Promise<void>;
}
/** Keeps files of models in the browser's Cache Storage, which pages have that came by https or from this machine. */
declare function browserModelCache(name?: string): ModelCache;
/** Keeps files of models in a folder; in Node, Deno and Bun. */
declare function folderModelCache(folder: string): ModelCache;
/** What of `onnxruntime-web` and `onnxruntime-node` is used. */
interface OnnxRuntime {
  readonly InferenceSession: {
    create(model: Uint8Array): Promise<OnnxSession>;
  };
  readonly Tensor: new (type: 'int64', data: BigInt64Array, dims: readonly number[]) => object;
  /** Of `onnxruntime-web`: one thread is used unless the program says otherwise. */
  readonly env?: {
    readonly wasm?: {
      numThreads?: number | undefined;
    };
  };
}
/** An opened graph. */
interface OnnxSession {
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  run(inputs: any): Promise<Readonly<Record<string, {
    readonly data: unknown;
    readonly dims: readonly number[];
  }>>>;
  release(): Promise<void>;
}
/** How a model runs here. */
interface OnnxModelOptions {
  /** The program's ONNX Runtime: `() => import('onnxruntime-web')`, or `onnxruntime-node`. */
  runtime: () => Promise<OnnxRuntime | {
    readonly default: OnnxRuntime;
  }>;
  /** Which graph is used: `int8` by default, the smallest; `fp16` is about large, `fp32` four times. */
  variant?: ModelVariant['name'] | undefined;
  /** Where its files are kept: by default the browser's Cache Storage where there is one, and nowhere elsewhere; see `folderModelCache`. */
  cache?: ModelCache | undefined;
}
/**
 * One of the server's models, run in this program by ONNX Runtime. Its files come from the server when it is first opened, and again when the
 * server's model has become another.
 *
 * @param model id or alias of a model of the server that it runs by ONNX
 */
declare function onnxModel(model: string, options: OnnxModelOptions): LocalModel;
export { type LocalModel, type ModelCache, type ModelManifest, type ModelServer, type ModelVariant, OnnxModelOptions, OnnxRuntime, OnnxSession, type OpenModel, browserModelCache, folderModelCache, onnxModel };