/**
 * Module hooks under which tfjs-core's published tests run in Node. They are ES modules for a bundler: imports without
 * file endings, in files that Node takes for CommonJS. All of `@tensorflow/tfjs-core` and its CPU backend resolve to the
 * same files that the tests import, so that there is one engine; our own sources are TypeScript.
 */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { transformSync } from '@swc/core';

const require = createRequire(import.meta.url);
const distOf = (name) => join(dirname(require.resolve(`@tensorflow/${name}/package.json`)), 'dist');
const dists = ['tfjs-core', 'tfjs-backend-cpu'].map((name) => [`@tensorflow/${name}`, distOf(name)]);
const isPublished = (path) => dists.some(([, dist]) => path.startsWith(dist));

export async function resolve(specifier, context, next) {
  for (const [name, dist] of dists) {
    if (specifier === name) return found(join(dist, 'index.js'));
    if (specifier.startsWith(`${name}/dist/`)) return found(fileFor(join(dist, specifier.slice(name.length + 6))));
  }
  if (specifier.startsWith('.') && context.parentURL !== undefined) {
    const parent = fileURLToPath(context.parentURL);
    if (isPublished(parent)) return found(fileFor(join(dirname(parent), specifier)));
  }
  return next(specifier, context);
}

export async function load(url, context, next) {
  if (!url.startsWith('file:')) return next(url, context);
  const path = fileURLToPath(url);
  if (isPublished(path)) {
    // jasmine_util reaches into the jasmine of its day, to set a time limit; it gets the one that runs.
    // Libraries that are CommonJS are imported there as a bundler would: everything is the default export.
    const source = readFileSync(path, 'utf8')
      .replace("require('jasmine-core/lib/jasmine-core/jasmine.js')", '{ core: () => jasmine }')
      .replace(
        /import \* as (seedrandom|LongExports|long_1|\w*[Ll]ong\w*) from '(seedrandom|long)'/g,
        "import $1 from '$2'",
      );
    const prelude = source.includes('require(')
      ? "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url); "
      : '';
    return { format: 'module', source: prelude + source, shortCircuit: true };
  }
  if (path.endsWith('.ts')) {
    const { code } = transformSync(readFileSync(path, 'utf8'), {
      jsc: { target: 'es2022', parser: { syntax: 'typescript' } },
      module: { type: 'es6' },
    });
    return { format: 'module', source: code, shortCircuit: true };
  }
  return next(url, context);
}

const found = (path) => ({ url: pathToFileURL(path).href, shortCircuit: true });
const fileFor = (path) =>
  [path, `${path}.js`, join(path, 'index.js')].find((file) => existsSync(file) && /\.js$/.test(file)) ?? path;
