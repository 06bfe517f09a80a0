import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { IsolatedStore } from './isolate.mjs';
import { build, pack } from './pack.mjs';
import { readJson, readPackages } from './packages.mjs';
import { readmeExample } from './readme-example.mjs';
import { setVersion } from './set-version.mjs';

const workspace = fileURLToPath(new URL('../..', import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), 'pffnet-packages-'));
const packages = readPackages(workspace).map((own) => ({ ...own, example: readmeExample(own.folder) }));
const addon = join(workspace, 'packages', 'tfjs-onednn', 'build', 'Release', 'tfjs_onednn.node');
const withExample = packages.filter(({ example }) => example !== undefined);
const needs = { 'tfjs-onednn': existsSync(addon), 'tfjs-webgpu': process.env.VK_DRIVER_FILES !== undefined };
const runnable = withExample.filter(({ name }) => needs[name] ?? true);
const plain = packages.map(({ manifest }) => manifest).filter(({ nx }) => nx.tags.includes('runtime:plain'));

let tarballs, store;

beforeAll(() => {
  build(workspace);
  tarballs = pack(workspace, join(scratch, 'tarballs'));
  store = new IsolatedStore(join(scratch, 'store'), workspace, new Map(tarballs.map(({ name, file }) => [name, file])));
});

afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const run = (cwd, ...args) => spawnSync(process.execPath, args, { cwd, encoding: 'utf8' });
const project = (name) => join(scratch, 'projects', name);

describe('a tarball', () => {
  test.each(packages.map(({ manifest }) => manifest.name))('of %s holds its licence and no test', (name) => {
    const { files } = tarballs.find((tarball) => tarball.name === name);
    expect(files).toEqual(expect.arrayContaining(['LICENSE', 'README.md', 'package.json']));
    expect(files.filter((file) => /\.test\.|(^|\/)testing\/|tsbuildinfo/.test(file))).toEqual([]);
  });

  test.each(packages.map(({ manifest }) => manifest.name))('of %s has source maps that point into it', (name) => {
    const { files } = tarballs.find((tarball) => tarball.name === name);
    const folder = packages.find(({ manifest }) => manifest.name === name).folder;
    const maps = files.filter((file) => file.endsWith('.map'));
    const sources = maps.flatMap((map) =>
      readJson(join(folder, map)).sources.map((source) => normalize(join(dirname(map), source))),
    );
    expect(sources.length).toBeGreaterThan(0);
    expect(sources.filter((source) => !files.includes(source))).toEqual([]);
  });

  test('asks for exactly its own version of our other packages', () => {
    for (const { manifest } of packages) {
      const { dependencies, optionalDependencies, peerDependencies } = manifest;
      const ranges = Object.entries({ ...dependencies, ...optionalDependencies, ...peerDependencies });
      const ours = ranges.filter(([name]) => name.startsWith('@pffnet/'));
      expect([manifest.name, ours]).toEqual([manifest.name, ours.map(([name]) => [name, manifest.version])]);
      expect([manifest.name, ranges.filter(([, range]) => range === '*')]).toEqual([manifest.name, []]);
    }
  });
});

describe('what is installed with a package', () => {
  test.each(plain.map(({ name }) => name))('%s brings no TensorFlow', (name) => {
    expect([...store.closure(name)].filter((other) => other.startsWith('@tensorflow/'))).toEqual([]);
  });

  test('@pffnet/metrics takes less than 1 MB in all', () => {
    const installed = [...store.closure('@pffnet/metrics')];
    expect(installed.sort()).toEqual(['@pffnet/metrics', '@pffnet/structures']);
    const bytes = installed.map((name) => tarballs.find((tarball) => tarball.name === name).unpackedSize);
    expect(bytes.reduce((a, b) => a + b)).toBeLessThan(1e6);
  });
});

