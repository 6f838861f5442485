import { defineConfig, type ViteUserConfig } from 'vitest/config';

const config: ViteUserConfig = defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['**/node_modules/**'],
    isolate: false,
    pool: 'threads',
    testTimeout: 30_000,
  },
});
export default config;
