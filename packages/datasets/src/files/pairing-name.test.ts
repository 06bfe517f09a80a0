import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { pairingName, pairingNameOfEntry } from './pairing-name.ts';

const composed = 'zelle_\u00e4';
const decomposed = 'zelle_a\u0308';

describe('pairingName', () => {
  test.each([
    ['x', 'x'],
    ['x.png', 'x'],
    ['X.TIF', 'X'],
    ['x.ome.tif', 'x'],
    ['x.ome.tiff', 'x'],
    ['x.tif.png', 'x'],
    ['scan.1.tif', 'scan.1'],
    ['scan.1', 'scan.1'],
    ['v2.0_a', 'v2.0_a'],
    ['images/x.png', 'x'],
    ['images\\x.png', 'x'],
    ['C:\\data\\images\\x.ome.tif', 'x'],
    [`${decomposed}.png`, composed],
    [composed, composed],
    ['.png', '.png'],
    ['', ''],
  ])('of %j is %j', (file, name) => {
    expect(pairingName(file)).toBe(name);
  });

  test('of a pairing name is the same', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(pairingName(pairingName(text))).toBe(pairingName(text));
      }),
    );
  });
});

describe('pairingNameOfEntry', () => {
  test('leaves out the ending of its kind, and those of an image before it', () => {
    expect(pairingNameOfEntry('x.ome.tif.geojson', ['.geojson'])).toBe('x');
    expect(pairingNameOfEntry('x.y.xml', ['.xml'])).toBe('x.y');
    // A backslash is a letter of a file's name here.
    expect(pairingNameOfEntry('a\\b.xml', ['.xml'])).toBe('a\\b');
  });
});
