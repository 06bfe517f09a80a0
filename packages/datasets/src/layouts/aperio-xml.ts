import { createReadStream } from 'node:fs';
import { DataError } from '@pffnet/structures';
import { SaxesParser } from 'saxes';
import { readFailure } from '../files/read-failure.ts';

/** One outline of an Aperio ImageScope annotation. */
export interface AperioRegion {
  /** x, y, x, y, …, in pixels of the image; the last point is joined to the first. */
  readonly outline: readonly number[];
  /** What it encloses is taken away from the objects (`NegativeROA` 1 or true). */
  readonly negative: boolean;
}

const expectation = 'expected an Aperio ImageScope annotation (Annotations/Annotation/Regions/Region/Vertices/Vertex)';
const mend = 'export it again';

/**
 * Reads the outlines of an Aperio ImageScope annotation, of all its layers, in the order of the file.
 * The file is read piece by piece: memory grows with the number of vertices, not with the length of the file.
 * @throws DataError if the file is missing, is no XML or no such annotation, is cut short, or a vertex has no numbers.
 */
export async function readAperioXml(path: string): Promise<AperioRegion[]> {
  const regions: { outline: number[]; negative: boolean }[] = [];
  const parser = new SaxesParser({ xmlns: false });
  let root: string | undefined;
  let inRegion = false;
  const refuse = (reason: string): DataError =>
    new DataError(`${path}, line ${parser.line}: ${reason}; ${expectation}; ${mend}`);
  parser.on('error', (error) => {
    // saxes puts line and column before its reason.
    throw refuse(error.message.replace(/^\d+:\d+: /, '').replace(/\.$/, ''));
  });
  parser.on('opentag', ({ name, attributes }) => {
    root ??= name;
    if (root !== 'Annotations') throw refuse(`it begins with <${name}>`);
    if (name === 'Region') {
      inRegion = true;
      regions.push({ outline: [], negative: /^(1|true)$/i.test(attributes['NegativeROA'] ?? '') });
    } else if (name === 'Vertex' && inRegion) {
      const [x, y] = [attributes['X'], attributes['Y']].map(coordinate);
      if (x === undefined || y === undefined) {
        throw refuse(`a vertex has X "${attributes['X'] ?? ''}" and Y "${attributes['Y'] ?? ''}"`);
      }
      regions[regions.length - 1].outline.push(x, y);
    }
  });
  parser.on('closetag', ({ name }) => {
    if (name === 'Region') inRegion = false;
  });
  try {
    for await (const piece of createReadStream(path, 'utf8')) parser.write(String(piece));
    parser.close();
  } catch (error) {
    throw error instanceof DataError ? error : readFailure(path, error, expectation);
  }
  return regions;
}

function coordinate(text: string | undefined): number | undefined {
  const value = text === undefined || text.trim() === '' ? NaN : Number(text);
  return Number.isFinite(value) ? value : undefined;
}
