// Made by scripts/kernel.mjs, which says what it does; do not edit.
const BASE64 =
  'AGFzbQEAAAABCQFgBX9/f39/AAIIAQFtAW0CAAEDAgEABwgBBGRvdHMAAArAAQG9AQICfwN7AkADQCADRQ0B/QwAAAAAAAAAAAAAAAAAAAAAIQj9DAAAAAAAAAAAAAAAAAAAAAAhCSAAIQUgASACaiEGA0AgAf0ABAAiB/2HASAF/QAEAP26ASAI/a4BIQggB/2IASAF/QAEEP26ASAJ/a4BIQkgBUEgaiEFIAFBEGoiASAGSQ0ACyAEIAggCf2uASII/RsAIAj9GwFqIAj9GwJqIAj9GwNqNgIAIARBBGohBCADQX9qIQMMAAsLCw==';

/** WebAssembly with SIMD that multiplies 8-bit codes with a 16-bit query. */
export const KERNEL: Uint8Array<ArrayBuffer> = Uint8Array.from(atob(BASE64), (character) => character.charCodeAt(0));
