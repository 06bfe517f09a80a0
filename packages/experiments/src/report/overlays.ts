import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import type { RunGroup } from './cell.ts';
import type { FinishedRun } from './read-runs.ts';

/** One test image: as it is, its truth, and what each network made of it. */
export interface OverlayRow {
  readonly image: string;
  readonly pictures: readonly { readonly title: string; readonly caption: string; readonly address: string | null }[];
}

/** Test images per data set, and the side that pictures are reduced to, in pixels. */
const IMAGES = 3;
const SIDE = 260;

/**
 * Fig. 5, 7, 8 and 9: pictures of test images side by side, for the groups of one data set.
 * @returns pictures as `data:` addresses; null where a run folder has none.
 */
export async function overlayRows(groups: readonly RunGroup[]): Promise<OverlayRow[]> {
  const [first] = groups;
  const names = first.runs.flatMap(({ images }) => images.map(({ name }) => name)).sort();
  const chosen = Array.from({ length: Math.min(IMAGES, names.length) }, (_, at) =>
    names.at(Math.floor((at * names.length) / IMAGES)),
  );
  const rows = [];
  for (const image of new Set(chosen)) {
    if (image === undefined) continue;
    const pictures = [
      { title: 'image', caption: image, address: await picture(runOf(first, image), image, 'image') },
      { title: 'truth', caption: 'truth', address: await picture(runOf(first, image), image, 'truth') },
    ];
    for (const group of groups) {
      const run = runOf(group, image);
      const aji = run?.images.find(({ name }) => name === image)?.ajiOnceLegacy;
      const caption = aji == null ? group.title : `${group.title}: AJI ${aji.toFixed(3)}`;
      pictures.push({ title: group.title, caption, address: await picture(run, image, 'overlay') });
    }
    rows.push({ image, pictures });
  }
  return rows;
}

/** The run that was tested on an image: of a cross-validation, that of its fold; of several seeds, the first. */
const runOf = ({ runs }: RunGroup, image: string): FinishedRun | undefined =>
  runs.find(({ images }) => images.some(({ name }) => name === image));

async function picture(run: FinishedRun | undefined, image: string, kind: string): Promise<string | null> {
  if (run === undefined) return null;
  const file = join(run.folder, 'predictions', `${image}_${kind}.png`);
  if (!existsSync(file)) return null;
  const bytes = await sharp(await readFile(file))
    .resize({ width: SIDE, withoutEnlargement: true })
    .webp({ quality: 85, smartSubsample: true })
    .toBuffer();
  return `data:image/webp;base64,${bytes.toString('base64')}`;
}
