import type { NetworkFamily } from '@pffnet/network';
import { ConfigError } from '@pffnet/structures';
import { closest } from 'fastest-levenshtein';
import { families } from './families.ts';

/**
 * The family of a config.
 * @param kind - the config's `kind`; where it has none, it is of the first family.
 * @param source - where it came from, for messages.
 * @throws ConfigError if there is no such family.
 */
export function familyOf({ kind }: { readonly kind?: unknown }, source = 'the config'): NetworkFamily {
  if (kind === undefined) return families[0];
  const family = families.find((known) => known.kind === kind);
  if (family !== undefined) return family;
  const kinds = families.map((known) => known.kind);
  throw new ConfigError(
    `${source}: there is no kind of network ${String(kind)}; did you mean ${closest(String(kind), kinds)}? (${kinds.join(', ')})`,
  );
}
