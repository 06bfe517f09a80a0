import { extname } from 'node:path';

/** Endings of images and label maps, and `.ome`, which stands before another one: `x.ome.tif`, `x.tif.geojson`. */
const knownEndings = ['.png', '.tif', '.tiff', '.jpg', '.jpeg', '.webp', '.npy', '.ome'];

/**
 * The name by which a file is paired with others, in whatever way it is written: without folders (of Windows, too) and
 * known endings, its letters composed (Unicode's form C), since one system writes ä as one character and another as two.
 */
export function pairingName(file: string): string {
  return withoutKnownEndings(file.slice(Math.max(file.lastIndexOf('/'), file.lastIndexOf('\\')) + 1));
}

/** The pairing name of an entry of a folder, which has one of the given endings. */
export function pairingNameOfEntry(entry: string, endings: readonly string[]): string {
  const ending = extname(entry);
  return withoutKnownEndings(endings.includes(ending.toLowerCase()) ? entry.slice(0, -ending.length) : entry);
}

function withoutKnownEndings(name: string): string {
  let rest = name;
  for (let ending = extname(rest); knownEndings.includes(ending.toLowerCase()); ending = extname(rest)) {
    rest = rest.slice(0, -ending.length);
  }
  return rest.normalize('NFC');
}
