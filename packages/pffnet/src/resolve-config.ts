import { ConfigError } from '@pffnet/structures';
import { closest } from 'fastest-levenshtein';
import type { PffnetConfig } from './config.ts';
import { readAs } from './fidelity.ts';
import { parseConfig } from './parse-config.ts';
import { presets } from './presets/index.ts';
import { type Profile, profiles } from './profiles.ts';
import { variants } from './variants.ts';
import { merge, vary } from './vary.ts';

/** What a person asked for. */
export interface ConfigRequest {
  /** A preset's name, or the content of a JSON file: keys of a config, and `extends` with the preset to begin from. */
  readonly base: string | Readonly<Record<string, unknown>>;
  /** Where `base` came from, for messages. */
  readonly source: string;
  readonly profile?: string;
  /** The name of one of {@link variants}. */
  readonly variant?: string;
  /** `a.b=value` settings; values are JSON where they can be read as such, else text. */
  readonly settings?: readonly string[];
}

/**
 * Builds the config of a run: preset, then profile, then the file's own keys, then the variant, then the settings. A
 * fidelity, in the file or among the settings, turns the switches of the modules that are there; keys that stand beside it
 * win, wherever it is written.
 * @throws ConfigError for an unknown preset, profile, variant or key (naming the nearest) or a value of the wrong type.
 */
export function resolveConfig({ base, source, profile, variant, settings = [] }: ConfigRequest): PffnetConfig {
  const { extends: name, ...own } = typeof base === 'string' ? { extends: base } : base;
  // A saved config names its preset and is whole already; anything else begins from one.
  const presetName = String(name ?? own['preset'] ?? 'paper');
  const preset = lookUp(presets, presetName, 'preset', source);
  const { rules, scale } = profile === undefined ? nothing : lookUp(profiles, profile, 'profile', '--profile');
  const start = [rules, ...(presetName === 'paper' ? [scale] : [])].reduce(vary, preset);
  const fromFile = apply(start, [{ source, patch: own }]);
  const network = variant === undefined ? {} : lookUp(variants, variant, 'variant', '--variant');
  return apply(fromFile, [{ source: '--variant', patch: network }, ...settings.map(parseSetting)]);
}

const nothing: Profile = { rules: {}, scale: {} };

/** Some keys, and where they were given. */
interface Assignment {
  readonly source: string;
  readonly patch: unknown;
}

/** Merges patches in order; a fidelity among them is turned first, on the modules that they choose. */
function apply(config: PffnetConfig, assignments: readonly Assignment[]): PffnetConfig {
  const assign = (start: PffnetConfig): PffnetConfig =>
    assignments.reduce((merged, { source, patch }) => parseConfig(merge(merged, patch), source), start);
  const assigned = assign(config);
  const named = assignments.some(({ patch }) => 'fidelity' in (patch as object));
  return named ? assign(readAs(assigned.fidelity, assigned)) : assigned;
}

function lookUp<Value>(table: Readonly<Record<string, Value>>, name: string, what: string, source: string): Value {
  if (Object.hasOwn(table, name)) return table[name];
  const names = Object.keys(table);
  throw new ConfigError(
    `${source}: there is no ${what} ${name}; did you mean ${closest(name, names)}? (${names.join(', ')})`,
  );
}

function parseSetting(text: string): Assignment {
  const [path, ...rest] = text.split('=');
  if (rest.length === 0 || path === '')
    throw new ConfigError(`--set ${text}: expected key=value, such as loss.alpha1=1`);
  const value = parseValue(rest.join('='));
  return {
    source: `--set ${text}`,
    patch: path.split('.').reduceRight<unknown>((inner, key) => ({ [key]: inner }), value),
  };
}

function parseValue(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
