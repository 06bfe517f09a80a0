import { expect, test } from '@jest/globals';
import { families } from './families.ts';
import { mapNames } from './map-names.ts';

test('mapNames are those of every family', () => {
  expect(mapNames).toEqual([...new Set(families.flatMap((family) => family.mapNames))]);
});
