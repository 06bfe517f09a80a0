import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from '@jest/globals';

/** An empty folder for one test file, removed at its end. */
export function temporaryFolder(): (...names: string[]) => string {
  const root = mkdtempSync(join(tmpdir(), 'pffnet-runs-'));
  afterAll(() => {
    rmSync(root, { recursive: true, force: true });
  });
  return (...names) => join(root, ...names);
}
