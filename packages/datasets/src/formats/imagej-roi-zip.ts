import { readFile, stat } from 'node:fs/promises';
import { DataError } from '@pffnet/structures';
import { unzipSync, zipSync } from 'fflate';
import { readFailure } from '../files/read-failure.ts';
import { writeAtomically } from '../files/write-atomically.ts';
import { decodeRoi, encodeRoi } from './imagej-roi.ts';
import type { OutlinedObject } from './outlined-object.ts';

const expected = "expected a zip of ImageJ's ROI Manager";
const expectation = `${expected}; save it again`;
const mostEntries = 65535;
const mostBytes = 2 ** 30;
/** DEFLATE packs at most 1,032 to 1. */
const strongestPacking = 1032;

/**
 * Writes outlines as a zip of selections that ImageJ's and Fiji's ROI Manager opens, whole or not at all.
 * @param objects - named by their `name`, by number without one; equal names get a number.
 * @throws DataError if there are more than 65,535 objects, more than such a zip lists, or one has no outline, or the
 * folder cannot be written; WriteError if the disk is full.
 */
export async function writeRoiZip(path: string, objects: Iterable<OutlinedObject>): Promise<void> {
  const files = new Map<string, Uint8Array>();
  for (const { polygons, name = String(files.size + 1) } of objects) {
    const unique = files.has(`${name}.roi`) ? `${name}-${files.size + 1}` : name;
    files.set(`${unique}.roi`, encodeRoi(polygons, unique));
    if (files.size > mostEntries) {
      throw new DataError(
        `cannot write ${path}: a zip file holds at most ${mostEntries} selections, and there are more; export geojson`,
      );
    }
  }
  await writeAtomically(path, zipSync(Object.fromEntries(files)));
}

/**
 * Reads the selections of a zip of ImageJ's ROI Manager, in the order of the zip. Points, lines, and outlines of fewer than
 * three corners are stray clicks: their objects come without pieces.
 * @throws DataError if the file is missing, no zip, damaged, larger than 1 GiB before or after unpacking, holds a selection
 * that {@link decodeRoi} refuses, or selections of which none encloses an area.
 */
export async function readRoiZip(path: string): Promise<OutlinedObject[]> {
  let files: Record<string, Uint8Array>;
  try {
    const { size } = await stat(path);
    if (size > mostBytes) throw new DataError(`${path} has ${size} bytes; expected at most ${mostBytes}; split it`);
    let left = mostBytes;
    files = unzipSync(await readFile(path), {
      filter: ({ name, size: packed, originalSize }) => {
        if (!name.endsWith('.roi')) return false;
        left -= originalSize;
        if (left < 0 || originalSize > packed * strongestPacking + 64) {
          throw new DataError(`${path} claims to unpack ${name} to ${originalSize} bytes; ${expectation}`);
        }
        return true;
      },
    });
  } catch (error) {
    throw readFailure(path, error, expected);
  }
  const objects = Object.entries(files).map(([name, bytes]) => objectOf(name, bytes, path));
  if (objects.length > 0 && objects.every(({ polygons }) => polygons.length === 0)) {
    throw new DataError(
      `${path} has ${objects.length} selections, none of which encloses an area; expected outlines; save those of the objects`,
    );
  }
  return objects;
}

function objectOf(file: string, bytes: Uint8Array, path: string): OutlinedObject {
  const rings = decodeRoi(bytes, `${path}: ${file}`);
  const name = file.slice(file.lastIndexOf('/') + 1, -'.roi'.length);
  return rings.length === 0 ? { polygons: [], strayPieces: true, name } : { polygons: [rings], name };
}
