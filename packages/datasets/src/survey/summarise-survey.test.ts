import { mkdtempSync, rmSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { labelMap } from '@pffnet/structures';
import { writeImage } from '../files/write-image.ts';
import { writeLabelMap } from '../files/write-label-map.ts';
import { listDataset } from '../list-dataset.ts';
import { summariseSurvey } from './summarise-survey.ts';
import { surveyImage } from './survey-image.ts';

const folder = mkdtempSync(join(tmpdir(), 'pffnet-survey-'));

beforeAll(async () => {
  for (const part of ['images', 'labels']) await mkdir(join(folder, part));
  const maps = {
    a: labelMap(4, 4, [1, 1, 0, 0, 1, 1, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0]),
    b: labelMap(4, 4, [5, 0, 0, 5, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]),
  };
  for (const [name, labels] of Object.entries(maps)) {
    const data = Float32Array.from({ length: 48 }, (_, at) => (at % 3 === 0 ? 200 : 10));
    await writeImage(join(folder, 'images', `${name}.png`), { height: 4, width: 4, data });
    await writeLabelMap(join(folder, 'labels', `${name}.png`), labels);
  }
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

describe('summariseSurvey', () => {
  test('adds up what was read of a folder', async () => {
    const { format, images } = await listDataset(folder);
    expect(format).toBe('plain');
    const summary = summariseSurvey({
      images: await Promise.all(images.map((labelled) => surveyImage(labelled))),
      unreadable: [],
      split: new Map([
        ['a', 'train'],
        ['b', 'test'],
      ]),
    });
    expect(summary).toMatchObject({
      imageCount: 2,
      objectCount: 3,
      touching: 2,
      inPieces: 1,
      cut: 2,
      specks: 3,
      objectsPerImage: { least: 1, greatest: 2 },
      area: { least: 1, median: 2, greatest: 4 },
      boxWidth: { least: 1, median: 2, greatest: 4 },
      boxSize: { median: 2 },
      parts: [
        { part: 'test', images: 1, objects: 1 },
        { part: 'train', images: 1, objects: 2 },
      ],
    });
    expect(summary.images[1]).toEqual({
      name: 'b',
      part: 'test',
      height: 4,
      width: 4,
      bits: 8,
      kind: 'colour',
      least: 10,
      greatest: 200,
      objects: 1,
      touching: 0,
      inPieces: 1,
      cut: 1,
      specks: 1,
      greatestId: 5,
    });
  });

  test('knows the empty set', () => {
    expect(summariseSurvey({ images: [], unreadable: [] })).toMatchObject({ imageCount: 0, area: null, images: [] });
  });
});
