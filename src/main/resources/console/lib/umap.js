// A worker that lays vectors out by UMAP: what is near in all dimensions stays near in two. It gets the vectors once, says how far it
// is, and then places other vectors among them.
import { UMAP } from '../vendor/umap.js';

/** @typedef {{ vectors: Float32Array, dimension: number }} Given */

const NEIGHBOURS = 15;
/** Where a query is put: amid so many of its nearest. */
const AMID = 5;

/** @type {Float32Array} */
let vectors = new Float32Array();
let dimension = 1;
/** @type {number[][]} */
let places = [];

/** Makes a vector as long as 1. @param {Float32Array} vector */
function unit(vector) {
  const length = Math.hypot(...vector) || 1;
  for (let at = 0; at < vector.length; at++) vector[at] /= length;
  return vector;
}

/** The rows most like a vector, the best first. @param {Float32Array} vector @param {number} many @returns {{ row: number, alike: number }[]} */
function nearest(vector, many) {
  const rows = vectors.length / dimension;
  const best = /** @type {{ row: number, alike: number }[]} */ ([]);
  for (let row = 0; row < rows; row++) {
    let alike = 0;
    for (let at = 0, from = row * dimension; at < dimension; at++) alike += vector[at] * vectors[from + at];
    if (best.length === many && alike <= best[many - 1].alike) continue;
    let place = best.length;
    while (place > 0 && best[place - 1].alike < alike) place--;
    best.splice(place, 0, { row, alike });
    if (best.length > many) best.pop();
  }
  return best;
}

/** A stream of numbers from 0 to 1 that is the same each time (mulberry32), so that a map is. */
function numbers() {
  let state = 20_011;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** @param {Given} given */
function lay(given) {
  ({ vectors, dimension } = given);
  const rows = vectors.length / dimension;
  for (let row = 0; row < rows; row++) unit(vectors.subarray(row * dimension, (row + 1) * dimension));
  const indices = /** @type {number[][]} */ ([]);
  const distances = /** @type {number[][]} */ ([]);
  const neighbours = Math.min(NEIGHBOURS, rows - 1);
  for (let row = 0; row < rows; row++) {
    const near = nearest(vectors.subarray(row * dimension, (row + 1) * dimension), neighbours);
    indices.push(near.map((one) => one.row));
    distances.push(near.map(({ alike }) => Math.max(0, 1 - alike)));
    if (row % 50 === 0) postMessage({ part: (0.5 * row) / rows });
  }
  const umap = new UMAP({ nNeighbors: neighbours, minDist: 0.1, random: numbers() });
  umap.setPrecomputedKNN(indices, distances);
  const epochs = umap.initializeFit(Array.from({ length: rows }, (_, row) => [row]));
  for (let epoch = 0; epoch < epochs; epoch++) {
    umap.step();
    if (epoch % 10 === 0) postMessage({ part: 0.5 + (0.5 * epoch) / epochs });
  }
  places = umap.getEmbedding();
  postMessage({ places: Float32Array.from(places.flat()) });
}

/** @param {Float32Array} vector @param {number} of the number of the question */
function place(vector, of) {
  const near = nearest(unit(vector), AMID);
  const weights = near.map(({ alike }) => Math.exp(20 * (alike - near[0].alike)));
  const all = weights.reduce((sum, weight) => sum + weight, 0);
  const along = (/** @type {0 | 1} */ axis) =>
    near.reduce((sum, { row }, at) => sum + (weights[at] / all) * places[row][axis], 0);
  postMessage({ of, x: along(0), y: along(1) });
}

addEventListener('message', ({ data }) => ('query' in data ? place(data.query, data.of) : lay(data)));
