import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readJson, readPackages } from './packages.mjs';

const RANGES = ['dependencies', 'optionalDependencies', 'peerDependencies', 'devDependencies'];

/**
 * Gives every package one version, and every range between them exactly this version: in each `package.json`, in the
 * lock file and in the citation.
 * @param {string} root the workspace
 * @param {string} version such as `1.2.3` or `1.2.3-beta.1`
 * @throws {RangeError} if it is no version
 */
export function setVersion(root, version) {
  if (!/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version)) {
    throw new RangeError(`${version} is no version; expected one like 1.2.3 or 1.2.3-beta.1`);
  }
  for (const { folder } of readPackages(root)) rewrite(join(folder, 'package.json'), (own) => stamp(own, version));
  rewrite(join(root, 'package.json'), (own) => ({ ...own, version }));
  rewrite(join(root, 'package-lock.json'), (lock) => {
    for (const [path, entry] of Object.entries(lock.packages)) {
      if (path.startsWith('packages/') && !path.includes('node_modules')) lock.packages[path] = stamp(entry, version);
    }
    lock.packages[''].version = version;
    return { ...lock, version };
  });
  const citation = join(root, 'CITATION.cff');
  if (existsSync(citation)) {
    writeFileSync(citation, readFileSync(citation, 'utf8').replace(/^version: .*$/m, `version: ${version}`));
  }
}

/** A manifest, or its entry in the lock file, with this version in it and in its ranges. */
function stamp(manifest, version) {
  const stamped = { ...manifest, version };
  for (const kind of RANGES) {
    if (manifest[kind] === undefined) continue;
    const ranges = Object.entries(manifest[kind]);
    stamped[kind] = Object.fromEntries(
      ranges.map(([name, range]) => [name, name.startsWith('@pffnet/') ? version : range]),
    );
  }
  return stamped;
}

function rewrite(file, change) {
  writeFileSync(file, `${JSON.stringify(change(readJson(file)), null, 2)}\n`);
}
