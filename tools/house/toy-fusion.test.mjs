import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from '@jest/globals';
import { transformSync } from '@swc/core';

const root = fileURLToPath(new URL('../../', import.meta.url));
const copies = join(root, 'node_modules/.cache/toy-fusion');
afterAll(() => rmSync(copies, { recursive: true, force: true }));

/** The mean of the map and the map with all logits added: a fusion that nobody has. */
const average = `import { add, mul } from '@tensorflow/tfjs-core';
import type { ParamScope } from '@pffnet/tensor-ops';
import * as z from 'zod';
import type { FusionKind, InContext } from './fusion-kind.ts';
import { pastingOptions } from './fusion-options.ts';
import { PastingFusion } from './pasting-fusion.ts';
import { rule } from './summation.ts';

const schema = z.strictObject({ kind: z.literal('average'), ...pastingOptions }).describe('(F + M) / 2');

export const average = {
  schema,
  create: (scope: ParamScope, config: InContext<typeof schema>) =>
    new PastingFusion(scope, config, { ...rule, apply: (map, effect) => mul(0.5, add(map, effect)) }),
} satisfies FusionKind;
`;

/** What a person changes to add a kind: file by file, from the text before. */
const kind = {
  'packages/fusion/src/average.ts': () => average,
  'packages/fusion/src/fusions.ts': (before) =>
    `import { average } from './average.ts';\n${before.replace('residualAttention] as const', 'residualAttention, average] as const')}`,
};

/** What gives a network with that kind a name in tables. */
const named = {
  'packages/pffnet/src/variants.ts': (before) =>
    before.replace(
      "  attention: {\n    title: 'fusion: attention'",
      "  average: { title: 'fusion: average', patch: { instanceSemantics: { fusion: { kind: 'average' } } } },\n$&",
    ),
};

/** A copy of the tree with some changes, as after `npm run build`. */
function copyOfTree(name, changes) {
  const copy = join(copies, name);
  const needed = (path) =>
    !['node_modules', 'out-tsc', 'build', 'pictures', 'results', 'test'].includes(basename(path));
  for (const part of ['packages', 'docs', 'tools/docs', 'tools/markdown.mjs'])
    cpSync(join(root, part), join(copy, part), { recursive: true, filter: needed });
  mkdirSync(join(copy, 'node_modules/@pffnet'), { recursive: true });
  for (const one of readdirSync(join(copy, 'packages'))) {
    symlinkSync(join(copy, 'packages', one), join(copy, 'node_modules/@pffnet', one));
  }
  for (const [file, change] of Object.entries(changes)) {
    const path = join(copy, file);
    const before = file.endsWith('average.ts') ? '' : readFileSync(path, 'utf8');
    const after = change(before);
    expect(after).not.toBe(before);
    writeFileSync(path, after);
    const { code } = transformSync(after, { jsc: { target: 'es2022', parser: { syntax: 'typescript' } } });
    writeFileSync(
      path.replace('/src/', '/dist/').replace(/ts$/, 'js'),
      code.replaceAll(".ts'", ".js'").replaceAll('.ts"', '.js"'),
    );
  }
  return copy;
}

const writeTables = (copy) =>
  execFileSync('node', ['tools/docs/write-option-tables.mjs'], { cwd: copy, encoding: 'utf8' });

/** The sources and documents in which a copy differs from the tree. */
function changedFiles(copy) {
  const textIn = (folder, file) => {
    try {
      return readFileSync(join(folder, file), 'utf8');
    } catch {
      return null;
    }
  };
  return ['packages', 'docs']
    .flatMap((part) => readdirSync(join(copy, part), { recursive: true }).map((file) => join(part, file)))
    .filter((file) => /\.(ts|md|json)$/.test(file) && !file.includes('/dist/'))
    .filter((file) => textIn(copy, file) !== textIn(root, file))
    .sort();
}

/** What a program prints that runs in a copy, or how it fails. */
function run(copy, program) {
  const script = join(copy, 'program.mjs');
  writeFileSync(script, program);
  const { status, stdout, stderr } = spawnSync('node', [script], { encoding: 'utf8' });
  return status === 0 ? stdout : stderr;
}

