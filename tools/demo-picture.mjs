// The README's picture: three test images of a finished demo with captions.
//   npm run demo && node tools/demo-picture.mjs demo docs/pictures/demo.png
import { Buffer } from 'node:buffer';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import sharp from 'sharp';

const [demo = 'demo', file = 'docs/pictures/demo.png', ...chosen] = process.argv.slice(2);
const { images, engine } = JSON.parse(readFileSync(join(demo, 'metrics.json'), 'utf8'));
const shown = chosen.length > 0 ? images.filter(({ name }) => chosen.includes(name)) : images.slice(0, 3);

/** Side of a picture and of the space between two, height of a caption, in pixels: no wider than a page of 1,280. */
const [side, gap, line] = [256, 12, 34];
const columns = [
  { title: 'image', file: (name) => `${name}.png`, caption: () => '' },
  { title: 'truth', file: (name) => `${name}_truth.png`, caption: ({ truthCount }) => `${truthCount} objects` },
  { title: 'before training', file: (name) => `${name}_before.png`, caption: () => 'random weights' },
  { title: 'after training', file: (name) => `${name}_after.png`, caption: ({ aji }) => `AJI ${aji.toFixed(2)}` },
];
const width = columns.length * (side + gap) + gap;
const height = line + shown.length * (side + line);

const text = (words, column, bottom, weight) =>
  `<text x="${gap + column * (side + gap)}" y="${bottom - 10}" font-size="20" font-weight="${weight}">${words}</text>`;
const captions = shown.flatMap((scores, row) =>
  columns.map(({ caption }, column) => text(caption(scores), column, line + (row + 1) * (side + line), 400)),
);
const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" font-family="DejaVu Sans, Helvetica, Arial, sans-serif" fill="#1c2330">
${columns.map(({ title }, column) => text(title, column, line, 700)).join('')}${captions.join('')}</svg>`;

const pictures = shown.flatMap(({ name }, row) =>
  columns.map(async (column, index) => ({
    input: await sharp(join(demo, 'images', column.file(name)))
      .resize(side, side, { kernel: 'nearest' })
      .toBuffer(),
    left: gap + index * (side + gap),
    top: line + row * (side + line),
  })),
);
await sharp({ create: { width, height, channels: 3, background: '#ffffff' } })
  .composite([...(await Promise.all(pictures)), { input: Buffer.from(svg), left: 0, top: 0 }])
  .png({ palette: true, colours: 256, effort: 10 })
  .toFile(file);
process.stdout.write(`${file}: ${width} x ${height}, ${engine}\n`);
