import { describe, expect, test } from '@jest/globals';
import { golden, newTensors, nhwc, randomTensor } from '@pffnet/tensor-ops/testing';
import type { Rank } from '@tensorflow/tfjs-core';
import { imageTensor, withoutPadding } from './image-tensor.ts';

const exact = { atol: 0, rtol: 0 };

describe('imageTensor', () => {
  test('normalises each channel in the order asked for, and pads with zeros to a multiple of 32', () => {
    const image = { height: 1, width: 2, data: Float32Array.of(10, 20, 30, 40, 50, 60) };
    const [rgb, bgr] = (['rgb', 'bgr'] as const).map((channelOrder) =>
      imageTensor(image, { channelOrder, mean: [1, 2, 3], deviation: [1, 2, 3] }),
    );
    expect(rgb.shape).toEqual([1, 32, 32, 3]);
    const [firstRow] = rgb.arraySync()[0];
    expect(firstRow[0]).toBeAllClose([10 - 1, (20 - 2) / 2, (30 - 3) / 3], exact);
    expect(bgr.arraySync()[0][0][1]).toBeAllClose([60 - 1, (50 - 2) / 2, (40 - 3) / 3], { atol: 0, rtol: 1e-7 });
    expect(firstRow[2]).toBeAllClose([0, 0, 0], exact);
    expect(rgb.dataSync().slice(2 * 3)).toBeAllClose(new Float32Array(32 * 32 * 3 - 6), exact);
  });

  test.each([
    [32, 32],
    [33, 64],
    [1, 32],
  ])('a side of %d becomes %d', (side, padded) => {
    const image = { height: side, width: side, data: new Float32Array(side * side * 3) };
    expect(imageTensor(image, { channelOrder: 'rgb', mean: [0, 0, 0], deviation: [1, 1, 1] }).shape).toEqual([
      1,
      padded,
      padded,
      3,
    ]);
  });

  test('pads to another multiple where a network asks for it', () => {
    const image = { height: 5, width: 16, data: new Float32Array(5 * 16 * 3) };
    expect(imageTensor(image, { channelOrder: 'rgb', mean: [0, 0, 0], deviation: [1, 1, 1] }, 8).shape).toEqual([
      1, 8, 16, 3,
    ]);
  });

  test('is what the released code gives its network', () => {
    const { plain } = golden('image_padding');
    // Stored are channels b, g, r less 128.
    const { data } = plain('image');
    const [height, width] = [37, 50];
    const image = new Float32Array(height * width * 3);
    for (let pixel = 0; pixel < height * width; pixel++)
      for (let channel = 0; channel < 3; channel++)
        image[pixel * 3 + channel] = data[(2 - channel) * height * width + pixel] + 128;
    const actual = imageTensor(
      { height, width, data: image },
      { channelOrder: 'bgr', mean: [128, 128, 128], deviation: [1, 1, 1] },
    );
    // Adding 128 and taking it away again costs the last bits of a value near 128.
    expect(actual).toBeAllClose(nhwc(plain('padded')), { atol: 2e-5, rtol: 0 });
  });
});

describe('withoutPadding', () => {
  test('cuts the image out of a padded map, and gives one tensor', () => {
    const map = randomTensor<Rank.R4>([1, 4, 3, 2], 'map');
    const rows = map.arraySync()[0];
    expect(withoutPadding(map, { height: 2, width: 3 }).arraySync()).toEqual([rows.slice(0, 2)]);
    expect(newTensors(() => withoutPadding(map, { height: 4, width: 3 }))).toBe(1);
  });
});
