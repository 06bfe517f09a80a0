/** Tests of the tools: plain modules, which run the compiled packages. */
export default {
  displayName: 'tools',
  testMatch: ['<rootDir>/**/*.test.mjs'],
  testEnvironment: 'node',
  transform: {},
};
