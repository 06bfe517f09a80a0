import { describe, expect, test } from '@jest/globals';
import { labelMap } from '@pffnet/structures';
import { syntheticCells } from '../synthetic/synthetic-cells.ts';
import { describeObjects } from './describe-objects.ts';
import type { PixelFacts } from './describe-pixels.ts';
import { findProblems, type Problem } from './find-problems.ts';
import { likenessOf } from './likeness.ts';
import type { ImageSurvey } from './survey-image.ts';

const colour = { least: 3, median: 120, greatest: 250, saturated: 0 };
const pixels: PixelFacts = {
  height: 32,
  width: 32,
  bits: 8,
  fullRange: 255,
  kind: 'colour',
  alpha: false,
  palette: false,
  lossy: false,
  orientation: 1,
  channels: [colour, colour, colour],
};

/** A label map of 32 x 32 with squares of 8 pixels: [id, row, column] each. */
function squares(...places: readonly (readonly [id: number, y: number, x: number])[]): ImageSurvey['objects'] {
  const map = labelMap(32, 32);
  for (const [id, y, x] of places) {
    for (let row = y; row < y + 8; row++) map.data.fill(id, row * 32 + x, row * 32 + x + 8);
  }
  return describeObjects(map);
}

let seed = 0;
/** A sound image like no other. */
const sound = (change: Partial<ImageSurvey> = {}): ImageSurvey => ({
  name: `image${++seed}`,
  pixels,
  objects: squares([1, 4, 4], [2, 20, 20]),
  likeness: likenessOf(syntheticCells({ size: 64, count: [6, 9], seed }).image),
  ...change,
});
const withPixels = (change: Partial<PixelFacts>): ImageSurvey => sound({ name: 'a', pixels: { ...pixels, ...change } });
const problemsOf = (...images: readonly ImageSurvey[]): Problem[] => findProblems({ images, unreadable: [] });
const lines = (...images: readonly ImageSurvey[]): string[] =>
  problemsOf(...images).map(({ severity, line }) => `${severity}: ${line}`);

