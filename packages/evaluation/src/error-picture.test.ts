import { describe, expect, test } from '@jest/globals';
import { type LabelMap, labelMap } from '@pffnet/structures';
import { errorPicture, type Fate, fateColours, fatesOf } from './error-picture.ts';

/** Rows of a label map, `.` is background. */
const draw = (...rows: string[]): LabelMap =>
  labelMap(
    rows.length,
    rows[0].length,
    [...rows.join('')].map((id) => (id === '.' ? 0 : Number(id))),
  );

const truth = draw('11..22..', '11..22..', '11..22..');
const prediction = draw('77.....9', '77.....9', '77..8..9');

describe('fatesOf', () => {
  test('follows the matches of PQ: object 2 is covered by too little', () => {
    expect(fatesOf(prediction, truth)).toEqual({ missed: new Set([2]), false: new Set([8, 9]) });
  });

  test('of empty maps has nothing', () => {
    expect(fatesOf(draw('..'), draw('..'))).toEqual({ missed: new Set(), false: new Set() });
    expect(fatesOf(draw('.1'), draw('..')).false).toEqual(new Set([1]));
  });
});

describe('errorPicture', () => {
  const fates = fatesOf(prediction, truth);
  const colourAt = ({ data }: { data: Float32Array }, y: number, x: number): number[] => [
    ...data.slice((y * 8 + x) * 3, (y * 8 + x) * 3 + 3),
  ];
  const fateAt = (picture: { data: Float32Array }, y: number, x: number): Fate | undefined =>
    (['found', 'missed', 'false'] as const).find(
      (fate) => String(fateColours[fate]) === String(colourAt(picture, y, x)),
    );

  test('draws found, missed and false objects in their colours', () => {
    const picture = errorPicture(prediction, truth, fates, null);
    expect([picture.height, picture.width]).toEqual([3, 8]);
    expect([fateAt(picture, 0, 0), fateAt(picture, 1, 4), fateAt(picture, 1, 7)]).toEqual(['found', 'missed', 'false']);
    // Where a false prediction lies on a missed object, the missed one is on top.
    expect(fateAt(picture, 2, 4)).toBe('missed');
    expect(fateAt(picture, 1, 2)).toBeUndefined();
  });

  test('lies over the image in grey, or over the objects where there is none', () => {
    const image = { height: 3, width: 8, data: new Float32Array(3 * 8 * 3).fill(200) };
    const [red, green, blue] = colourAt(errorPicture(prediction, truth, fates, image), 1, 2);
    expect([red, green]).toEqual([green, blue]);
    expect(red).toBeGreaterThan(colourAt(errorPicture(prediction, truth, fates, null), 1, 2)[0]);
  });

  test('the colours differ by more than a tenth of the lightness range, too', () => {
    const lightness = Object.values(fateColours)
      .map(([r, g, b]) => 0.299 * r + 0.587 * g + 0.114 * b)
      .sort((a, b) => a - b);
    expect(lightness[1] - lightness[0]).toBeGreaterThan(30);
    expect(lightness[2] - lightness[1]).toBeGreaterThan(30);
  });
});