const fuses = `
import '@tensorflow/tfjs-backend-cpu';
import { resolveConfig } from '@pffnet/families';
import { createFusion } from '@pffnet/fusion';
import { ParamScope } from '@pffnet/tensor-ops';
import { ones, zeros } from '@tensorflow/tfjs-core';
const settings = ['fidelity=released-code', 'instanceSemantics.fusion.kind=average'];
const { fusion } = resolveConfig({ base: 'smoke', source: 'test', settings }).instanceSemantics;
console.log(JSON.stringify(fusion));
const module = createFusion(ParamScope.root(0), { ...fusion, head: 'none', geometry: 'continuous' });
const map = module.fuse({ features: ones([1, 2, 2, 2]), maskLogits: zeros([1, 28, 28, 2]), boxes: Float32Array.of(0, 0, 2, 2) });
console.log(map.dataSync().join(' '));
for (const refuse of [
  () => createFusion(ParamScope.root(0), { kind: 'averag' }),
  () => resolveConfig({ base: 'smoke', source: 'test', settings: ['instanceSemantics.fusion.kind=averag'] }),
]) {
  try {
    refuse();
  } catch ({ message }) {
    console.log(message);
  }
}
`;

const kinds = 'none, replacement, summation, attention, residual-attention or average';

describe('a kind of fusion is its own file and one line in the list', () => {
  test('and then configs, readings of the paper, messages and documents know it', () => {
    const copy = copyOfTree('whole', kind);
    expect(run(copy, fuses).split('\n')).toEqual([
      '{"kind":"average","head":"refine","detachMask":false,"window":"released-extent-swap"}',
      '0.5 0.5 0.5 0.5 0.5 0.5 0.5 0.5',
      `fusion.kind: expected ${kinds}, got averag`,
      `--set instanceSemantics.fusion.kind=averag: instanceSemantics.fusion.kind is "averag"; expected ${kinds}; did you mean average?`,
      '',
    ]);
    expect(changedFiles(copy)).toEqual(Object.keys(kind));
    // What npm run docs:config writes; tools/docs/option-tables.test.mjs asks for it.
    expect(writeTables(copy)).not.toBe('');
    expect(writeTables(copy)).toBe('');
    const documents = ['docs/config.md', 'packages/fusion/README.md'];
    expect(changedFiles(copy)).toEqual([...documents, ...Object.keys(kind)].sort());
    for (const name of documents) expect(readFileSync(join(copy, name), 'utf8')).toContain('`average`: (F + M) / 2');
  });

  test('without the line nobody knows it', () => {
    const { 'packages/fusion/src/average.ts': file } = kind;
    expect(run(copyOfTree('without-line', { 'packages/fusion/src/average.ts': file }), fuses)).toContain(
      'instanceSemantics.fusion.kind is "average"; expected none,',
    );
  });

  test('without the file nothing loads', () => {
    const { 'packages/fusion/src/fusions.ts': line } = kind;
    expect(run(copyOfTree('without-file', { 'packages/fusion/src/fusions.ts': line }), fuses)).toContain(
      'Cannot find module',
    );
  });
});

test('a name of its own in tables is one entry: the command, the matrices, reports and documents know it', () => {
  const copy = copyOfTree('named', { ...kind, ...named });
  const titles = `
import { matrices } from '@pffnet/experiments';
import { variantNamed } from '@pffnet/families';
const { title, patch } = variantNamed('average', '--variant');
console.log(title, JSON.stringify(patch));
console.log(matrices.find(({ name }) => name === 'ci').blocks[0].variants.filter(({ name }) => name === 'average').map(({ title }) => title).join());
`;
  expect(run(copy, titles).split('\n')).toEqual([
    'fusion: average {"instanceSemantics":{"fusion":{"kind":"average"}}}',
    'fusion: average',
    '',
  ]);
  writeTables(copy);
  expect(changedFiles(copy)).toEqual(
    [
      'docs/config.md',
      'docs/how-to/ablate-by-hand.md',
      'packages/fusion/README.md',
      ...Object.keys(kind),
      ...Object.keys(named),
    ].sort(),
  );
});
