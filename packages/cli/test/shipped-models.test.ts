import { expect, test } from '@jest/globals';
import { readImage, readLabelMap, writeImage } from '@pffnet/datasets';
import { modelFiles } from '@pffnet/models';
import { objectIds, type RgbImage, scaleImage } from '@pffnet/structures';
import { pffnet, refusal } from './run-pffnet.ts';
import { temporaryFolder } from './temporary-folder.ts';

const path = temporaryFolder();
const [stained, glowing] = [modelFiles('nuclei-he'), modelFiles('nuclei-fluorescence')];
const predicting = (...more: string[]): string[] => [
  'predict',
  '--backend',
  'wasm',
  '--out',
  path('predicted'),
  ...more,
];
const grey = (height: number, width: number): RgbImage => ({
  height,
  width,
  data: new Float32Array(height * width * 3).fill(230),
});

/** A corner of an image, as a file. */
async function corner(file: string, name: string, side: number): Promise<string> {
  const { width, data } = await readImage(file);
  const rows = Array.from({ length: side }, (_, y) => [...data.subarray(y * width * 3, (y * width + side) * 3)]);
  await writeImage(path(name), { height: side, width: side, data: Float32Array.from(rows.flat()) });
  return path(name);
}

test('models that ship find in their own images what they found when they were packed', async () => {
  const { code, out } = await pffnet('model', 'verify', '--backend', 'wasm');
  expect(code).toBe(0);
  expect(out).toMatch(/^nuclei-fluorescence agrees: AJI .*\nnuclei-he agrees: AJI .*\n$/);
}, 120_000);

test('--model auto chooses by the image, and says so', async () => {
  const files = [await corner(stained.image, 'stained.png', 128), await corner(glowing.image, 'glowing.png', 128)];
  const { code, said } = await pffnet(...predicting('--model', 'auto', ...files));
  expect(code).toBe(0);
  expect(said).toEqual(
    expect.arrayContaining([
      `${files[0]}: brightfield, read by nuclei-he`,
      `${files[1]}: fluorescence, read by nuclei-fluorescence`,
    ]),
  );
  for (const name of ['stained', 'glowing']) {
    expect(objectIds(await readLabelMap(path('predicted', `${name}.png`))).length).toBeGreaterThan(1);
  }
}, 120_000);

test('an image of another kind than the model learned from is warned of', async () => {
  const file = await corner(glowing.image, 'other.png', 64);
  const { code, said } = await pffnet(...predicting('--model', 'nuclei-he', file));
  expect(code).toBe(0);
  expect(said).toContainEqual(
    expect.stringMatching(
      /other\.png: looks like fluorescence, and nuclei-he learned from brightfield images, so that/,
    ),
  );
}, 120_000);

test('--diameter reads at another size, and gives the label map in the size of the image', async () => {
  const image = await readImage(await corner(stained.image, 'whole.png', 128));
  await writeImage(path('small.png'), scaleImage(image, 0.5));
  const { code } = await pffnet(...predicting('--model', 'nuclei-he', '--diameter', '10.3', path('small.png')));
  expect(code).toBe(0);
  const { height, width } = await readLabelMap(path('predicted', 'small.png'));
  expect([height, width]).toEqual([64, 64]);
}, 120_000);

test.each<[string, RgbImage]>([
  ['one pixel', grey(1, 1)],
  ['an image without objects', grey(64, 64)],
])(
  '--diameter auto of %s is an empty label map',
  async (name, image) => {
    const file = path(`${name.replaceAll(' ', '-')}.png`);
    await writeImage(file, image);
    const { code, said } = await pffnet(...predicting('--model', 'nuclei-he', '--diameter', 'auto', file));
    expect(code).toBe(0);
    expect(said).toContainEqual(expect.stringContaining('read at its own size'));
    const labels = await readLabelMap(path('predicted', `${name.replaceAll(' ', '-')}.png`));
    expect([labels.height, labels.width, objectIds(labels).length]).toEqual([image.height, image.width, 0]);
  },
  120_000,
);

test.each(['0', '-3', 'large', 'Infinity'])('--diameter %s is refused in one line', async (diameter) => {
  const [code, line] = await refusal(...predicting('--model', 'nuclei-he', '--diameter', diameter, stained.image));
  expect(code).toBe(2);
  expect(line).toContain('expected a number of pixels above 0, or auto');
});

test('--semantic and --panoptic of a packed model and a mistyped name are refused in one line', async () => {
  expect(await refusal(...predicting('--model', 'nuclei-he', '--semantic', stained.image))).toEqual([
    2,
    'pffnet: --semantic: nuclei-he is packed for label maps and has no parts for maps per pixel; leave it out, or give the run that it was packed from',
  ]);
  expect(await refusal(...predicting('--model', 'nuclei-he', '--panoptic', stained.image))).toEqual([
    2,
    'pffnet: --panoptic: nuclei-he is packed for label maps and has no semantic branch, which says what is background; leave it out, or give the run that it was packed from',
  ]);
  expect((await refusal(...predicting('--model', 'nuclei-hee', stained.image)))[1]).toContain(
    'did you mean nuclei-he?',
  );
});
