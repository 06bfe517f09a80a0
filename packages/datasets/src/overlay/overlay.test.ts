import { describe, expect, test } from '@jest/globals';
import { labelMap, objectIds, type RgbImage, ShapeError } from '@pffnet/structures';
import fc from 'fast-check';
import { refusal } from '../../test/refusal.ts';
import { adjacentColours } from './adjacent-colours.ts';
import { type Colour, colourDifference } from './colour-difference.ts';
import { overlay } from './overlay.ts';

const grey = (height: number, width: number): RgbImage => ({
  height,
  width,
  data: new Float32Array(height * width * 3).fill(100),
});

/** One character per pixel: a dot where the image shows through, else a letter per colour, a for the first one met. */
function drawn({ height, width, data }: RgbImage): string[] {
  const letters = new Map([['100,100,100', '.']]);
  const rows = [];
  for (let y = 0; y < height; y++) {
    let row = '';
    for (let x = 0; x < width; x++) {
      const colour = data.subarray((y * width + x) * 3, (y * width + x) * 3 + 3).join(',');
      if (!letters.has(colour)) letters.set(colour, String.fromCharCode(96 + letters.size));
      row += letters.get(colour);
    }
    rows.push(row);
  }
  return rows;
}

describe('adjacentColours', () => {
  test('gives neighbours, also across a gap of one pixel, different colours', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 30 }), { minLength: 60, maxLength: 60 }), (ids) => {
        const labels = labelMap(6, 10, ids);
        const colours = adjacentColours(labels, grey(6, 10));
        expect([...colours.keys()]).toEqual(objectIds(labels));
        const at = (y: number, x: number): number => ids[y * 10 + x]!;
        let alike = 0;
        for (let y = 0; y < 6; y++) {
          for (let x = 0; x < 10; x++) {
            for (const [dy, dx] of [
              [0, 1],
              [1, 0],
              [1, 1],
              [0, 2],
              [2, 0],
              [2, 2],
              [1, 2],
            ] as const) {
              if (y + dy >= 6 || x + dx >= 10) continue;
              const [one, other] = [at(y, x), at(y + dy, x + dx)];
              if (one === 0 || other === 0 || one === other) continue;
              if (String(colours.get(one)) === String(colours.get(other))) alike++;
            }
          }
        }
        expect(alike).toBe(0);
      }),
      { numRuns: 30 },
    );
  });

  // Twelve objects of 4 x 4 pixels, far from each other, on another ground.
  const twelve = labelMap(
    8,
    96,
    Array.from({ length: 8 * 96 }, (_, at) => {
      const [y, x] = [Math.floor(at / 96), at % 96];
      return y >= 2 && y < 6 && x % 8 >= 2 && x % 8 < 6 ? Math.floor(x / 8) + 1 : 0;
    }),
  );
  const painted = (objects: Colour, ground: Colour): RgbImage => ({
    height: 8,
    width: 96,
    data: Float32Array.from({ length: 8 * 96 * 3 }, (_, at) =>
      twelve.data[Math.floor(at / 3)] === 0 ? ground[at % 3]! : objects[at % 3]!,
    ),
  });

  test.each<[string, Colour, Colour]>([
    ['purple nuclei in pink tissue', [100, 80, 150], [215, 170, 210]],
    ['dark nuclei in pink tissue', [60, 40, 90], [200, 90, 130]],
    ['violet nuclei on white', [110, 40, 150], [240, 240, 240]],
    ['navy nuclei on lavender', [60, 20, 150], [190, 170, 215]],
    ['fluorescence', [90, 90, 90], [5, 5, 5]],
    ['bright nuclei on black', [255, 255, 255], [0, 0, 0]],
    ['yellow leaves on brown', [220, 220, 60], [90, 60, 30]],
  ])('outlines are clear against both sides, as violet on purple was not: %s', (_, objects, ground) => {
    const colours = [...adjacentColours(twelve, painted(objects, ground)).values()];
    for (const colour of colours) {
      expect(colourDifference(colour, objects)).toBeGreaterThan(50);
      expect(colourDifference(colour, ground)).toBeGreaterThan(50);
    }
    expect(new Set(colours.map(String)).size).toBeGreaterThanOrEqual(3);
  });

  test('takes the clearest colour where none is clear', () => {
    const [one] = adjacentColours(labelMap(1, 5, [0, 0, 1, 1, 1]), {
      height: 1,
      width: 5,
      // Between yellow and magenta.
      data: Float32Array.from([255, 225, 25, 255, 225, 25, 250, 40, 250, 250, 40, 250, 250, 40, 250]),
    }).values();
    expect(one).toEqual([0, 0, 0]);
  });

  test('gives lonely objects different colours too', () => {
    const colours = adjacentColours(labelMap(1, 9, [1, 0, 0, 0, 5, 0, 0, 0, 8]), grey(1, 9));
    expect(new Set([...colours.values()].map(String)).size).toBe(3);
  });
});

describe('overlay', () => {
  // Two objects that touch, one of 5 x 4 pixels and one of 5 x 2.
  const labels = labelMap(
    5,
    7,
    [0, 1, 1, 1, 1, 2, 2, 0, 1, 1, 1, 1, 2, 2, 0, 1, 1, 1, 1, 2, 2, 0, 1, 1, 1, 1, 2, 2, 0, 1, 1, 1, 1, 2, 2],
  );

  test('draws each object its own line, on its inside, and leaves the rest', () => {
    expect(drawn(overlay(grey(5, 7), labels))).toEqual(['.aaaabb', '.a..abb', '.a..abb', '.a..abb', '.aaaabb']);
  });

  test('draws the same on an image in bytes, and leaves it as it is', () => {
    const image = grey(5, 7);
    const bytes = { ...image, data: Uint8Array.from(image.data) };
    const { data } = overlay(bytes, labels);
    expect(data).toBeInstanceOf(Uint8ClampedArray);
    expect([...data]).toEqual([...overlay(image, labels).data]);
    expect([...bytes.data]).toEqual([...image.data]);
  });

  test('draws lines of two pixels', () => {
    const wide = labelMap(7, 7, Array<number>(49).fill(3));
    expect(drawn(overlay(grey(7, 7), wide, { thickness: 2 }))).toEqual([
      'aaaaaaa',
      'aaaaaaa',
      'aa...aa',
      'aa...aa',
      'aa...aa',
      'aaaaaaa',
      'aaaaaaa',
    ]);
  });

  test('draws the truth in one colour beneath', () => {
    const truth = labelMap(5, 7, [4, 4, 4, 4, 4, 4, 4, ...Array<number>(28).fill(0)]);
    const colour = [1, 2, 3] as const;
    const { data } = overlay(grey(5, 7), labels, { truth, truthColour: colour });
    expect([...data.subarray(0, 3)]).toEqual(colour);
    expect(drawn(overlay(grey(5, 7), labels, { truth }))[0]).toBe('abbbbcc');
  });

  test('shows one-pixel objects, and nothing where there is none', () => {
    expect(drawn(overlay(grey(1, 3), labelMap(1, 3, [0, 9, 0])))).toEqual(['.a.']);
    expect(overlay(grey(2, 2), labelMap(2, 2))).toEqual(grey(2, 2));
  });

  test('leaves the image it was given as it is', () => {
    const image = grey(5, 7);
    overlay(image, labels);
    expect(image).toEqual(grey(5, 7));
  });

  test('refuses a map of another size', async () => {
    expect(await refusal(() => overlay(grey(2, 3), labelMap(3, 2)))).toEqual([
      ShapeError,
      'overlay: expected label maps of 2 x 3, got 3 x 2',
    ]);
  });
});
