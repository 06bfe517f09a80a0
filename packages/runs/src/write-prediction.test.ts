import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { readImage, readLabelMap } from '@pffnet/datasets';
import { labelMap, type RgbImage } from '@pffnet/structures';
import { temporaryFolder } from '../test/temporary-folder.ts';
import { predictionFiles, writeMaps, writePrediction } from './write-prediction.ts';

const path = temporaryFolder();
const place = (name: string): { folder: string; name: string } => ({ folder: path(), name });
const grey = (height: number, width: number): RgbImage => ({
  height,
  width,
  data: new Float32Array(height * width * 3).fill(100),
});

describe('writePrediction', () => {
  test('writes a label map, a picture and a table; an unknown quality is an empty field', async () => {
    const labels = labelMap(1, 3, [1, 0, 2]);
    const about = { area: 1, classScore: 0.9, confidence: 0.45 };
    const instances = [
      { id: 1, box: [0, 0, 1, 1] as const, quality: 0.5, ...about },
      { id: 2, box: [0, 2, 1, 3] as const, quality: null, ...about },
    ];
    expect(await writePrediction(place('a'), grey(1, 3), { labels, instances })).toBe(path('a.png'));
    expect(await readLabelMap(path('a.png'))).toEqual(labels);
    expect((await readImage(path('a_overlay.png'))).data.subarray(3, 6)).toEqual(Float32Array.of(100, 100, 100));
    expect(readFileSync(path('a.csv'), 'utf8')).toBe(
      'id,y1,x1,y2,x2,area,classScore,quality,confidence\n1,0,0,1,1,1,0.9,0.5,0.45\n2,0,2,1,3,1,0.9,,0.45\n',
    );
  });

  test('writes a TIFF when there are more than 65,535 objects, and says so by its path', async () => {
    const ids = Uint32Array.from({ length: 257 * 256 }, (_, pixel) => pixel + 1);
    const labels = { height: 257, width: 256, data: ids };
    expect(await writePrediction(place('many'), grey(257, 256), { labels, instances: [] })).toBe(path('many.tif'));
    expect(await readLabelMap(path('many.tif'))).toEqual(labels);
  });
});

describe('writeMaps', () => {
  test('writes probabilities as grey values, and nothing for a prediction that the config lacks', async () => {
    const byName = new Map([['fused', Float32Array.of(0, 0.5, 1)]]);
    await writeMaps(place('b'), { height: 1, width: 3, byName }, grey(1, 3));
    expect([...(await readImage(path('b_fused.png'))).data]).toEqual([0, 0, 0, 128, 128, 128, 255, 255, 255]);
    await expect(readImage(path('b_semantic.png'))).rejects.toThrow('there is no file');
  });

  test('writes pictures as large as the image, whatever the size at which it was read', async () => {
    const byName = new Map([['fused', Float32Array.of(0, 1)]]);
    await writeMaps(place('d'), { height: 1, width: 2, byName }, grey(2, 4));
    const { height, width, data } = await readImage(path('d_fused.png'));
    expect([height, width, data[0], data[9]]).toEqual([2, 4, 0, 255]);
  });
});

describe('predictionFiles', () => {
  test('names all that one image may get', () => {
    expect(predictionFiles({ folder: 'out', name: 'c' })).toEqual(
      ['c.png', 'c.csv', 'c_overlay.png', 'c_semantic.png', 'c_fused.png', 'c_distance.png', 'c_colour.png'].map(
        (file) => `out/${file}`,
      ),
    );
  });
});
