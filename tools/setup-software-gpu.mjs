/**
 * Gets SwiftShader, a GPU that a processor pretends to be, so that the tests of WebGPU run on a machine without one: two
 * files of Debian's package "chromium-common", put where the package puts them, and Vulkan's loader. Continuous integration calls
 * it as root; the tests are skipped where it could not do its work. It never fails.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const files = ['libvk_swiftshader.so', 'vk_swiftshader_icd.json'].map((name) => `./usr/lib/chromium/${name}`);
const succeeds = (cwd, command, ...parameters) =>
  spawnSync(command, parameters, {
    cwd,
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  }).status === 0;

/** Installing the package would bring a hundred packages of a desktop. */
function unpack(folder) {
  const [name] = readdirSync(folder).filter((file) => file.endsWith('.deb'));
  return succeeds(
    folder,
    'sh',
    '-c',
    `dpkg-deb --fsys-tarfile "${name}" | tar --extract --directory=/ ${files.join(' ')}`,
  );
}

function state() {
  if (process.platform !== 'linux' || !existsSync('/usr/bin/apt-get')) return 'only on Debian, by apt-get';
  if (process.getuid?.() !== 0) return 'not installed: needs root';
  const folder = mkdtempSync(join(tmpdir(), 'software-gpu-'));
  try {
    if (!succeeds(folder, 'apt-get', 'update', '--quiet')) return 'apt-get update failed';
    if (!succeeds(folder, 'apt-get', 'install', '--yes', '--quiet', '--no-install-recommends', 'libvulkan1'))
      return 'libvulkan1 could not be installed';
    if (files.every((file) => existsSync(file.slice(1)))) return 'SwiftShader is here';
    if (!succeeds(folder, 'apt-get', 'download', '--quiet', 'chromium-common'))
      return 'chromium-common could not be fetched';
    return unpack(folder) ? 'SwiftShader was installed' : 'chromium-common could not be unpacked';
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

console.log(`software GPU: ${state()}`);
