import { type ConfigPatch, configSchema, type PffnetConfig } from './config.ts';
import { keysOf, schemaOf } from './config-keys.ts';
import { parseConfig } from './parse-config.ts';

/**
 * A config with some keys changed. Objects are merged key by key; one that is given another `kind` keeps the keys that
 * both kinds have, so that an exchanged module is as wide and reads its inputs in the same way as the one before; arrays
 * and everything else are replaced.
 * @throws ConfigError if the patch leaves out what another kind needs, or a value is out of range.
 */
export function vary(base: PffnetConfig, patch: ConfigPatch): PffnetConfig {
  return parseConfig(merge(base, patch), 'vary');
}

/** Merges like {@link vary}, and leaves it to {@link parseConfig} to refuse what no config has. */
export function merge(base: unknown, patch: unknown, schema: unknown = configSchema): unknown {
  if (!isObject(base) || !isObject(patch)) return patch === undefined ? base : patch;
  const another = 'kind' in patch && patch['kind'] !== base['kind'];
  const kept = another ? keysOf(schema, patch) : Object.keys(base);
  const merged = Object.fromEntries(Object.entries(base).filter(([key]) => kept.includes(key)));
  for (const [key, value] of Object.entries(patch)) {
    merged[key] = merge(merged[key], value, schemaOf(schema, { ...base, ...patch }, key));
  }
  return merged;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
