/**
 * Compiles the addon when this package is installed. Where oneDNN or a compiler is missing it says so in one line and
 * succeeds: everything else works without it, on WebAssembly.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = dirname(dirname(fileURLToPath(import.meta.url)));
const advice = {
  linux: 'apt-get install libdnnl-dev g++ make python3 (Debian, Ubuntu) or conda install onednn',
  darwin: 'brew install onednn',
};

/** Where oneDNN may be: a prefix with include/ and lib/; the empty one stands for the compiler's own places. */
function prefixes() {
  const found = [process.env.ONEDNN_ROOT, process.env.CONDA_PREFIX];
  if (process.platform === 'darwin') {
    const brew = spawnSync('brew', ['--prefix', 'onednn'], { encoding: 'utf8' });
    if (brew.status === 0) found.push(brew.stdout.trim());
  }
  return [...found.filter((prefix) => prefix !== undefined && prefix !== ''), '/usr/local', '/usr'];
}

const prefix = prefixes().find((place) => existsSync(join(place, 'include', 'dnnl.hpp')));

function say(line) {
  process.stdout.write(`${line}\n`);
}

function skip(reason) {
  const remedy = advice[process.platform] ?? 'https://github.com/oneapi-src/oneDNN';
  say(
    `@pffnet/tfjs-onednn: ${reason}; everything works without it, slower. To add it: ${remedy}, then npm rebuild @pffnet/tfjs-onednn`,
  );
  process.exit(0);
}

/** node-gyp comes with npm, which says where it is. */
function nodeGyp() {
  const [own, wrapped] = [process.env.npm_config_node_gyp, process.env.npm_execpath];
  if (own !== undefined && existsSync(own)) return own;
  const beside =
    wrapped === undefined ? '' : join(dirname(wrapped), '..', 'node_modules', 'node-gyp', 'bin', 'node-gyp.js');
  if (existsSync(beside)) return beside;
  const npm = join(dirname(process.execPath), '..', 'lib', 'node_modules', 'npm');
  return join(npm, 'node_modules', 'node-gyp', 'bin', 'node-gyp.js');
}

if (process.platform === 'win32') skip('there is no build for Windows yet');
if (prefix === undefined) skip('oneDNN is not installed');
const gyp = nodeGyp();
if (!existsSync(gyp)) skip('node-gyp was not found (it comes with npm)');

const system = prefix === '/usr' || prefix === '/usr/local';
const headers = join(dirname(process.execPath), '..');
const parameters = ['rebuild', '--silent'];
if (existsSync(join(headers, 'include', 'node', 'node_api.h'))) parameters.push(`--nodedir=${headers}`);
if (!system)
  parameters.push('--', `-Donednn_include=${join(prefix, 'include')}`, `-Donednn_lib=${join(prefix, 'lib')}`);
try {
  execFileSync(process.execPath, [gyp, ...parameters], {
    cwd: folder,
    env: { ...process.env, JOBS: '2' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  say('@pffnet/tfjs-onednn: compiled');
} catch (error) {
  const said =
    String(error.stderr ?? error.message)
      .split('\n')
      .find((line) => /error/i.test(line)) ?? 'the compiler failed';
  skip(`it could not be compiled (${said.trim().slice(0, 200)})`);
}
