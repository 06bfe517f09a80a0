import { describe, expect, test } from '@jest/globals';
import { presets } from '@pffnet/pffnet';
import { ConfigError } from '@pffnet/structures';
import { familyOf } from './family-of.ts';
import { parseConfig, vary } from './parse-config.ts';
import { variantNamed, variants } from './variants.ts';

describe('parseConfig', () => {
  test('takes a config without a kind for one of the first family', () => {
    const { kind: _, ...before } = presets.smoke;
    expect(parseConfig(before, 'config.json')).toEqual(presets.smoke);
  });

  test.each<[unknown, string]>([
    [
      { ...presets.smoke, kind: 'two-stages' },
      'c: there is no kind of network two-stages; did you mean two-stage? (two-stage',
    ],
    [{ ...presets.smoke, losss: 1 }, 'c: there is no key losss; did you mean loss?'],
    [{ ...presets.smoke, seed: -1 }, 'c: seed is -1; '],
    ['smoke', 'c: the config is "smoke"; '],
    [null, 'c: the config is null; '],
  ])('refuses %j in one line', (value, message) => {
    expect(() => parseConfig(value, 'c')).toThrow(ConfigError);
    expect(() => parseConfig(value, 'c')).toThrow(message);
  });
});

describe('vary', () => {
  test('refuses a rule that this family does not know, naming where it came from', () => {
    expect(() => vary(presets.smoke, { test: { hMinima: 2 } }, 'tuned.json')).toThrow(
      /^tuned\.json: there is no key test\.hMinima; did you mean /,
    );
  });

  test('tells parts and rules of another family from mistyped keys', () => {
    expect(() => vary(presets.smoke, { unet: { width: 4 } }, 'c')).toThrow(
      'c: a network of kind two-stage has no unet, networks of kind dist have; leave it out',
    );
    expect(() => vary(presets.smoke, { test: { minDepth: 2 } }, 'tuned.json')).toThrow(
      'tuned.json: a network of kind two-stage has no test.minDepth, networks of kind dist have; leave it out',
    );
  });

  test('refuses another kind for the keys of this one', () => {
    expect(() => vary(presets.smoke, { kind: 'other' }, '--set kind=other')).toThrow(
      '--set kind=other: kind is "other", but its keys are those of kind two-stage; extend a preset of the kind that you want',
    );
  });
});

describe('variants', () => {
  test('have names of their own over all families, each of a family that knows it', () => {
    const names = variants.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const { name, kind } of variants) expect(Object.keys(familyOf({ kind }).variants)).toContain(name);
  });

  test('are named in the refusal of one that is not there', () => {
    expect(() => variantNamed('mask-rcn', '--variant')).toThrow('did you mean mask-rcnn?');
  });
});
