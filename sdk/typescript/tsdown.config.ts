import { defineConfig } from 'tsdown';

export default defineConfig([
  {
    entry: ['src/index.ts', 'src/pixeltable/index.ts', 'src/sync/index.ts', 'src/sync/onnx/index.ts'],
    format: ['esm', 'cjs'],
    platform: 'neutral',
    target: 'es2022',
    dts: true,
  },
  {
    entry: { 'bin/akidb-types': 'src/bin/akidb-types.ts' },
    format: ['esm'],
    platform: 'node',
    target: 'node20',
    dts: false,
    clean: false,
  },
]);