describe('findProblems', () => {
  test('finds nothing in a sound set', () => {
    expect(lines(sound(), sound(), sound())).toEqual([]);
  });

  test('names what cannot be read, and only that when nothing can', () => {
    const unreadable = [{ name: 'b', reason: 'cannot read b.png: it is empty' }];
    expect(findProblems({ images: [], unreadable })).toEqual([
      { severity: 'error', images: ['b'], line: 'cannot read b.png: it is empty' },
    ]);
  });

  test('refuses a set without objects, and warns of single images without', () => {
    expect(lines(sound({ objects: [] }))).toEqual([
      'error: no image has an object; expected label maps with ids above 0; check that the labels are instance maps',
    ]);
    expect(lines(sound(), sound({ name: 'a', objects: [] }), sound({ name: 'b', objects: [] }))).toEqual([
      'warning: 2 images (a, b) have no object; training skips such images; label them if objects were forgotten',
    ]);
  });

  test('tells objects in pieces from foreground masks', () => {
    expect(lines(sound({ name: 'a', objects: squares([1, 0, 0], [1, 20, 20], [2, 0, 20]) }))).toEqual([
      'warning: 1 object is in several pieces (a); the network predicts each object in one; give pieces that are objects ids of their own',
    ]);
    const mend =
      "number the regions first, so that every object has an id of its own, such as with scipy.ndimage.label or ImageJ's Connected Components Labeling";
    const mask = squares([1, 0, 0], [1, 0, 12], [1, 12, 0], [1, 12, 12], [1, 24, 24]);
    const pair = squares([1, 0, 0], [1, 0, 12]);
    const masks = [sound({ name: 'a', objects: mask }), sound({ name: 'b', objects: pair })];
    expect(lines(...masks, sound({ name: 'c' }))).toEqual([
      `warning: one id alone, which counts as one object: a in 5 regions, b in 2 regions; if that is a mask, ${mend}`,
    ]);
    expect(lines(...masks, sound({ name: 'c', objects: [] }))).toEqual([
      `error: label maps hold one id each, a in 5 regions, b in 2 regions: masks of the foreground, each of which would count as one object; ${mend}`,
      'warning: c has no object; training skips such images; label them if objects were forgotten',
    ]);
  });

  test('sees a background with an id', () => {
    const objects = describeObjects(
      labelMap(
        32,
        32,
        Array<number>(32 * 32)
          .fill(1)
          .fill(2, 100, 110),
      ),
    );
    expect(lines(sound({ name: 'a', objects }))).toEqual([
      'warning: a has an object that covers most of the image and reaches all its edges: background must have id 0',
    ]);
  });

  test('counts specks and gaps', () => {
    const objects = [...squares([1, 4, 4]), { ...squares([7, 20, 20])[0]!, area: 9 }];
    expect(lines(sound({ name: 'a', objects }))).toEqual([
      'warning: 1 object is smaller than 10 pixels (a); scores count each as an object to be found; erase those that are slips',
      'note: a has ids with gaps; allowed here, but evaluate --cvppp-strict counts every missing id as an object',
    ]);
  });

  test.each<[Partial<PixelFacts>, RegExp]>([
    [{ channels: [{ ...colour, least: 7, greatest: 7 }] }, /^warning: a has only one grey value/],
    [{ channels: [{ ...colour, least: 0, greatest: 63 }] }, /^warning: a has fewer than 64 of 256 grey values/],
    [{ channels: [{ ...colour, saturated: 0.06 }] }, /^note: a has more than 5 % of the pixels/],
    [{ alpha: true }, /^note: a has an alpha channel/],
    [{ palette: true }, /^note: a has a colour table/],
    [{ lossy: true }, /^note: a has compression with loss/],
    [{ kind: 'grey in colour' }, /^note: a has three equal channels/],
  ])('looks at stored pixels: %j', (change, line) => {
    expect(lines(withPixels(change))).toEqual([expect.stringMatching(line)]);
  });

  test('names orientations once for all images, and what the readers noticed', () => {
    const turned = [6, 6, 3].map((orientation) => withPixels({ orientation }));
    const noted = sound({ notes: ['a.tif: 1 pixel is not a finite number'] });
    const lines = findProblems({ images: [...turned, noted], unreadable: [] }).map(({ line }) => line);
    expect(lines).toContain('a.tif: 1 pixel is not a finite number');
    expect(lines).toContain(
      '3 images (a, a, a) have orientation 6 and 3, which is not applied; annotation tools apply it: labels drawn upright lie across; turn the pixels themselves, or the labels',
    );
  });

  test('warns of mixed depths and kinds', () => {
    expect(lines(sound(), withPixels({ bits: 16, kind: 'grey' }))).toEqual([
      'warning: images of several bit depths: 8 and 16; deeper ones are scaled between percentiles, 8 bits taken as they are; set input.scaling to one rule for all',
      'warning: images of several kinds: colour and grey; check that they belong to one set',
    ]);
  });

  test('a copy is an error across parts of a split, a warning within one or without', () => {
    const likeness = sound().likeness;
    const images = [sound({ name: 'a', likeness }), sound({ name: 'b', likeness })];
    expect(lines(...images)).toEqual([
      'warning: a and b are the same picture; remove one, and never train on one and test on the other',
    ]);
    const split = (a: string, b: string): Problem[] =>
      findProblems({ images, unreadable: [], split: new Map(Object.entries({ a, b })) });
    expect(split('train', 'train').map(({ severity }) => severity)).toEqual(['warning']);
    expect(split('train', 'test')).toEqual([
      {
        severity: 'error',
        images: ['a', 'b'],
        line: 'a (train) and b (test) are the same picture: a test on one would be of what was learned from the other; remove one, or put both into one part',
      },
    ]);
  });

  test('compares the split with the images, errors first', () => {
    const images = [sound({ name: 'cell_1' }), sound({ name: 'cell_2' })];
    const split = new Map([
      ['cell_1', 'train'],
      ['cell_22', 'test'],
    ]);
    expect(findProblems({ images, unreadable: [], split }).map(({ severity, line }) => `${severity}: ${line}`)).toEqual(
      [
        'error: cell_2 has no line in the split; nearest to the first is cell_22; add a line for every image',
        'note: the split names 1 image not there: cell_22',
      ],
    );
  });
});
