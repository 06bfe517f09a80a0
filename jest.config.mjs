import { readdirSync } from 'node:fs';

export default {
  projects: readdirSync(new URL('packages', import.meta.url)).map((name) => `<rootDir>/packages/${name}`),
  reporters: ['default', '<rootDir>/tools/jest/count-reporter.mjs'],
  maxWorkers: 2,
};
