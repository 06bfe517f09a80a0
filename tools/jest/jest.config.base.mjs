import { useSoftwareGpu } from './software-gpu.mjs';

useSoftwareGpu();

/**
 * One Jest configuration for every package: native ES modules, TypeScript through swc, and workspace imports that
 * resolve to sources (`@pffnet/source`), so that no build is needed before a test.
 *
 * @param {string} name the folder below `packages/`
 * @returns {import('jest').Config}
 */
export function jestConfig(name) {
  return {
    displayName: name,
    rootDir: new URL(`../../packages/${name}`, import.meta.url).pathname,
    testMatch: ['<rootDir>/src/**/*.test.ts', '<rootDir>/test/**/*.test.ts'],
    testEnvironment: 'node',
    testEnvironmentOptions: { customExportConditions: ['@pffnet/source', 'node', 'node-addons'] },
    extensionsToTreatAsEsm: ['.ts'],
    transform: {
      '\\.ts$': [
        '@swc/jest',
        { jsc: { target: 'es2022', parser: { syntax: 'typescript' } }, module: { type: 'es6' }, sourceMaps: 'inline' },
      ],
    },
  };
}
