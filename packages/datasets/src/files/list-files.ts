import { readdir } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { DataError } from '@pffnet/structures';
import { pairingNameOfEntry } from './pairing-name.ts';

/** A file on disk and the name by which it is paired with others. */
export interface NamedFile {
  /** The file name without extension, its letters composed: see `pairingName`. */
  readonly name: string;
  readonly path: string;
}

/** Which files of a folder are meant. */
export interface FileKind {
  /** In lower case, with the point. */
  readonly endings: readonly string[];
  /** One of them, for messages, such as `image`. */
  readonly what: string;
  /** The endings in words. */
  readonly expected: string;
}

/** Pictures, of whatever content. */
export const imageFiles: FileKind = {
  endings: ['.png', '.tif', '.tiff', '.jpg', '.jpeg', '.webp'],
  what: 'image',
  expected: 'png, tif, jpg or webp files',
};

/** Label maps: formats that keep whole numbers as they are. */
export const labelMapFiles: FileKind = {
  endings: ['.png', '.tif', '.tiff', '.npy'],
  what: 'label map',
  expected: 'png, tif or npy files',
};

/** Pictures that cannot be label maps. */
const lossyFiles: FileKind = { endings: ['.jpg', '.jpeg', '.webp'], what: 'picture', expected: 'jpg or webp files' };

/** The label maps of a folder; see {@link listFiles}. */
export function listLabelMaps(folder: string): Promise<NamedFile[]> {
  return listFiles(folder, labelMapFiles);
}

/** The image files of a folder; see {@link listFiles}. */
export function listImages(folder: string): Promise<NamedFile[]> {
  return listFiles(folder, imageFiles);
}

/**
 * The files of one kind in a folder, hidden files and other kinds left out.
 * @returns files in ascending order of their names; at least one.
 * @throws DataError if the folder is missing, holds no such file, or holds two of one name.
 */
export async function listFiles(folder: string, kind: FileKind): Promise<NamedFile[]> {
  const files = namedFiles(folder, await readFolder(folder), kind);
  if (files.length === 0) {
    const unfit = kind === labelMapFiles ? namedFiles(folder, await readFolder(folder), lossyFiles) : [];
    const only = unfit.length === 0 ? '' : ` but ${unfit.length} of JPEG or WebP, such as ${unfit[0].path}, whose compression with loss changes ids`; // prettier-ignore
    const mend = unfit.length === 0 ? 'put some there' : 'export them again without loss';
    throw new DataError(`${folder} holds no ${kind.what}${only}; expected ${kind.expected}; ${mend}`);
  }
  for (let index = 1; index < files.length; index++) {
    const [first, second] = [files[index - 1], files[index]];
    if (first.name !== second.name) continue;
    const same =
      first.path.normalize() === second.path.normalize()
        ? 'look alike: their letters are coded in two ways (Unicode)'
        : 'have the same name';
    throw new DataError(`${first.path} and ${second.path} ${same}; expected one file per name; move one away`);
  }
  return files;
}

/** Those entries of a folder that are visible files of one kind, in ascending order of their names. */
export function namedFiles(folder: string, entries: readonly string[], { endings }: FileKind): NamedFile[] {
  return entries
    .filter((entry) => !entry.startsWith('.') && endings.includes(extname(entry).toLowerCase()))
    .map((entry) => ({ name: pairingNameOfEntry(entry, endings), path: join(folder, entry) }))
    .sort((a, b) => compareNames(a.name, b.name) || compareNames(a.path, b.path));
}

/**
 * What a folder holds, by name, in ascending order.
 * @throws DataError if it is missing, no folder, or may not be read.
 */
export async function readFolder(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).sort(compareNames);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const options = { cause: error };
    if (code === 'ENOENT') throw new DataError(`there is no folder ${folder}; check the path`, options);
    if (code === 'ENOTDIR') {
      const zipped = extname(folder).toLowerCase() === '.zip';
      throw new DataError(
        zipped
          ? `${folder} is a zip file; expected a folder; unpack it and give the folder`
          : `${folder} is a file; expected a folder; give the folder that holds it`,
        options,
      );
    }
    if (code === 'ELOOP') {
      throw new DataError(`${folder} is a symbolic link to itself; expected a folder; mend the link`, options);
    }
    if (code === 'EACCES' || code === 'EPERM') {
      throw new DataError(`the folder ${folder} may not be read; change its permissions`, options);
    }
    throw new DataError(`cannot read the folder ${folder}: ${message}; check its permissions`, options);
  }
}

/** By code unit, the same everywhere, unlike an order that follows the machine's language. */
export function compareNames(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
