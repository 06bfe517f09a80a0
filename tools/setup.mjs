/**
 * `npm run setup`, before or after `npm ci`: gets oneDNN, so that training on a CPU is fast. On Debian and Ubuntu, as
 * root, it installs the package; elsewhere it says what to run. It never fails: everything works without oneDNN, slower.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { findOnednn, remedy } from '../packages/tfjs-onednn/scripts/find-onednn.mjs';

const packages = ['libdnnl-dev', 'g++', 'make', 'python3'];
const succeeds = (command, ...parameters) =>
  spawnSync(command, parameters, {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  }).status === 0;
const install = () => succeeds('apt-get', 'install', '--yes', '--quiet', '--no-install-recommends', ...packages);

function state() {
  if (findOnednn() !== undefined) return 'oneDNN is here';
  if (process.env.ONEDNN_ROOT) return `there is no oneDNN in ONEDNN_ROOT, ${process.env.ONEDNN_ROOT}`;
  const isDebian = process.platform === 'linux' && existsSync('/usr/bin/apt-get');
  if (!isDebian) return `oneDNN is not installed; for faster training: ${remedy}`;
  if (process.getuid?.() !== 0)
    return `oneDNN is not installed; for faster training: sudo apt-get install ${packages.join(' ')}`;
  // The list of packages may be missing or old: fetched where the first attempt fails.
  if (install() || (succeeds('apt-get', 'update', '--quiet') && install())) return 'oneDNN was installed';
  return `oneDNN could not be installed; for faster training: apt-get install ${packages.join(' ')}`;
}

console.log(`setup: ${state()}`);
const isInstalled = existsSync(new URL('../node_modules/node-addon-api', import.meta.url));
const addon = new URL('../packages/tfjs-onednn/build/Release/tfjs_onednn.node', import.meta.url);
if (findOnednn() !== undefined && isInstalled && !existsSync(addon)) {
  const script = new URL('../packages/tfjs-onednn/scripts/build-addon.mjs', import.meta.url);
  spawnSync(process.execPath, [script.pathname], { stdio: 'inherit' });
}
