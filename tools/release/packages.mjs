import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The packages of a workspace.
 * @param {string} root the folder that holds `packages/`
 * @returns {{ folder: string, name: string, manifest: Record<string, any> }[]}
 */
export function readPackages(root) {
  return readdirSync(join(root, 'packages'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => {
      const folder = join(root, 'packages', entry.name);
      return { folder, name: entry.name, manifest: readJson(join(folder, 'package.json')) };
    });
}

/** @param {string} file */
export function readJson(file) {
  return JSON.parse(readFileSync(file, 'utf8'));
}
