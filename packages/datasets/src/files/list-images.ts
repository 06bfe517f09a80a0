import { readdir } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { DataError } from '@pffnet/tensor-ops/structures';

/** An image or label map on disk. */
export interface ImageFile {
  /** The file name without extension. */
  readonly name: string;
  readonly path: string;
}

const extensions = new Set(['.png', '.tif', '.tiff', '.jpg', '.jpeg', '.webp']);

/**
 * The image files of a folder, hidden files and other kinds left out.
 * @returns files in ascending order of their names; at least one.
 * @throws DataError if the folder is missing, holds no image, or holds two images of one name.
 */
export async function listImages(folder: string): Promise<ImageFile[]> {
  const files = (await readFolder(folder))
    .filter((entry) => !entry.startsWith('.') && extensions.has(extname(entry).toLowerCase()))
    .map((entry) => ({ name: entry.slice(0, -extname(entry).length), path: join(folder, entry) }))
    .sort((a, b) => compare(a.name, b.name) || compare(a.path, b.path));
  if (files.length === 0) {
    throw new DataError(`${folder} holds no image; expected png, tif, jpg or webp files; put some there`);
  }
  for (let index = 1; index < files.length; index++) {
    if (files[index].name === files[index - 1].name) {
      throw new DataError(
        `${files[index - 1].path} and ${files[index].path} have the same name; expected one file per name; move one away`,
      );
    }
  }
  return files;
}

/**
 * What a folder holds, by name.
 * @throws DataError if it is missing, no folder, or may not be read.
 */
export async function readFolder(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const options = { cause: error };
    if (code === 'ENOENT') throw new DataError(`there is no folder ${folder}; check the path`, options);
    if (code === 'ENOTDIR') {
      throw new DataError(`${folder} is a file; expected a folder; give the folder that holds it`, options);
    }
    throw new DataError(`cannot read the folder ${folder}: ${message}; check its permissions`, options);
  }
}

/** By code unit, the same everywhere, unlike an order that follows the machine's language. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
