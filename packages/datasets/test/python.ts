import { spawnSync } from 'node:child_process';
import { describe, test } from '@jest/globals';

/** Runs a program with arguments and gives what it printed, read as JSON. */
export type Python = (program: string, ...args: string[]) => unknown;

/**
 * Describes promises that another program must confirm; without Python or one of the modules they are skipped, and the
 * title says why.
 */
export function describeWithPython(modules: readonly string[], promises: (python: Python) => void): void {
  const wanted = `import ${modules.join(', ')}`;
  const found = ['/usr/bin/python3', 'python3'].find((path) => spawnSync(path, ['-c', wanted]).status === 0);
  if (found === undefined) {
    test.skip(`read by another program: there is no python3 with ${modules.join(', ')}`, () => {});
    return;
  }
  describe(`with Python's ${modules.join(', ')}`, () =>
    promises((program, ...args) => {
      const { status, stdout, stderr } = spawnSync(found, ['-c', program, ...args], {
        encoding: 'utf8',
        maxBuffer: 2 ** 26,
      });
      if (status !== 0) throw new Error(stderr);
      return stdout.trim() === '' ? undefined : JSON.parse(stdout);
    }));
}