describe('the example of a README, in an empty project', () => {
  beforeAll(() => {
    for (const { name, example } of withExample) {
      const folder = project(name);
      mkdirSync(folder, { recursive: true });
      store.install(folder, example.install);
      writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
      writeFileSync(join(folder, 'example.mjs'), example.code);
      writeFileSync(join(folder, 'example.ts'), example.code);
    }
    // What npm would compile after unpacking.
    if (existsSync(addon)) {
      const unpacked = join(project('tfjs-onednn'), 'node_modules', '@pffnet', 'tfjs-onednn');
      cpSync(addon, join(unpacked, 'build', 'Release', 'tfjs_onednn.node'));
    }
  });

  if (!existsSync(addon)) test.skip('tfjs-onednn: its addon is not built here (no compiler, or no oneDNN)', () => {});

  test.each(runnable.map(({ name }) => name))('%s says what to install and runs as it stands', (name) => {
    const { example, manifest } = packages.find((own) => own.name === name);
    expect(example.install).toContain(manifest.name);
    const { stdout, stderr, status } = run(project(name), 'example.mjs');
    expect([status, status === 0 ? '' : stderr]).toEqual([0, '']);
    expect(stdout).toBe(example.output);
  });

  test('each is right for the compiler under nodenext, strict, and so are our declarations', () => {
    const errors = [typeErrors('node', true), typeErrors('other', false)].flat();
    expect(errors).toEqual([]);
  });

  test('the command runs from its tarball', () => {
    store.install(project('cli'), ['@pffnet/cli']);
    const bin = join(project('cli'), 'node_modules', '@pffnet', 'cli', 'bin', 'pffnet.js');
    const { status, stdout, stderr } = run(project('cli'), bin, 'doctor');
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toContain('wasm      loads');
  });

  test('each package can be required by CommonJS', () => {
    for (const { name, manifest } of runnable) {
      const { status, stderr } = run(project(name), '-e', `require('${manifest.name}')`, '--input-type=commonjs');
      expect([name, status, status === 0 ? '' : stderr]).toEqual([name, 0, '']);
    }
  });
});

/** Errors in examples and in our own declarations; those of others have their own, which are not ours to mend. */
function typeErrors(group, usesNode) {
  const names = withExample.filter(({ example }) => example.code.includes("'node:") === usesNode);
  const compilerOptions = {
    module: 'nodenext',
    strict: true,
    noEmit: true,
    skipLibCheck: false,
    types: usesNode ? ['node'] : [],
    typeRoots: [join(workspace, 'node_modules', '@types')],
  };
  const config = join(scratch, 'projects', `tsconfig.${group}.json`);
  writeFileSync(config, JSON.stringify({ compilerOptions, files: names.map(({ name }) => `${name}/example.ts`) }));
  const compiler = join(workspace, 'node_modules', 'typescript', 'bin', 'tsc');
  const lines = run(dirname(config), compiler, '--project', config).stdout.split('\n');
  const inOthers = /^\S*node_modules\/(?!@pffnet)[^:]*: error/;
  return lines.filter((line) => line.includes('error TS') && !inOthers.test(line));
}

describe('setVersion', () => {
  test('writes one version everywhere and changes nothing else', () => {
    const copy = join(scratch, 'copy');
    for (const { folder, name } of packages) {
      cpSync(join(folder, 'package.json'), join(copy, 'packages', name, 'package.json'));
    }
    const files = ['package.json', 'package-lock.json', 'CITATION.cff'];
    for (const file of files) cpSync(join(workspace, file), join(copy, file));
    const { version } = packages[0].manifest;
    setVersion(copy, '7.8.9-beta.1');
    const all = [...files, ...packages.map(({ name }) => join('packages', name, 'package.json'))];
    for (const file of all) {
      expect(readFileSync(join(copy, file), 'utf8')).toContain('7.8.9-beta.1');
    }
    setVersion(copy, version);
    for (const file of all) {
      expect(readFileSync(join(copy, file), 'utf8')).toBe(readFileSync(join(workspace, file), 'utf8'));
    }
  });

  test('refuses what is no version', () => {
    expect(() => setVersion(workspace, 'next')).toThrow('next is no version; expected one like 1.2.3 or 1.2.3-beta.1');
  });
});

test('a dry run packs every package under the new version and leaves nothing behind', () => {
  const { stdout, status } = run(scratch, join(workspace, 'tools', 'release', 'release.mjs'), '7.8.9', '--dry-run');
  expect(status).toBe(0);
  for (const { name } of packages) expect(stdout).toContain(`pffnet-${name}-7.8.9.tgz`);
  expect(readPackages(workspace).filter(({ manifest }) => manifest.version === '7.8.9')).toEqual([]);
  expect(existsSync(join(scratch, 'release'))).toBe(false);
});
