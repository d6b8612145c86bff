import { fileURLToPath } from 'node:url';
import { playwright } from '@vitest/browser-playwright';
import { defineConfig } from 'vitest/config';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const alias = {
  '@akidb/sdk/sync/onnx': here('./src/sync/onnx/index.ts'),
  '@akidb/sdk/sync': here('./src/sync/index.ts'),
  '@akidb/sdk/pixeltable': here('./src/pixeltable/index.ts'),
  '@akidb/sdk': here('./src/index.ts'),
};
const server = ['./test/support/server.ts'];
const time = { testTimeout: 30_000, hookTimeout: 60_000 };

export default defineConfig({
  resolve: { alias },
  test: {
    projects: [
      // the types of test/types are checked by tsc
      { extends: true, test: { name: 'unit', include: ['test/unit/**/*.test.ts'] } },
      // test/server runs in Node and in a browser alike; test/package is about what is built into dist/
      {
        extends: true,
        test: { name: 'server', include: ['test/{server,node,package}/**/*.test.ts'], globalSetup: server, ...time },
      },
      {
        extends: true,
        // bundled before the tests begin: finding them in between would load the page anew
        // ONNX Runtime finds its WebAssembly beside itself, where it was installed
        optimizeDeps: { include: ['react', 'react-dom/client', 'react/jsx-dev-runtime'], exclude: ['onnxruntime-web'] },
        test: {
          name: 'browser',
          include: ['test/server/**/*.test.ts', 'test/browser/**/*.test.tsx'],
          globalSetup: server,
          ...time,
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            provider: playwright({
              launchOptions: { executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium', args: ['--no-sandbox'] },
            }),
            instances: [{ browser: 'chromium' }],
          },
        },
      },
    ],
  },
});
