import { describe, expect, test } from '@jest/globals';
import { describeAnchors } from './describe-anchors.ts';
import { presets } from './presets/index.ts';

const configs = new Map(Object.entries(presets));
const linesFor = (side: number, asked?: string): string[] =>
  describeAnchors(Float32Array.of(0, 0, side, side), configs, asked).problems.map(({ line }) => line);

describe('describeAnchors', () => {
  test('names the preset whose anchors fit better', () => {
    // A box of 12 pixels: an anchor of 12 of `small` covers it, the least of `paper` has 32.
    expect(linesFor(12)).toEqual([
      'anchors of 32 to 512 pixels (paper) overlap only 0.0 % of the objects by IoU 0.5; those of small, smoke reach 100.0 %: train with them, or with --set instanceHead.anchors.sizes=[12,24,48,96,192]',
    ]);
  });

  test('does not advise anchors that fit no better', () => {
    const lines = linesFor(4);
    expect(lines).toHaveLength(2);
    for (const line of lines) {
      expect(line).toMatch(
        /overlap only 0\.0 % .*; choose sizes nearer to those of the objects with --set instanceHead\.anchors\.sizes=\[…\]$/,
      );
    }
  });

  test('warns of the config that was asked about alone', () => {
    expect(describeAnchors(Float32Array.of(0, 0, 4, 4), configs, 'small').problems).toMatchObject([
      { severity: 'warning', line: expect.stringContaining('(small, smoke)') },
    ]);
  });

  test('says nothing without objects', () => {
    expect(describeAnchors(new Float32Array(), configs).problems).toEqual([]);
  });
});
