import { expect, test } from '@jest/globals';
import { cropPlace, writeCrop } from './click-crop.ts';

const input = {
  channelOrder: 'rgb' as const,
  mean: [0, 0, 0] as [number, number, number],
  deviation: [1, 2, 4] as [number, number, number],
  scaling: { kind: 'auto' as const },
};

test('writeCrop shows the square around a click, zeros beyond the image, the click and the other clicks', () => {
  const image = { height: 1, width: 3, data: Float32Array.of(1, 2, 4, 2, 4, 8, 3, 6, 12) };
  const own = { y: 0.9, x: 0.5 };
  const place = cropPlace(own, 4);
  expect(place).toEqual({ y: -2, x: -2, side: 4 });
  const into = new Float32Array(4 * 4 * 5);
  writeCrop(
    into,
    image,
    place,
    {
      own,
      others: [
        { y: 0, x: 1 },
        { y: 0, x: 2 },
      ],
    },
    input,
  );
  const pixel = (y: number, x: number) => [...into.subarray((y * 4 + x) * 5, (y * 4 + x + 1) * 5)];
  expect(pixel(2, 2)).toEqual([1, 1, 1, 1, 0]);
  expect(pixel(2, 3)).toEqual([2, 2, 2, 0, 1]);
  expect(into.filter((value) => value !== 0)).toHaveLength(8); // the third pixel, clicked too, is not seen
});
