/**
 * Compiles the addon when this package is installed. Where oneDNN or a compiler is missing it says so in one line and
 * succeeds: everything else works without it, on WebAssembly.
 */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findOnednn, remedy } from './find-onednn.mjs';

const folder = dirname(dirname(fileURLToPath(import.meta.url)));
const onednn = findOnednn();

function say(line) {
  process.stdout.write(`${line}\n`);
}

function skip(reason) {
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
if (onednn === undefined) {
  skip(
    process.env.ONEDNN_ROOT
      ? `there is no oneDNN in ONEDNN_ROOT, ${process.env.ONEDNN_ROOT}`
      : 'oneDNN is not installed',
  );
}
const gyp = nodeGyp();
if (!existsSync(gyp)) skip('node-gyp was not found (it comes with npm)');

const headers = join(dirname(process.execPath), '..');
const parameters = ['rebuild', '--silent'];
if (existsSync(join(headers, 'include', 'node', 'node_api.h'))) parameters.push(`--nodedir=${headers}`);
if (!onednn.system) parameters.push('--', `-Donednn_include=${onednn.include}`, `-Donednn_lib=${onednn.library}`);
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
