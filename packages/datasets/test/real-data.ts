import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, test } from '@jest/globals';

const root = process.env['PFFNET_DATA'] ?? fileURLToPath(new URL('../../../../shared/data/', import.meta.url));

/** Describes promises about real images; where the folder is absent they are skipped, and the title says why. */
export function describeWithData(folder: string, promises: (folder: string) => void): void {
  const path = join(root, folder);
  if (existsSync(path)) describe(`with the real data of ${folder}`, () => promises(path));
  else test.skip(`real data: there is no folder ${path}; set PFFNET_DATA to the folder that holds ${folder}`, () => {});
}
