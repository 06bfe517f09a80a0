import { describe, expect, test } from '@jest/globals';
import type { Pixels } from '../files/pixels.ts';
import { describePixels } from './describe-pixels.ts';

const grey: Pixels = {
  height: 1,
  width: 4,
  channels: 1,
  data: Uint16Array.of(65535, 10, 20, 65535),
  fullRange: 65535,
  storedBits: 16,
  alpha: false,
  palette: false,
  lossy: false,
  orientation: 1,
};

describe('describePixels', () => {
  test('describes values as they are stored', () => {
    expect(describePixels(grey)).toMatchObject({
      bits: 16,
      kind: 'grey',
      channels: [{ least: 10, median: (20 + 65535) / 2, greatest: 65535, saturated: 0.5 }],
    });
  });

  test('tells colour from grey in three channels', () => {
    const three = { ...grey, width: 2, channels: 3, fullRange: 255, storedBits: 8 } as const;
    const same = describePixels({ ...three, data: Uint8Array.of(4, 4, 4, 9, 9, 9) });
    expect([same.kind, same.channels.length]).toEqual(['grey in colour', 1]);
    const coloured = describePixels({ ...three, data: Uint8Array.of(4, 5, 6, 255, 9, 8) });
    expect([coloured.kind, coloured.channels.map(({ least }) => least)]).toEqual(['colour', [4, 5, 6]]);
    expect(coloured.channels[0]!.saturated).toBe(0.5);
  });

  test('counts values of every depth alike', () => {
    for (const [data, top] of [
      [Uint8Array.of(255, 3, 255, 9), 255],
      [Uint16Array.of(65535, 3, 65535, 9), 65535],
      [Uint32Array.of(2 ** 32 - 1, 3, 2 ** 32 - 1, 9), 2 ** 32 - 1],
    ] as const) {
      const { channels } = describePixels({ ...grey, data, fullRange: top });
      expect(channels).toEqual([{ least: 3, median: (9 + top) / 2, greatest: top, saturated: 0.5 }]);
    }
  });

  test('leaves out values that are not finite', () => {
    const { channels, kind } = describePixels({ ...grey, data: Float32Array.of(NaN, 3, Infinity, 1), fullRange: null });
    expect([kind, channels]).toEqual(['grey', [{ least: 1, median: 2, greatest: 3, saturated: 0 }]]);
  });

  test('knows no saturation where numbers have no greatest', () => {
    const { channels } = describePixels({ ...grey, data: Float32Array.of(-1, 0, 1, 2), fullRange: null });
    expect(channels).toEqual([{ least: -1, median: 0.5, greatest: 2, saturated: 0 }]);
  });
});
