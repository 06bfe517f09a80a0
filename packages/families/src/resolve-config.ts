import type { ConfigPatch, NetworkConfig, NetworkFamily, Profile, ProfileName } from '@pffnet/network';
import { ConfigError } from '@pffnet/structures';
import { closest } from 'fastest-levenshtein';
import { families } from './families.ts';
import { familyOf } from './family-of.ts';
import { vary } from './parse-config.ts';
import { variantNamed } from './variants.ts';

/** What a person asked for. */
export interface ConfigRequest {
  /** A preset's name, or the content of a JSON file: keys of a config, and `extends` with the preset to begin from. */
  readonly base: string | Readonly<Record<string, unknown>>;
  /** Where `base` came from, for messages. */
  readonly source: string;
  /** The family, where neither the base nor the variant says. */
  readonly kind?: string;
  readonly profile?: string;
  /** The name of a network, see {@link variants}. */
  readonly variant?: string;
  /** `a.b=value` settings; values are JSON where they can be read as such, else text. */
  readonly settings?: readonly string[];
}

/**
 * Builds the config of a run: preset, then profile, then the file's own keys, then the variant, then the settings. A
 * fidelity, in the file or among the settings, turns the switches of the modules that are there; keys that stand beside it
 * win, wherever it is written. The preset is that of the family which the file, the variant or `kind` names.
 * @throws ConfigError for an unknown preset, profile, variant or key (naming the nearest) or a value of the wrong type.
 */
export function resolveConfig(request: ConfigRequest): NetworkConfig {
  const { base, source, profile, variant, settings = [] } = request;
  const { extends: name, ...own } = typeof base === 'string' ? { extends: base } : base;
  const network = variant === undefined ? undefined : variantNamed(variant, '--variant');
  const family = familyOf({ kind: own['kind'] ?? network?.kind ?? request.kind }, source);
  if (network !== undefined && network.kind !== family.kind) {
    throw new ConfigError(
      `--variant ${network.name}: a network of kind ${network.kind}, and ${source} is a config of kind ${family.kind}; leave one of them out`,
    );
  }
  // A saved config names its preset and is whole already; anything else begins from one.
  const presetName = String(name ?? own['preset'] ?? 'paper');
  const preset = lookUp(family.presets, presetName, 'preset', source);
  const { rules, scale } = profileOf(family, profile);
  const start = [rules, ...(presetName === 'paper' ? [scale] : [])].reduce<NetworkConfig>(
    (config, patch) => vary(config, patch),
    preset,
  );
  const fromFile = apply(start, [{ source, patch: own }]);
  return apply(fromFile, [{ source: '--variant', patch: network?.patch ?? {} }, ...settings.map(parseSetting)]);
}

const nothing: Profile = { rules: {}, scale: {} };

/** A data set that is known to another family has no settings in this one. */
function profileOf(family: NetworkFamily, name: string | undefined): Profile {
  if (name === undefined) return nothing;
  const known = Object.fromEntries(families.flatMap(({ profiles }) => Object.entries(profiles)));
  lookUp(known, name, 'profile', '--profile');
  return family.profiles[name as ProfileName] ?? nothing;
}

/** Some keys, and where they were given. */
interface Assignment {
  readonly source: string;
  readonly patch: ConfigPatch;
}

/** Merges patches in order; a fidelity among them is turned first, on the modules that they choose. */
function apply(config: NetworkConfig, assignments: readonly Assignment[]): NetworkConfig {
  const assign = (start: NetworkConfig): NetworkConfig =>
    assignments.reduce((merged, { source, patch }) => vary(merged, patch, source), start);
  const assigned = assign(config);
  const named = assignments.some(({ patch }) => 'fidelity' in patch);
  return named ? assign(familyOf(assigned).readAs?.(assigned.fidelity, assigned) ?? assigned) : assigned;
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
    patch: path.split('.').reduceRight<unknown>((inner, key) => ({ [key]: inner }), value) as ConfigPatch,
  };
}

function parseValue(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
