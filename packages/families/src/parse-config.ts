import { hasKey, mergeConfig, type NetworkConfig, type NetworkFamily, parseConfig as parseAs } from '@pffnet/network';
import { ConfigError } from '@pffnet/structures';
import { families } from './families.ts';
import { familyOf } from './family-of.ts';

/**
 * Checks that a value is a whole config of the family that its `kind` names.
 * @param source - where it came from, for messages: a file or option.
 * @throws ConfigError naming the first wrong key, what was expected, and for an unknown key the nearest known one.
 */
export function parseConfig(value: unknown, source: string): NetworkConfig {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  return parseFor(familyOf(isObject ? value : {}, source), value, source);
}

/**
 * A config with some keys changed. Objects are merged key by key; one that is given another `kind` keeps the keys that
 * both kinds have; arrays and everything else are replaced.
 * @throws ConfigError if the patch leaves out what another kind needs, or a value is out of range.
 */
export function vary(base: NetworkConfig, patch: unknown, source = 'vary'): NetworkConfig {
  const family = familyOf(base, source);
  return parseFor(family, mergeConfig(base, patch, family.schema), source);
}

function parseFor(family: NetworkFamily, value: unknown, source: string): NetworkConfig {
  refuseForeignKeys(family, value, source);
  return parseAs(family.schema, value, source);
}

/** The message about a key of another family, as opposed to a mistyped key. */
function refuseForeignKeys(family: NetworkFamily, value: unknown, source: string): void {
  const kind = (value as { kind?: unknown } | null)?.kind ?? family.kind;
  if (kind !== family.kind) {
    throw new ConfigError(
      `${source}: kind is ${JSON.stringify(kind)}, but its keys are those of kind ${family.kind}; extend a preset of the kind that you want`,
    );
  }
  for (const path of pathsOf(value)) {
    if (hasKey(family.schema, path)) continue;
    const other = families.find(({ schema }) => hasKey(schema, path));
    if (other === undefined) continue;
    throw new ConfigError(
      `${source}: a network of kind ${family.kind} has no ${path.join('.')}, networks of kind ${other.kind} have; leave it out`,
    );
  }
}

/** The paths of the parts of a config: its keys, and the keys of its rule. */
function pathsOf(value: unknown): string[][] {
  const rule: unknown = (value as { test?: unknown } | null)?.test;
  return [...keysIn(value).map((key) => [key]), ...keysIn(rule).map((key) => ['test', key])];
}

const keysIn = (value: unknown): string[] =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.keys(value) : [];
