import { ConfigError } from '@pffnet/structures';
import type { LossTermSpec } from './network.ts';

/** Names that a log has for other things. */
const reserved = ['step', 'kind', 'total', 'learningRate', 'seconds', 'gradients'];

/**
 * Checks the terms of a network before anything is learned.
 * @throws ConfigError if two share a name, a name means something else in logs, or a weight is negative or not finite.
 */
export function checkTerms(terms: readonly LossTermSpec[]): void {
  const names = new Set<string>();
  for (const { name, weight } of terms) {
    if (names.has(name)) throw new ConfigError(`there are two loss terms named ${name}; give each a name of its own`);
    if (reserved.includes(name)) {
      throw new ConfigError(`no loss term can be named ${name}, which logs use for something else; rename it`);
    }
    if (!(weight >= 0) || !Number.isFinite(weight)) {
      throw new ConfigError(`loss term ${name} has the weight ${weight}; expected a number of at least 0`);
    }
    names.add(name);
  }
}
