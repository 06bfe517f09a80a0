import eslint from '@eslint/js';
import nx from '@nx/eslint-plugin';
import tseslint from 'typescript-eslint';

const restrictedSyntax = [
  { selector: 'ExportAllDeclaration', message: 'Name what you export.' },
  {
    selector: "ImportDeclaration[source.value='zod'] :matches(ImportSpecifier, ImportDefaultSpecifier)",
    message: 'Write `import * as z`: behind its export z, bundlers keep all of zod, 350 KB more.',
  },
];
const familyPackages = ['@pffnet/pffnet', '@pffnet/dist-network', '@pffnet/pixel-networks'];
const beyondTheSeam = 'Know the role in @pffnet/network; @pffnet/families builds networks from configs and files.';
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
      'no-restricted-syntax': ['error', ...restrictedSyntax],
      '@nx/enforce-module-boundaries': [
        'error',
        {
          enforceBuildableLibDependency: true,
          allow: [],
          // The command loads packages when a verb needs them; others import the same ones at their head.
          checkDynamicDependenciesExceptions: ['.*'],
          depConstraints: [
            { sourceTag: 'layer:data', onlyDependOnLibsWithTags: [] },
            // The engines' tests share the testing tools of tensor-ops; no manifest lets their sources import it.
            { sourceTag: 'layer:ops', onlyDependOnLibsWithTags: ['layer:data', 'layer:ops'] },
            { sourceTag: 'layer:part', onlyDependOnLibsWithTags: partDependencies },
            { sourceTag: 'layer:role', onlyDependOnLibsWithTags: [...partDependencies, 'layer:part'] },
            {
              sourceTag: 'layer:wiring',
              onlyDependOnLibsWithTags: [...partDependencies, 'layer:part', 'layer:role', 'layer:wiring'],
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
    // Whoever trains, tests or reports a network knows its role alone: another family must need no change there.
    files: ['packages/{run-folder,training,runs,cli,experiments}/**/*.ts'],
    ignores: ['**/*.test.ts', 'packages/*/test/**'],
    rules: {
      'no-restricted-imports': ['error', { paths: familyPackages.map((name) => ({ name, message: beyondTheSeam })) }],
      'no-restricted-syntax': [
        'error',
        ...restrictedSyntax,
        {
          selector:
            'Identifier[name=/^(Pffnet|PffnetConfig|createPffnet|computeLosses|supervise|DistConfig|createDist|createDeepColoring|createDiscriminative|createNuclick)$/]',
          message: beyondTheSeam,
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
