import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, realpathSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { readJson } from './packages.mjs';

/**
 * Installs tarballs without the network, and more strictly than npm: a package finds what its manifest declares and
 * nothing else, since each lies in a folder of its own beside links to its dependencies. Our packages come from
 * tarballs, all others from the workspace.
 */
export class IsolatedStore {
  #folder;
  #workspace;
  #tarballs;
  #places = new Map();

  /**
   * @param {string} folder where packages are unpacked
   * @param {string} workspace whose `node_modules` has the packages of others
   * @param {Map<string, string>} tarballs the file of each of our packages, by name
   */
  constructor(folder, workspace, tarballs) {
    this.#folder = folder;
    this.#workspace = workspace;
    this.#tarballs = tarballs;
  }

  /**
   * Makes packages, and the peers that npm would install with them, importable from a folder.
   * @param {string} project
   * @param {readonly string[]} names
   */
  install(project, names) {
    for (const name of names) {
      this.#link(project, name, this.#place(name));
      if (!this.#tarballs.has(name)) continue;
      const manifest = readJson(join(this.#place(name), 'package.json'));
      for (const peer of requiredPeers(manifest)) this.#link(project, peer, this.#place(peer));
    }
  }

  /**
   * Everything that is installed with a package.
   * @param {string} name one of our packages
   * @returns {Set<string>} names, its own included
   */
  closure(name, known = new Set()) {
    if (known.has(name)) return known;
    known.add(name);
    const place = this.#place(name);
    const manifest = readJson(join(place, 'package.json'));
    for (const other of Object.keys({ ...manifest.dependencies, ...manifest.optionalDependencies })) {
      if (this.#find(other, place) !== undefined) this.closure(other, known);
    }
    for (const peer of requiredPeers(manifest)) this.closure(peer, known);
    return known;
  }

  /** The folder of a package; ours are unpacked when first asked for. */
  #place(name, from = this.#workspace) {
    const known = this.#places.get(name);
    if (known !== undefined) return known;
    if (!this.#tarballs.has(name)) {
      const found = this.#find(name, from);
      if (found === undefined) throw new Error(`${name}: not installed in the workspace; run npm ci`);
      return found;
    }
    const home = join(this.#folder, name);
    const place = join(home, 'node_modules', name);
    mkdirSync(place, { recursive: true });
    this.#places.set(name, place);
    execFileSync('tar', ['-xzf', this.#tarballs.get(name), '-C', place, '--strip-components=1']);
    const manifest = readJson(join(place, 'package.json'));
    const source = join(this.#workspace, 'packages', name.split('/')[1]);
    for (const needed of [...Object.keys(manifest.dependencies ?? {}), ...requiredPeers(manifest)]) {
      this.#link(home, needed, this.#place(needed, source));
    }
    for (const wanted of Object.keys(manifest.optionalDependencies ?? {})) {
      if (this.#tarballs.has(wanted) || this.#find(wanted, source))
        this.#link(home, wanted, this.#place(wanted, source));
    }
    return place;
  }

  /** Where Node would find a package of others. */
  #find(name, from) {
    if (this.#tarballs.has(name)) return this.#place(name);
    for (let folder = from; ; folder = dirname(folder)) {
      const candidate = join(folder, 'node_modules', name);
      if (existsSync(candidate)) return realpathSync(candidate);
      if (folder === dirname(folder)) return undefined;
    }
  }

  #link(home, name, place) {
    const link = join(home, 'node_modules', name);
    if (existsSync(link)) return;
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(place, link);
  }
}

/** Peers that npm installs: all but the optional ones. */
function requiredPeers({ peerDependencies = {}, peerDependenciesMeta = {} }) {
  return Object.keys(peerDependencies).filter((name) => peerDependenciesMeta[name]?.optional !== true);
}
