import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { foldersOf } from '../runs/open-run-data.ts';
import type { Matrix } from './matrix.ts';

/**
 * Leaves out data sets whose folder is absent, in the blocks that allow it.
 * @param root - the folder that holds a folder per data set; absent if `--data` was not given.
 * @returns the matrix, and the titles of what was left out.
 */
export function presentBlocks(matrix: Matrix, root: string | undefined): { matrix: Matrix; leftOut: string[] } {
  const leftOut: string[] = [];
  const blocks = matrix.blocks.map((block) => {
    if (block.wherePresent !== true) return block;
    const isPresent = (folder: string): boolean => root !== undefined && existsSync(join(root, folder));
    const absent = block.protocols.filter((protocol) => !foldersOf(protocol).every(isPresent));
    leftOut.push(...absent.map(({ title }) => title));
    return { ...block, protocols: block.protocols.filter((protocol) => !absent.includes(protocol)) };
  });
  return { matrix: { ...matrix, blocks }, leftOut };
}
