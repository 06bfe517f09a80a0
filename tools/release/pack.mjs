import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { readPackages } from './packages.mjs';

/**
 * Compiles every package. What an earlier build left of sources that are gone goes too: it would be packed.
 * @param {string} root the workspace
 */
export function build(root) {
  const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  execFileSync(process.execPath, [compiler, '--build', 'tsconfig.build.json'], { cwd: root, stdio: 'inherit' });
  for (const { folder } of readPackages(root)) {
    for (const file of readdirSync(join(folder, 'dist'), { recursive: true })) {
      const source = /^(.*?)(\.d\.ts|\.js)(\.map)?$/.exec(file)?.[1];
      if (source !== undefined && !existsSync(join(folder, 'src', `${source}.ts`))) rmSync(join(folder, 'dist', file));
    }
  }
}

/**
 * Makes the tarball of every package, as npm would publish it.
 * @param {string} root a workspace that is built
 * @param {string} destination a folder for the tarballs
 * @returns {{ name: string, version: string, file: string, size: number, unpackedSize: number, files: string[] }[]}
 */
export function pack(root, destination) {
  mkdirSync(destination, { recursive: true });
  const folders = readPackages(root).map(({ folder }) => folder);
  const options = ['--json', '--ignore-scripts', '--pack-destination', destination];
  const printed = execFileSync('npm', ['pack', ...folders, ...options], {
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return Object.values(JSON.parse(printed)).map(({ name, version, filename, size, unpackedSize, files }) => ({
    name,
    version,
    file: join(destination, filename),
    size,
    unpackedSize,
    files: files.map(({ path }) => path),
  }));
}
