import { defineConfig, type ViteUserConfig } from 'vitest/config';

const config: ViteUserConfig = defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['**/node_modules/**'],
    isolate: false,
    pool: 'threads',
    testTimeout: 30_000,
    // .ci/run reads the numbers from the file.
    ...(process.env.CI
      ? { reporters: ['default', ['json', { outputFile: 'coverage/test-results.json' }]] }
      : {}),
  },
});
export default config;
