// What the console uses of vendor/umap.js.
export class UMAP {
  constructor(parameters: { nNeighbors?: number; minDist?: number; random?: () => number });
  setPrecomputedKNN(indices: number[][], distances: number[][]): void;
  initializeFit(rows: number[][]): number;
  step(): number;
  getEmbedding(): number[][];
}
