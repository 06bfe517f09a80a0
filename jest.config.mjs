import { readdirSync } from 'node:fs';

export default {
  projects: ['tools', ...readdirSync(new URL('packages', import.meta.url)).map((name) => `packages/${name}`)].map(
    (folder) => `<rootDir>/${folder}`,
  ),
  reporters: ['default', '<rootDir>/tools/jest/count-reporter.mjs'],
  maxWorkers: 2,
  // Modules of finished test files stay in a worker's memory; a large worker is replaced.
  workerIdleMemoryLimit: '3GB',
  // Machines that run continuous integration are shared and slow; no test measures time.
  testTimeout: 120_000,
};
