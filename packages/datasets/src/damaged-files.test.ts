import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { crc32 } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { DataError } from '@pffnet/structures';
import sharp, { type Sharp } from 'sharp';
import { barePng } from '../test/bare-png.ts';
import { bareTiff } from '../test/bare-tiff.ts';
import { fuzzTimeout, survivesDamage } from '../test/damage.ts';
import { describeWithData } from '../test/real-data.ts';
import { refusal } from '../test/refusal.ts';
import { temporaryFolder } from '../test/temporary-folder.ts';
import { readImage } from './files/read-image.ts';
import { readLabelMap } from './files/read-label-map.ts';
import { readOutlines } from './layouts/kumar-layout.ts';
import { openDataset } from './open-dataset.ts';
import { readSplit } from './splits/read-split.ts';
import { syntheticCells } from './synthetic/synthetic-cells.ts';

const { path, make } = temporaryFolder();
const side = 16;
const { image, labels } = syntheticCells({ size: side, count: [2, 4], seed: 1 });

const picture = (): Sharp =>
  sharp(Uint8Array.from(image.data), { raw: { width: side, height: side, channels: 3 } }).clone();
const ids16 = (): Sharp =>
  sharp(
    Uint16Array.from(labels.data, (id) => id * 300),
    { raw: { width: side, height: side, channels: 1 } },
  ).toColourspace('grey16');

const outlines = Buffer.from(
  `<?xml version="1.0"?>\n<Annotations MicronsPerPixel="0.25"><Annotation Id="1"><Regions>${[4, 20, 36]
    .map(
      (at) =>
        `<Region Id="${at}" NegativeROA="0"><Vertices>${[0, 90, 180, 270]
          .map((turn) => (turn * Math.PI) / 180)
          .map((turn) => `<Vertex X="${at + 8 * Math.cos(turn)}" Y="${at + 8 * Math.sin(turn)}"/>`)
          .join('')}</Vertices></Region>`,
    )
    .join('\n')}</Regions></Annotation></Annotations>`,
);

const onImage = (file: string): Promise<unknown> => readOutlines(file, { height: 64, width: 64 });

async function drawPicture(file: string): Promise<void> {
  if (!existsSync(file)) await picture().png().toFile(file);
}

/** The label of a plant, wherever the file of that name is. */
async function plant(file: string): Promise<unknown> {
  const folder = join(file, '..');
  await drawPicture(join(folder, 'plant1_rgb.png'));
  return (await openDataset(folder)).load('plant1');
}

const mask = (): Sharp =>
  sharp(
    Uint8Array.from(labels.data, (id) => (id === 1 ? 255 : 0)),
    { raw: { width: side, height: side, channels: 1 } },
  );

/** The labels of an image of the Data Science Bowl, wherever the mask of that name is. */
async function masks(file: string): Promise<unknown> {
  return bowl(join(file, '../../..'), basename(join(file, '../..')));
}

/** Likewise, from the table of run lengths. */
async function runs(file: string): Promise<unknown> {
  return bowl(join(file, '..'), 'a');
}

async function bowl(folder: string, name: string): Promise<unknown> {
  mkdirSync(join(folder, name, 'images'), { recursive: true });
  await drawPicture(join(folder, name, 'images', 'a.png'));
  return (await openDataset(folder, { format: 'dsb2018' })).load(name);
}

/** The lists of BBBC039, wherever the one of the training images is. */
async function lists(file: string): Promise<unknown> {
  for (const part of ['validation', 'test']) writeFileSync(join(file, '..', `${part}.txt`), `${part}.png\n`);
  return readSplit(join(file, '..'));
}

