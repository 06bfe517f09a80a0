import { useSoftwareGpu } from './jest/software-gpu.mjs';

useSoftwareGpu();

/** Tests of the tools: plain modules, which run the compiled packages. */
export default {
  displayName: 'tools',
  testMatch: ['<rootDir>/**/*.test.mjs'],
  testEnvironment: 'node',
  transform: {},
};
