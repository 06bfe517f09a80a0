import eslint from '@eslint/js';
import nx from '@nx/eslint-plugin';
import tseslint from 'typescript-eslint';

const partDependencies = ['layer:data', 'layer:ops'];

export default tseslint.config(
  { ignores: ['**/dist', '**/build', '**/out-tsc', '**/node_modules', '**/.nx', 'tools/golden', '**/jest.config.mjs'] },
  eslint.configs.recommended,
  ...tseslint.configs.strict,
  {
    plugins: { '@nx': nx },
    rules: {
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/consistent-type-imports': 'error',
      'no-console': 'error',
      'no-restricted-exports': ['error', { restrictDefaultExports: { direct: true } }],
      'no-restricted-syntax': [
        'error',
        { selector: 'ExportAllDeclaration', message: 'Name what you export.' },
        {
          selector: "ImportDeclaration[source.value='zod'] :matches(ImportSpecifier, ImportDefaultSpecifier)",
          message: 'Write `import * as z`: behind its export z, bundlers keep all of zod, 350 KB more.',
        },
      ],
      '@nx/enforce-module-boundaries': [
        'error',
        {
          enforceBuildableLibDependency: true,
          allow: [],
          depConstraints: [
            { sourceTag: 'layer:data', onlyDependOnLibsWithTags: [] },
            { sourceTag: 'layer:ops', onlyDependOnLibsWithTags: ['layer:data'] },
            { sourceTag: 'layer:part', onlyDependOnLibsWithTags: partDependencies },
            {
              sourceTag: 'layer:wiring',
              onlyDependOnLibsWithTags: [...partDependencies, 'layer:part', 'layer:wiring'],
            },
            { sourceTag: 'layer:tool', onlyDependOnLibsWithTags: ['*'] },
            {
              sourceTag: 'runtime:plain',
              onlyDependOnLibsWithTags: ['runtime:plain'],
              bannedExternalImports: ['@tensorflow/*'],
            },
          ],
        },
      ],
    },
  },
  {
    files: ['**/*.test.ts', '**/testing/**/*.ts'],
    rules: { '@typescript-eslint/no-non-null-assertion': 'off' },
  },
  {
    // Configs are read by their default export; tools are programs that print.
    files: ['**/*.mjs', '**/bin/*.js'],
    languageOptions: {
      globals: { process: 'readonly', URL: 'readonly', console: 'readonly', performance: 'readonly' },
    },
    rules: { 'no-restricted-exports': 'off', 'no-console': 'off' },
  },
);
