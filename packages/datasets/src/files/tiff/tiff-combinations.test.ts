import { writeFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { DataError } from '@pffnet/structures';
import { refusal } from '../../../test/refusal.ts';
import { temporaryFolder } from '../../../test/temporary-folder.ts';
import { tiffFacts, tiffFiles } from '../../../test/tiff-combinations.ts';
import { decodePixels, decodeStored, readHeader } from '../decode-pixels.ts';
import { readImage } from '../read-image.ts';
import { readLabelMap } from '../read-label-map.ts';

const { path } = temporaryFolder();
const { height, width, samples, values, others } = tiffFacts;
const files = tiffFiles();

const saved = (name: string): string => {
  const file = path(name);
  writeFileSync(file, files.get(name) ?? Buffer.alloc(0));
  return file;
};

const combinations = [...files.keys()].filter((name) => name.split('.').length === 7).map((name) => {
  const [dtype, layout, packing, predictor, order, blocks] = name.split('.');
  return { name, dtype, layout, packing, predictor, order, blocks };
}); // prettier-ignore

const groups = [...new Set(combinations.map(({ dtype, layout }) => `${dtype} ${layout}`))];

/** Channels that are read: alpha is left out. */
const shownSamples = (layout: string): number => (layout.endsWith('-alpha') ? samples[layout] - 1 : samples[layout]);

function storedNumbers(dtype: string, layout: string): number[] {
  const all = values[dtype][samples[layout]];
  return all.filter((_, at) => at % samples[layout] < shownSamples(layout));
}

describe('every combination of numbers, channels, packing, byte order and blocks', () => {
  test('is there', () => {
    expect(combinations.length).toBe(tiffFacts.combinations);
    expect(combinations.length).toBeGreaterThan(1500);
  });

  test.each(groups)('%s: the numbers stored are those that tifffile reads', async (group) => {
    for (const { name, dtype, layout } of combinations.filter((each) => `${each.dtype} ${each.layout}` === group)) {
      const { data, ...facts } = await decodeStored(saved(name));
      expect({ name, data: [...data] }).toEqual({ name, data: storedNumbers(dtype, layout) });
      expect(facts).toMatchObject({ height, width, channels: shownSamples(layout), lossy: undefined, orientation: 1 });
      expect(await readHeader(path(name), 'any')).toMatchObject({ height, width, orientation: 1 });
    }
  });

  test.each(groups)('%s: an image is what a viewer shows, or refused by its channels', async (group) => {
    for (const { name, dtype, layout } of combinations.filter((each) => `${each.dtype} ${each.layout}` === group)) {
      const file = saved(name);
      const stored = storedNumbers(dtype, layout);
      if (layout.startsWith('channels')) {
        expect(await refusal(() => decodePixels(file))).toEqual([
          DataError,
          `${file} has 4 channels; expected one grey channel or a colour picture; choose the one to read with --channel, from 1 to 4`,
        ]);
        const second = await decodePixels(file, 2);
        expect([...second.data]).toEqual(stored.filter((_, at) => at % 4 === 1));
        continue;
      }
      const { data, fullRange, channels, alpha } = await decodePixels(file);
      const whole = !dtype.startsWith('float');
      const shown = layout !== 'min-is-white' ? stored : stored.map((value) => (fullRange ?? (whole ? -1 : 0)) - value);
      expect({ name, data: [...data] }).toEqual({ name, data: shown.map((value) => (whole ? value : value + 0)) });
      expect({ channels, alpha }).toEqual({ channels: shownSamples(layout), alpha: layout.endsWith('-alpha') });
    }
  });
});

describe('other kinds of TIFF', () => {
  const readable = Object.entries(others).filter((entry): entry is [string, number[]] => entry[1] !== null);

  test.each(readable)('%s holds the numbers that were saved', async (name, stored) => {
    expect([...(await decodeStored(saved(name))).data]).toEqual(stored);
  });

  test.each(['bits-1-g4-msb2lsb.tif', 'bits-1-g3-2d-lsb2msb.tif', 'bits-1-none-lsb2msb.tif'])(
    '%s: a label map of 1 bit is not inverted',
    async (name) => {
      expect([...(await readLabelMap(saved(name))).data]).toEqual(others[name]);
    },
  );

  test('the index of a colour table is the id, its colours are the image', async () => {
    const file = saved('palette.tif');
    expect([...(await readLabelMap(file)).data]).toEqual(others['palette.tif']);
    const { data, channels, palette } = await decodePixels(file);
    expect({ channels, palette }).toEqual({ channels: 3, palette: true });
    const [first] = others['palette.tif'] ?? [];
    expect([...data.subarray(0, 3)]).toEqual([first, 255 - first, 0x80]);
  });

  test.each(['levels-pages.tif', 'levels-subifds.tif'])('%s: levels are one image, the first is read', async (name) => {
    const file = saved(name);
    expect(await readHeader(file)).toMatchObject({ height: 64, width: 48 });
    expect(await readImage(file)).toMatchObject({ height: 64, width: 48 });
  });

  test.each(['stack.tif', 'slices-imagej.tif'])('%s: real pages are refused', async (name) => {
    const file = saved(name);
    const message = `${file} holds 3 images; expected one; save the wanted image as a file of its own`;
    for (const read of [readImage, readLabelMap, (it: string) => readHeader(it)]) {
      expect(await refusal(() => read(file))).toEqual([DataError, message]);
    }
  });

  test.each([
    ['channels-ome.tif', '3 channels (DAPI, GFP, Cy5)', ' or by name'],
    ['channels-imagej.tif', '3 channels', ''],
    ['channels-tifffile.tif', '3 channels', ''],
  ])('%s: pages that are channels are chosen by number or name', async (name, has, byName) => {
    const file = saved(name);
    const stored = others[name] ?? [];
    expect(await refusal(() => readImage(file))).toEqual([
      DataError,
      `${file} has ${has}; expected one grey channel or a colour picture; choose the one to read with --channel, from 1 to 3${byName}`,
    ]);
    expect([...(await decodePixels(file, 3)).data]).toEqual(stored.filter((_, at) => at % 3 === 2));
    expect(await refusal(() => readLabelMap(file))).toEqual([
      DataError,
      expect.stringContaining(`${file} has ${has} that differ; expected a label map`),
    ]);
  });

  test('a channel is chosen by its name, whatever its capitals', async () => {
    const { data } = await decodePixels(saved('channels-ome.tif'), 'gfp');
    expect([...data]).toEqual((others['channels-ome.tif'] ?? []).filter((_, at) => at % 3 === 1));
    expect(await refusal(() => decodePixels(path('channels-ome.tif'), 'Cy3'))).toEqual([
      DataError,
      `${path('channels-ome.tif')} has 3 channels (DAPI, GFP, Cy5) and no channel Cy3; expected a number from 1 to 3 or a name; give another --channel`,
    ]);
  });

  test.each([
    ['uint32-lzma.tif', 'LZMA'],
    ['rgb-lzma.tif', 'LZMA'],
    ['rgb-lerc.tif', 'LERC'],
    ['rgb-webp.tif', 'WebP'],
  ])('%s: a compression that is not read is named', async (name, compression) => {
    const file = saved(name);
    expect(await refusal(() => readImage(file))).toEqual([
      DataError,
      `${file} is compressed with ${compression}, which is not read here; expected a PNG, TIFF, JPEG or WebP image; save it with Deflate`,
    ]);
  });

  test.each([
    ['rgb-jpeg.tif', 'JPEG'],
    ['rgb-lerc.tif', 'LERC'],
    ['rgb-webp.tif', 'WebP'],
  ])('%s: a label map with loss is refused by the name of the compression', async (name, compression) => {
    const file = saved(name);
    const [kind, message] = await refusal(() => readLabelMap(file));
    expect(kind).toBe(DataError);
    expect(message).toMatch(new RegExp(`^${file} is compressed with ${compression}, .*without loss`));
  });

  test('an orientation is not applied, but told', async () => {
    const file = saved('orientation-6.tif');
    const { notes, ...labels } = await readLabelMap(file);
    expect([...labels.data]).toEqual(others['orientation-6.tif']);
    expect(notes).toEqual([
      `${file} has orientation 6 (turned by 90 degrees), which is not applied; labels from a program that applies it lie across; turn the pixels themselves`,
    ]);
    expect((await readImage(file)).notes).toEqual(notes);
  });
});
