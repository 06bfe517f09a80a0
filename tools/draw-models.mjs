/*
 * Draws README's first picture and the pictures of the models' cards:
 *   node tools/draw-models.mjs
 * For each model that ships: its image beside what it finds in it. Needs `npm run build` beforehand.
 */
import { overlay, readImage, readLabelMap } from '@pffnet/datasets';
import { modelFiles, modelNames } from '@pffnet/models';
import sharp from 'sharp';

const SIDE = 480;
const GAP = 8;

const tiles = [];
for (const [row, name] of [...modelNames()].reverse().entries()) {
  const { image: file, labels } = modelFiles(name);
  const image = await readImage(file);
  for (const [column, { height, width, data }] of [image, overlay(image, await readLabelMap(labels))].entries()) {
    const raw = { width, height, channels: 3 };
    const input = await sharp(Uint8Array.from(data), { raw })
      .resize(SIDE, SIDE, { fit: 'cover', position: 'left top' })
      .png()
      .toBuffer();
    tiles.push({ input, top: row * (SIDE + GAP), left: column * (SIDE + GAP) });
  }
}
const [width, height] = [2 * SIDE + GAP, modelNames().length * (SIDE + GAP) - GAP];
const picture = new URL('../docs/pictures/models.png', import.meta.url).pathname;
await sharp({ create: { width, height, channels: 3, background: 'white' } })
  .composite(tiles)
  .png({ palette: true })
  .toFile(picture);
console.log(`drew ${picture}`);
