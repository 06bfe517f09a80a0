import { describe, expect, test } from '@jest/globals';
import { ConfigError } from '@pffnet/structures';
import { checkTerms } from './check-terms.ts';

const term = (name: string, weight = 1) => ({ name, weight, symbol: name, meaning: name });

describe('checkTerms', () => {
  test('takes terms with names of their own, weight 0 too', () => {
    expect(() => {
      checkTerms([term('distance'), term('edge', 0)]);
    }).not.toThrow();
  });

  test.each([
    [[term('mask'), term('mask')], 'there are two loss terms named mask; give each a name of its own'],
    [[term('total')], 'no loss term can be named total, which logs use for something else; rename it'],
    [[term('edge', -1)], 'loss term edge has the weight -1; expected a number of at least 0'],
    [[term('edge', NaN)], 'loss term edge has the weight NaN; expected a number of at least 0'],
  ])('refuses %j', (terms, message) => {
    expect(() => {
      checkTerms(terms);
    }).toThrow(new ConfigError(message));
  });
});
