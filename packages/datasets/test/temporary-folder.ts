import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from '@jest/globals';

/** An empty folder for one test file, removed at its end. */
export function temporaryFolder(): { path: (...names: string[]) => string; make: (...names: string[]) => string } {
  const root = mkdtempSync(join(tmpdir(), 'pffnet-datasets-'));
  afterAll(() => rmSync(root, { recursive: true, force: true }));
  const path = (...names: string[]): string => join(root, ...names);
  return {
    path,
    make: (...names) => {
      mkdirSync(path(...names), { recursive: true });
      return path(...names);
    },
  };
}
