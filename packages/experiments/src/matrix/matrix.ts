import type { ConfigPatch } from '@pffnet/network';
import type { Protocol } from './protocol.ts';

/** A network of a matrix: a name, and what it changes in the preset. */
export interface Variant {
  readonly name: string;
  /** For tables; the name where absent. */
  readonly title?: string;
  /** The family whose presets it changes. */
  readonly kind: string;
  /** Applied in turn. */
  readonly patches: readonly ConfigPatch[];
}

/** Networks by data sets. */
export interface Block {
  readonly variants: readonly Variant[];
  readonly protocols: readonly Protocol[];
  /** Whether the block is left out, with a message, if the data set's folder is absent. */
  readonly wherePresent?: true;
  /** Rows of the table that have no runs, because their networks are not built yet. */
  readonly unbuilt?: readonly string[];
  /** Rows of the table that the paper quotes from other work, with their source: they never have runs. */
  readonly quoted?: readonly string[];
}

/** What is to be trained: every variant of a block on every fold of its data sets, once per seed. */
export interface Matrix {
  readonly name: string;
  /** One line for people. */
  readonly about: string;
  readonly preset: string;
  readonly blocks: readonly Block[];
  readonly seeds: readonly number[];
  /** The folds to run; by default all. Data sets without these folds run all of theirs. */
  readonly folds?: readonly string[];
  /** Changed in every run alike; a variant's own patch comes after it. */
  readonly settings: ConfigPatch;
  /** Settings of the command line, `a.b=value`; they come after those of the matrix. */
  readonly overrides?: readonly string[];
}
