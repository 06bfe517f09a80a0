import { access } from 'node:fs/promises';
import { basename, isAbsolute, join, normalize } from 'node:path';
import { DataError } from '@pffnet/structures';
import { imageFiles, namedFiles } from '../files/list-files.ts';
import { pairingName } from '../files/pairing-name.ts';
import { labelsOfCoco, readCoco } from '../formats/coco.ts';
import type { Layout } from './layout.ts';

const jsonFiles = { endings: ['.json'], what: 'annotation', expected: 'a COCO json file' };

/**
 * A COCO JSON file (instances) and its images, which lie where `file_name` says, beside the file or in `images/`; or
 * there without the folders that it names, which may be those of another machine. Names are unique without folders.
 * Images without annotation are images without objects; crowds are left out; where objects overlap, the later lies on top.
 */
export const cocoLayout: Layout = {
  format: 'coco',
  shape: 'a COCO json file, and its images beside it or in images/',

  recognises: (folder, entries) =>
    namedFiles(folder, entries, jsonFiles).length === 1 &&
    (entries.includes('images') || namedFiles(folder, entries, imageFiles).length > 0),

  async images(folder, entries) {
    const files = namedFiles(folder, entries, jsonFiles);
    if (files.length !== 1) {
      throw new DataError(`${folder} holds ${files.length} json files; expected one COCO file; move the others away`);
    }
    const [{ path }] = files;
    const found = [];
    for (const image of await readCoco(path)) {
      const { fileName, height, width } = image;
      found.push({
        name: pairingName(fileName),
        image: await placeOf(folder, fileName, path),
        labels: `${path} (${fileName})`,
        labelSize: () => Promise.resolve({ height, width }),
        readLabels: () => Promise.resolve(labelsOfCoco(image, path)),
      });
    }
    return found;
  },
};

/** Names as they stand, with the folders of Windows, and with letters coded in either way. */
function spellings(fileName: string): string[] {
  const slashed = fileName.replaceAll('\\', '/');
  return [...new Set([fileName, slashed, slashed.normalize('NFC'), slashed.normalize('NFD')])].map((name) =>
    normalize(name),
  );
}

async function placeOf(folder: string, fileName: string, path: string): Promise<string> {
  for (const inside of spellings(fileName)) {
    if (isAbsolute(inside) || /^[a-z]:[\\/]/i.test(inside) || inside.startsWith('..') || inside.includes('\0')) {
      throw new DataError(
        `${path} names the image ${JSON.stringify(fileName)}; expected a place in the folder; write file names without folders`,
      );
    }
    const bare = basename(inside);
    const places = [
      join(folder, inside),
      join(folder, 'images', inside),
      join(folder, bare),
      join(folder, 'images', bare),
    ];
    for (const place of places) {
      const there = await access(place).then(
        () => true,
        () => false,
      );
      if (there) return place;
    }
  }
  throw new DataError(`${path} names the image ${fileName}, which is neither beside it nor in images/; add the image`);
}
