import { keysOf, schemaOf } from './config-keys.ts';

/**
 * A config with some keys changed. Objects are merged key by key; one that is given another `kind` keeps the keys that
 * both kinds have, so that an exchanged module is as wide and reads its inputs in the same way as the one before;
 * arrays and everything else are replaced. Unknown keys are refused by {@link parseConfig}.
 * @param schema - of the merged value.
 */
export function mergeConfig(base: unknown, patch: unknown, schema: unknown): unknown {
  if (!isObject(base) || !isObject(patch)) return patch === undefined ? base : patch;
  const another = 'kind' in patch && patch['kind'] !== base['kind'];
  const kept = another ? keysOf(schema, patch) : Object.keys(base);
  const merged = Object.fromEntries(Object.entries(base).filter(([key]) => kept.includes(key)));
  for (const [key, value] of Object.entries(patch)) {
    merged[key] = mergeConfig(merged[key], value, schemaOf(schema, { ...base, ...patch }, key));
  }
  return merged;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
