import { ConfigurationError } from '../../errors.js';

/** What of a `tokenizer.json` decides here. */
interface TokenizerFile {
  added_tokens?: { id: number; content: string; normalized?: boolean }[];
  normalizer?: {
    type: string;
    clean_text?: boolean;
    handle_chinese_chars?: boolean;
    strip_accents?: boolean | null;
    lowercase?: boolean;
  };
  pre_tokenizer?: { type: string };
  post_processor?: {
    type: string;
    single?: { SpecialToken?: { id: string }; Sequence?: object }[];
    special_tokens?: Record<string, { ids: number[] }>;
  };
  model: {
    type: string;
    vocab: Record<string, number>;
    unk_token?: string;
    continuing_subword_prefix?: string;
    max_input_chars_per_word?: number;
  };
}

// A tab and the ends of lines separate words; other control characters vanish.
const WORD = /[^\t\n\r \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/g;
const VANISHES = /[\0\ufffd\p{Cc}\p{Cf}\p{Co}\p{Cs}]/gu;
const IDEOGRAPH =
  /[\u4e00-\u9fff\u3400-\u4dbf\u{20000}-\u{2a6df}\u{2a700}-\u{2b73f}\u{2b740}-\u{2b81f}\u{2b920}-\u{2ceaf}\uf900-\ufaff\u{2f800}-\u{2fa1f}]/gu;
const ACCENT = /\p{Mn}/gu;
// ASCII's punctuation has symbols among it that Unicode does not count as such
const PIECE = /[!-/:-@[-`{-~\p{P}]|[^!-/:-@[-`{-~\p{P} ]+/gu;
const ASCII = /^[!-~]+$/;

/** Cuts texts into the tokens of BERT's models (WordPiece), as the server does. */
export class WordPiece {
  readonly #vocabulary: ReadonlyMap<string, number>;
  readonly #unknown: number;
  readonly #prefix: string;
  readonly #longestWord: number;
  readonly #before: readonly number[];
  readonly #behind: readonly number[];
  readonly #special: ReadonlyMap<string, number>;
  readonly #specials: RegExp | undefined;
  readonly #normalize: (word: string) => string;

  /**
   * Reads the text of a `tokenizer.json`.
   *
   * @throws ConfigurationError if it is another kind of tokenizer
   */
  constructor(json: string) {
    const file = JSON.parse(json) as TokenizerFile;
    const { model, normalizer = { type: 'none' }, pre_tokenizer: pre, post_processor: post } = file;
    if (model.type !== 'WordPiece' || normalizer.type !== 'BertNormalizer' || pre?.type !== 'BertPreTokenizer') {
      throw new ConfigurationError(`tokenizers of ${model.type} with ${normalizer.type} are not known here, only BERT's`);
    }
    if (post?.type !== 'TemplateProcessing' || !post.single || normalizer.clean_text === false) {
      throw new ConfigurationError("the tokenizer differs from BERT's");
    }
    this.#vocabulary = new Map(Object.entries(model.vocab));
    this.#unknown = this.#vocabulary.get(model.unk_token ?? '[UNK]')!;
    this.#prefix = model.continuing_subword_prefix ?? '##';
    this.#longestWord = model.max_input_chars_per_word ?? 100;
    const ids = (parts: typeof post.single): number[] =>
      parts!.flatMap(({ SpecialToken: token }) => (token ? post.special_tokens![token.id]!.ids : []));
    const text = post.single.findIndex(({ Sequence: sequence }) => sequence);
    this.#before = ids(post.single.slice(0, text));
    this.#behind = ids(post.single.slice(text + 1));
    this.#special = new Map((file.added_tokens ?? []).map(({ content, id }) => [content, id]));
    const names = [...this.#special.keys()].map((name) => name.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
    this.#specials = names.length > 0 ? new RegExp(`(${names.join('|')})`) : undefined;
    const { lowercase = true, handle_chinese_chars: spaces = true } = normalizer;
    this.#normalize = normalization(spaces, normalizer.strip_accents ?? lowercase, lowercase);
  }

  /**
   * The ids of a text's tokens.
   *
   * @param most special tokens included; what is more is cut off
   */
  encode(text: string, most: number): number[] {
    const room = most - this.#before.length - this.#behind.length;
    const ids: number[] = [];
    for (const part of this.#specials ? text.split(this.#specials) : [text]) {
      const special = this.#special.get(part);
      if (special !== undefined) ids.push(special);
      else this.#words(part, ids, room);
      if (ids.length >= room) break;
    }
    return [...this.#before, ...ids.slice(0, Math.max(0, room)), ...this.#behind];
  }

  #words(text: string, ids: number[], room: number): void {
    for (const [word] of text.matchAll(WORD)) {
      for (const [piece] of this.#normalize(word).matchAll(PIECE)) {
        this.#pieces(piece, ids);
        if (ids.length >= room) return;
      }
    }
  }

  /** The longest piece of the vocabulary that a word begins with, then that of its rest. */
  #pieces(word: string, ids: number[]): void {
    const whole = this.#vocabulary.get(word);
    const letters = ASCII.test(word) ? word : [...word];
    if (letters.length > this.#longestWord) return void ids.push(this.#unknown);
    if (whole !== undefined) return void ids.push(whole);
    const found: number[] = [];
    const part = (from: number, to: number): string =>
      typeof letters === 'string' ? letters.slice(from, to) : letters.slice(from, to).join('');
    for (let from = 0; from < letters.length;) {
      let to = letters.length;
      let id: number | undefined;
      for (; to > from; to--) {
        id = this.#vocabulary.get((from > 0 ? this.#prefix : '') + part(from, to));
        if (id !== undefined) break;
      }
      if (id === undefined) return void ids.push(this.#unknown);
      found.push(id);
      from = to;
    }
    ids.push(...found);
  }
}

function normalization(spaces: boolean, strip: boolean, lower: boolean): (word: string) => string {
  return (word) => {
    if (ASCII.test(word)) return lower ? word.toLowerCase() : word;
    let its = word.replace(VANISHES, '');
    if (spaces) its = its.replace(IDEOGRAPH, ' $& ');
    if (strip) its = its.normalize('NFD').replace(ACCENT, '');
    // letter by letter: what a letter becomes does not depend on where it stands
    return lower ? Array.from(its, (letter) => letter.toLowerCase()).join('') : its;
  };
}
