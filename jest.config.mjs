import { readdirSync } from 'node:fs';

export default {
  projects: readdirSync(new URL('packages', import.meta.url)).map((name) => `<rootDir>/packages/${name}`),
  reporters: ['default', '<rootDir>/tools/jest/count-reporter.mjs'],
  maxWorkers: 2,
  // Modules of finished test files stay in a worker's memory; a large worker is replaced.
  workerIdleMemoryLimit: '3GB',
  // Machines that run continuous integration are shared and slow; no test measures time.
  testTimeout: 120_000,
};
