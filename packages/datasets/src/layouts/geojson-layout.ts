import { join } from 'node:path';
import { type FileKind, listFiles, listImages, namedFiles, readFolder } from '../files/list-files.ts';
import { readGeoJson } from '../formats/geojson.ts';
import { labelsOfOutlines } from '../formats/outlined-object.ts';
import { type Layout, pairByName } from './layout.ts';

const geoJsonFiles: FileKind = { endings: ['.geojson'], what: 'annotation', expected: 'geojson files' };
const outlineFolder = /^(annotations|geojson)$/i;

/**
 * Images and GeoJSON as QuPath exports it, one file per image, of the same name: in `images/` and `annotations/` (or
 * `geojson/`), or together in one folder. Every feature is one object; where they overlap, the later one lies on top.
 */
export const geoJsonLayout: Layout = {
  format: 'geojson',
  shape: 'images/ and annotations/ with .geojson files (QuPath), or both in one folder',

  async recognises(folder, entries) {
    if (namedFiles(folder, entries, geoJsonFiles).length > 0) return true;
    const outlines = entries.find((entry) => outlineFolder.test(entry));
    if (outlines === undefined || !entries.includes('images')) return false;
    const at = join(folder, outlines);
    return namedFiles(at, await readFolder(at), geoJsonFiles).length > 0;
  },

  async images(folder, entries) {
    const together = namedFiles(folder, entries, geoJsonFiles).length > 0;
    const images = join(folder, together ? '' : 'images');
    const outlines = join(folder, together ? '' : (entries.find((entry) => outlineFolder.test(entry)) ?? ''));
    return pairByName(
      { folder: images, files: await listImages(images) },
      { folder: outlines, files: await listFiles(outlines, geoJsonFiles), what: 'annotation' },
    ).map((pair) => ({
      ...pair,
      readLabels: (size) => labelsOfOutlines(readGeoJson(pair.labels), size, pair.labels),
    }));
  },
};
