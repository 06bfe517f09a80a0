import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import ts from 'typescript';
import { readPackages } from '../release/packages.mjs';
import { findCircles } from './find-circles.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const packages = readPackages(root);
const imports = new Map(packages.flatMap(({ name, folder }) => importsOf(name, folder)));
const sources = new Map([...imports].map(([path, names]) => [path, names.flatMap((name) => target(path, name))]));

/** Every source file that is shipped, from the repository's root, with the names that it imports. */
function importsOf(name, folder) {
  const files = readdirSync(join(folder, 'src'), { recursive: true }).filter(
    (file) => file.endsWith('.ts') && !file.endsWith('.test.ts'),
  );
  return files.map((file) => {
    const path = join('packages', name, 'src', file);
    const { importedFiles } = ts.preProcessFile(readFileSync(join(root, path), 'utf8'));
    return [path, importedFiles.map(({ fileName }) => fileName)];
  });
}

/** The file of ours that an import names; none for packages of others. */
function target(from, name) {
  if (name.startsWith('.')) return [join(dirname(from), name)];
  if (!name.startsWith('@pffnet/')) return [];
  const [, folder, ...entry] = name.split('/');
  const own = packages.find((other) => other.name === folder);
  const exported = own?.manifest.exports[['.', ...entry].join('/')];
  return exported === undefined ? [] : [join('packages', folder, exported['@pffnet/source'])];
}

const packageOf = (path) => path.split('/')[1];

describe('findCircles', () => {
  test('gives the nodes of each circle', () => {
    const edges = { a: ['b'], b: ['c', 'd'], c: ['a'], d: ['e'], e: [], f: ['f'] };
    expect(findCircles(new Map(Object.entries(edges)))).toEqual([['a', 'b', 'c'], ['f']]);
    expect(findCircles(new Map(Object.entries({ a: ['b', 'c'], b: ['c'], c: [] })))).toEqual([]);
    expect(findCircles(new Map())).toEqual([]);
  });
});

describe('imports', () => {
  test('are found: the command reaches every package', () => {
    const seen = new Set();
    const queue = [...sources.keys()].filter((path) => packageOf(path) === 'cli');
    for (let path = queue.pop(); path !== undefined; path = queue.pop()) {
      if (seen.has(path)) continue;
      seen.add(path);
      queue.push(...(sources.get(path) ?? []));
    }
    const unreached = packages
      .map(({ name }) => name)
      .filter((name) => ![...seen].some((path) => packageOf(path) === name));
    expect(unreached).toEqual(['tfjs-onednn']); // loaded by name, if it is there
  });

  test('between files make no circle, those of types included', () => {
    expect(findCircles(sources)).toEqual([]);
  });

  test('between packages make no circle', () => {
    const edges = new Map(packages.map(({ name }) => [name, []]));
    for (const [path, targets] of sources) {
      edges.get(packageOf(path)).push(...targets.map(packageOf).filter((name) => name !== packageOf(path)));
    }
    expect(findCircles(edges)).toEqual([]);
  });

  test.each(packages.map(({ name }) => name))('of %s are declared by its manifest', (name) => {
    const { manifest } = packages.find((own) => own.name === name);
    const { dependencies, optionalDependencies, peerDependencies } = manifest;
    const all = { ...dependencies, ...optionalDependencies, ...peerDependencies };
    const declared = new Set([manifest.name, ...Object.keys(all)]);
    const asked = [...imports].flatMap(([path, names]) =>
      packageOf(path) === name && !path.includes('/testing/') ? names : [],
    );
    const others = asked.filter((other) => !other.startsWith('.') && !other.startsWith('node:'));
    const roots = others.map((other) => other.split('/', other.startsWith('@') ? 2 : 1).join('/'));
    expect([...new Set(roots)].filter((other) => !declared.has(other))).toEqual([]);
  });
});
