import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { hashName, type RandomStream, randomStream, resumeStream, shuffle } from './random.ts';

const draws = (stream: RandomStream, count: number): number[] => Array.from({ length: count }, () => stream.uniform());
const mean = (values: number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
const variance = (values: number[]): number => {
  const centre = mean(values);
  return mean(values.map((value) => (value - centre) ** 2));
};

describe('randomStream', () => {
  test('gives the same draws for the same seed and name, and others otherwise', () => {
    const first = draws(randomStream(7, 'a'), 5);
    expect(draws(randomStream(7, 'a'), 5)).toEqual(first);
    expect(draws(randomStream(7, 'b'), 5)).not.toEqual(first);
    expect(draws(randomStream(8, 'a'), 5)).not.toEqual(first);
    expect(draws(randomStream(7 + 2 ** 32, 'a'), 5)).not.toEqual(first);
    expect(draws(randomStream(-7, 'a'), 5)).not.toEqual(first);
  });

  test('draws uniform numbers evenly', () => {
    const values = draws(randomStream(1, 'uniform'), 20_000);
    expect(Math.min(...values)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...values)).toBeLessThan(1);
    // Standard errors: 0.002 of the mean, 0.0005 of the variance.
    expect(mean(values)).toBeCloseTo(1 / 2, 2);
    expect(variance(values)).toBeCloseTo(1 / 12, 2);
    const tenths = new Array<number>(10).fill(0);
    for (const value of values) tenths[Math.floor(value * 10)]++;
    // Chi-square with nine degrees of freedom is above 27.9 once in a thousand.
    expect(tenths.reduce((total, count) => total + (count - 2000) ** 2 / 2000, 0)).toBeLessThan(27.9);
  });

  test('draws normal numbers with mean 0 and variance 1', () => {
    const stream = randomStream(1, 'normal');
    const values = Array.from({ length: 20_000 }, () => stream.normal());
    expect(values.every(Number.isFinite)).toBe(true);
    expect(Math.abs(mean(values))).toBeLessThan(0.03);
    expect(Math.abs(variance(values) - 1)).toBeLessThan(0.04);
    // 68.3 % lie within one standard deviation.
    expect(mean(values.map((value) => (Math.abs(value) < 1 ? 1 : 0)))).toBeCloseTo(0.683, 1);
  });

  test('keeps streams of different names apart', () => {
    const [a, b] = [draws(randomStream(1, 'a'), 5000), draws(randomStream(1, 'b'), 5000)];
    const correlation = mean(a.map((value, index) => (value - 0.5) * (b[index] - 0.5))) * 12;
    expect(Math.abs(correlation)).toBeLessThan(0.05);
    expect(new Set([...a, ...b]).size).toBe(10_000);
  });

  test('draws integers below the bound, each one', () => {
    const stream = randomStream(1, 'integer');
    const seen = new Set(Array.from({ length: 200 }, () => stream.integer(6)));
    expect([...seen].sort()).toEqual([0, 1, 2, 3, 4, 5]);
    expect(stream.integer(1)).toBe(0);
  });
});

describe('resumeStream', () => {
  test('continues exactly where the state was taken', () => {
    fc.assert(
      fc.property(fc.integer(), fc.string(), fc.nat(50), (seed, name, before) => {
        const stream = randomStream(seed, name);
        for (let draw = 0; draw < before; draw++) stream.normal();
        const saved = JSON.parse(JSON.stringify(stream.state())) as [number, number, number, number];
        const next = [stream.uniform(), stream.normal(), stream.integer(1000)];
        const resumed = resumeStream(saved);
        expect([resumed.uniform(), resumed.normal(), resumed.integer(1000)]).toEqual(next);
      }),
      { seed: 1 },
    );
  });
});

describe('shuffle', () => {
  test('keeps every item and reaches every order', () => {
    const stream = randomStream(1, 'shuffle');
    const orders = new Set(Array.from({ length: 300 }, () => shuffle(['a', 'b', 'c', 'd'], stream).join('')));
    expect(orders.size).toBe(24);
    expect(shuffle([], stream)).toEqual([]);
  });
});

describe('hashName', () => {
  test('is FNV-1a', () => {
    // From the published test vectors.
    expect(hashName('')).toBe(0x811c9dc5);
    expect(hashName('a')).toBe(0xe40c292c);
    expect(hashName('foobar')).toBe(0xbf9cf968);
  });
});
