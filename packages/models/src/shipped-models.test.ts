import { existsSync, readFileSync, statSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { ConfigError } from '@pffnet/structures';
import { describeModel } from './open-model.ts';
import { modelFiles, modelNames } from './shipped-models.ts';

test('two models ship, one for each kind of images', async () => {
  expect(modelNames()).toEqual(['nuclei-fluorescence', 'nuclei-he']);
  const kinds = await Promise.all(modelNames().map(async (name) => (await describeModel(name)).facts?.images));
  expect(kinds).toEqual(['fluorescence', 'brightfield']);
});

test.each(modelNames())(
  '%s is small, says where it comes from, and has a card, an image and its labels',
  async (name) => {
    const { weights, card, image, labels } = modelFiles(name);
    expect(statSync(weights).size).toBeLessThanOrEqual(20_000_000);
    for (const file of [image, labels]) expect([file, existsSync(file)]).toEqual([file, true]);
    const { facts } = await describeModel(name);
    expect(facts).toMatchObject({ name, origin: { command: expect.stringContaining('pffnet train') } });
    const text = readFileSync(card, 'utf8');
    for (const heading of ['Data', 'Training', 'Scores', 'Where it fails', 'Licence'])
      expect(text).toContain(`## ${heading}`);
  },
);

test('an unknown name leads to the nearest', () => {
  expect(() => modelFiles('nuclei-hee')).toThrow(
    new ConfigError('there is no model nuclei-hee; did you mean nuclei-he? (nuclei-fluorescence, nuclei-he)'),
  );
});
