/**
 * Gives all packages a version and packs them: `node tools/release/release.mjs 0.2.0 [--out <folder>] [--dry-run]`.
 * The tarballs go to `release/` by default. A dry run works on a copy and leaves nothing behind. Nothing is published:
 * `npm publish release/<file>` does that, file by file. Exit code 2 if the request is wrong.
 */
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { build, pack } from './pack.mjs';
import { setVersion } from './set-version.mjs';

const checkout = fileURLToPath(new URL('../..', import.meta.url));

try {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { out: { type: 'string', default: 'release' }, 'dry-run': { type: 'boolean', default: false } },
  });
  if (positionals.length !== 1) throw new RangeError('expected one version, such as 0.2.0');
  release(positionals[0], values);
} catch (error) {
  if (!(error instanceof RangeError || error instanceof TypeError)) throw error;
  console.error(`release: ${error.message}`);
  process.exitCode = 2;
}

function release(version, { out, 'dry-run': dry }) {
  const scratch = dry ? mkdtempSync(join(tmpdir(), 'pffnet-release-')) : undefined;
  try {
    const root = scratch === undefined ? checkout : join(scratch, 'workspace');
    if (dry) copyWorkspace(root);
    setVersion(root, version);
    if (!dry) build(root);
    const tarballs = pack(root, dry ? join(scratch, 'release') : resolve(out));
    for (const { file, size } of tarballs) console.log(`${basename(file)}  ${(size / 1000).toFixed(0)} KB`);
    console.log(
      dry ? 'A dry run: nothing was changed.' : `Next: commit, tag v${version}, and npm publish each file in ${out}`,
    );
  } finally {
    if (scratch !== undefined) rmSync(scratch, { recursive: true, force: true });
  }
}

/** What is packed, and what names the version; compiled in its own place first. */
function copyWorkspace(root) {
  build(checkout);
  const left = new Set(['node_modules', 'out-tsc', 'build']);
  for (const name of ['packages', 'package.json', 'package-lock.json', 'CITATION.cff']) {
    cpSync(join(checkout, name), join(root, name), { recursive: true, filter: (path) => !left.has(basename(path)) });
  }
}
