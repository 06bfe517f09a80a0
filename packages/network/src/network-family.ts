import type { PlainTensor } from '@pffnet/structures/safetensors';
import type { Boxes } from '@pffnet/structures';
import type { ParamScope } from '@pffnet/tensor-ops';
import type * as z from 'zod';
import type { ConfigPatch, NetworkConfig } from './network-config.ts';
import type { LossTermSpec } from './network.ts';
import type { Network } from './network.ts';

/** A data set whose settings a paper gives. */
export type ProfileName = 'kumar' | 'tnbc' | 'bbbc039' | 'cpm17' | 'cvppp';

/** What the authors of a network set per data set. */
export interface Profile {
  /** Rules of prediction and augmentation: they suit a network of any size. */
  readonly rules: ConfigPatch;
  /** Counts and schedule of the full-size network: preset `paper` alone takes them. */
  readonly scale: ConfigPatch;
}

/** A network of a family that has a name of its own in tables. */
export interface FamilyVariant {
  /** For tables: `Mask R-CNN`. */
  readonly title: string;
  /** Rows of the PFFNet paper's tables that it makes: `IX (a)`; absent where it has none. */
  readonly rows?: string;
  /** What it changes in any preset of the family. */
  readonly patch: ConfigPatch;
}

/**
 * Networks that share a flow, built from configs of one shape. Everything that is known of a network before it is built
 * stands here; families are listed in one table, and nothing registers itself.
 */
export interface NetworkFamily<Config extends NetworkConfig = NetworkConfig> {
  /** The config's `kind`. */
  readonly kind: Config['kind'];
  /** The shape of its configs. Unknown keys are refused. */
  readonly schema: z.ZodType<Config>;
  /** The configs that ship, by name; `paper`, `small` and `smoke` where they exist. */
  readonly presets: Readonly<Record<string, Config>>;
  /** Settings per data set; a data set without an entry has none. */
  readonly profiles: Readonly<Partial<Record<ProfileName, Profile>>>;
  /** Networks by the name that `--variant` and matrices use, unique over all families. */
  readonly variants: Readonly<Record<string, FamilyVariant>>;
  /** Endings of the pictures of predictions per pixel, `NAME_semantic.png`; see {@link PixelMaps}. */
  readonly mapNames: readonly string[];
  /**
   * Sets every switch of a reading of the paper (`fidelity`); absent where all readings agree. @returns the config,
   * with the switches of the modules that it has.
   */
  readAs?(fidelity: Config['fidelity'], config: Config): Config;
  /** The terms of the loss of networks with this config; those of {@link Network.terms}. */
  termsOf(config: Config): readonly LossTermSpec[];
  /**
   * Leaves out the parts of a network that label maps do not need; absent where they need all of it.
   * @returns the config of the network that is left, whose parameters are among those of the whole.
   */
  forLabelMaps?(config: Config): Config;
  /** Weights that training may start from; absent where it always starts at random. */
  readonly start?: PretrainedStart<Config>;
  /**
   * Builds a network.
   * @param scope - the root in which it declares its parameters; by default they are drawn from the config's seed.
   * @throws ConfigError if a value of the config does not fit another.
   */
  create(config: Config, scope?: ParamScope): Network;
  /**
   * How well networks with these configs suit objects, before anything is learned; `data check` shows it unchanged.
   * @param boxes - [n * 4] tight boxes of objects, image pixels.
   * @param configs - by name.
   * @param asked - the name of the config that a person asked about.
   */
  describeData?(boxes: Boxes, configs: ReadonlyMap<string, Config>, asked?: string): DataFinding;
}

/** Weights that training starts from. */
export interface PretrainedStart<Config extends NetworkConfig = NetworkConfig> {
  /** @throws ConfigError if the start is at random and parts of the network would never learn. */
  assertLearns(config: Config): void;
  /** The file that the config starts from, or null for a start at random. */
  fileOf(config: Config): string | null;
  /** The part of the config that the file decides, such as the normalisation that its kernels were learned with. */
  settingsOf(config: Config, bytes: Uint8Array): ConfigPatch;
  /** Initial values by path. */
  weightsOf(config: Config, bytes: Uint8Array): ReadonlyMap<string, PlainTensor>;
}

/** Something that a family has to say about a data set. */
export interface DataFinding {
  /** Its key in JSON: `anchors`. */
  readonly name: string;
  /** Its heading on a page: `Anchors`. */
  readonly title: string;
  /** What the table says, in a sentence or two. */
  readonly explanation: string;
  /** For people: column heads, and rows; `asked` marks the rows that were asked for. */
  readonly columns: readonly string[];
  readonly rows: readonly { readonly cells: readonly string[]; readonly asked: boolean }[];
  /** The same for machines. */
  readonly values: readonly unknown[];
  /** What should be done about it, one line each. */
  readonly problems: readonly { readonly severity: 'warning' | 'note'; readonly line: string }[];
}