describe('damaged files, as our writers and sharp make them', () => {
  const palette = (): Buffer =>
    barePng({
      width: side,
      depth: 8,
      type: 3,
      values: [...labels.data],
      palette: Array.from({ length: 60 }, (_, at) => (at * 37) % 256),
    });

  test.each<
    [what: string, name: string, read: (file: string) => Promise<unknown>, make: () => Buffer | Promise<Buffer>]
  >([
    ['images of PNG', 'a.png', readImage, () => picture().png().toBuffer()],
    ['images of JPEG', 'a.jpg', readImage, () => picture().jpeg().toBuffer()],
    ['images of WebP', 'a.webp', readImage, () => picture().webp().toBuffer()],
    ['label maps of 16-bit PNG', 'a.png', readLabelMap, () => ids16().png().toBuffer()],
    ['labels with a colour table', 'plant1_label.png', plant, palette],
    ['outlines', 'a.xml', onImage, () => outlines],
    ['one mask a file', 'masks/1.png', masks, () => mask().png().toBuffer()],
    [
      'tables of run lengths',
      'table.csv',
      runs,
      () => Buffer.from('ImageId,EncodedPixels\na,1 3 9 2\na,20 4\nb,7 1\n'),
    ],
    ['lists of images', 'training.txt', lists, () => Buffer.from('a.png\nb.png\n')],
    ['splits', 'a.csv', (file) => readSplit(file), () => Buffer.from('# ours\nname,fold\n"a, b",1\nc,2\nd,1\n')],
  ])(
    '%s are read or refused in one line',
    async (what, name, read, makeBytes) => {
      make(what);
      await survivesDamage(path(what, name), await makeBytes(), read, { named: path(what) });
    },
    fuzzTimeout,
  );
});

function saved(file: string, bytes: Buffer): string {
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, bytes);
  return file;
}

describeWithData('raw', (folder) => {
  test('Kumar’s TIFF, cut short anywhere, is refused in one line', async () => {
    const bytes = readFileSync(join(folder, 'kumar', 'Tissue Images', 'TCGA-B0-5711-01Z-00-DX1.tif'));
    for (const part of [0, 0.0001, 0.3, 0.999]) {
      const file = saved(path('cut.tif'), bytes.subarray(0, Math.floor(bytes.length * part)));
      const [kind, message] = await refusal(() => readImage(file));
      expect([kind, message.split('\n').length]).toEqual([DataError, 1]);
      expect(message).toContain(`cannot read ${file}: `);
    }
  });

  test('Kumar’s outlines, damaged, are read or refused in one line', async () => {
    // Whole regions from the beginning of a file; all of it would take long.
    const text = readFileSync(join(folder, 'kumar', 'Annotations', 'TCGA-B0-5711-01Z-00-DX1.xml'), 'utf8');
    const few = text.slice(0, text.indexOf('</Region>', 20_000) + '</Region>'.length);
    const bytes = Buffer.from(`${few}</Regions></Annotation></Annotations>`);
    const read = (file: string): Promise<unknown> => readOutlines(file, { height: 1000, width: 1000 });
    await survivesDamage(path('real.xml'), bytes, read, { numRuns: 60 });
  });

  test('TNBC’s PNG, damaged, are read or refused in one line', async () => {
    const bytes = readFileSync(join(folder, 'tnbc', 'GT_03', '03_1.png'));
    await survivesDamage(path('real.png'), bytes, readImage, { numRuns: 60 });
  });
});

describe('headers that promise more than their file holds', () => {
  const hollowPng = (side: number): Buffer => {
    const whole = barePng({ width: 8, depth: 8, type: 0, values: Array<number>(8).fill(0) });
    const grown = Buffer.from(whole);
    grown.writeUInt32BE(side, 16);
    grown.writeUInt32BE(side, 20);
    grown.writeUInt32BE(crc32(grown.subarray(12, 29)), 29);
    return grown;
  };
  const hollowTiff = (side: number, depth: 8 | 32): Buffer => {
    const values = depth === 8 ? Uint8Array.of(1) : Uint32Array.of(1);
    const tiff = bareTiff({ width: 1, height: 1, values });
    const table = tiff.readUInt32LE(4);
    for (const entry of [0, 1]) tiff.writeUInt32LE(side, table + 2 + entry * 12 + 8);
    return tiff;
  };

  test.each([
    ['png', hollowPng(16_000), 16_000],
    ['tif', hollowTiff(16_000, 8), 16_000],
    ['tif', hollowTiff(16_000, 32), 16_000],
  ])('are refused before memory is taken: .%s', async (ending, bytes, side) => {
    const file = saved(path(`hollow.${ending}`), bytes);
    for (const read of [readImage, readLabelMap]) {
      expect(await refusal(() => read(file))).toEqual([
        DataError,
        `${file} declares ${side} rows and ${side} columns but has ${bytes.length} bytes; expected a PNG, TIFF, JPEG or WebP image with all its pixels; replace the file`,
      ]);
    }
  });

  test('are refused by sharp beyond 268,402,689 pixels', async () => {
    const file = saved(path('endless.png'), hollowPng(100_000));
    expect(await refusal(() => readImage(file))).toEqual([
      DataError,
      expect.stringContaining(`cannot read ${file}: Input image exceeds pixel limit; expected`),
    ]);
  });
});
