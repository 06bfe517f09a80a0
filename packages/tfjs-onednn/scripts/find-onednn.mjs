import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** What to run to get oneDNN and a compiler, by platform. */
export const remedy =
  {
    linux: 'apt-get install libdnnl-dev g++ make python3 (Debian, Ubuntu) or conda install onednn',
    darwin: 'brew install onednn',
  }[process.platform] ?? 'https://github.com/oneapi-src/oneDNN';

/**
 * Where oneDNN is, or undefined: `ONEDNN_ROOT` if it is set, else conda's, Homebrew's and the system's places.
 * `system` ones are known to the compiler anyway.
 */
export function findOnednn() {
  for (const prefix of prefixes()) {
    const include = join(prefix, 'include');
    const libraries = ['lib', 'lib64', `lib/${{ x64: 'x86_64', arm64: 'aarch64' }[process.arch]}-linux-gnu`];
    const library = libraries
      .map((name) => join(prefix, name))
      .find((folder) => ['libdnnl.so', 'libdnnl.dylib'].some((file) => existsSync(join(folder, file))));
    if (library === undefined || !existsSync(join(include, 'dnnl.hpp'))) continue;
    return { include, library, system: prefix === '/usr' || prefix === '/usr/local' };
  }
  return undefined;
}

function prefixes() {
  const { ONEDNN_ROOT, CONDA_PREFIX } = process.env;
  if (ONEDNN_ROOT) return [ONEDNN_ROOT];
  const found = CONDA_PREFIX ? [CONDA_PREFIX] : [];
  if (process.platform === 'darwin') {
    const brew = spawnSync('brew', ['--prefix', 'onednn'], { encoding: 'utf8' });
    if (brew.status === 0) found.push(brew.stdout.trim());
  }
  return [...found, '/usr/local', '/usr'];
}
