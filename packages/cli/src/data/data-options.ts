import {
  type ChannelChoice,
  type DatasetFormat,
  datasetFormats,
  type DatasetListing,
  readSplit,
  shippedSplits,
  type Split,
} from '@pffnet/datasets';
import { ConfigError } from '@pffnet/structures';
import { type Command, Option } from 'commander';
import type { ConfigOptions } from '@pffnet/runs';
import { say } from '../console-output.ts';
import { withChannel, withSettings } from '../options.ts';

/** Options of commands that read a data set. */
export interface SourceOptions {
  readonly format?: DatasetFormat;
  readonly channel?: ChannelChoice;
}

/** Adds `--format` and `--channel`. */
export function withFormat(command: Command): Command {
  return withChannel(
    command.addOption(
      new Option('--format <name>', 'form of the folder (default: recognised by what is in it)').choices(
        datasetFormats,
      ),
    ),
  );
}

/** Options of commands that a split may be told. */
export interface SplitOptions {
  readonly split?: string;
  readonly column?: string;
}

/** Adds `--split` and `--column`. */
export function withSplit(command: Command): Command {
  return command
    .option(
      '--split <source>',
      `which image is in which part: ${shippedSplits.join(', ')}, a CSV file with a column \`name\`, or a folder of lists`,
    )
    .option('--column <name>', 'the column that names the part (default: fold, or else part)');
}

/** Reads the split that the options name, else the one that came with the data set, if there is either. */
export async function splitOf(
  { split, column }: SplitOptions,
  { images, split: own }: DatasetListing,
): Promise<Split | undefined> {
  const names = images.map(({ name }) => name);
  if (split !== undefined) return readSplit(split, column, names);
  if (column !== undefined) throw new ConfigError('--column needs --split, which has the columns');
  if (own !== undefined) say(`split: ${own}, which came with the data`);
  return own === undefined ? undefined : readSplit(own);
}

/** Options of commands that show a data set as a network sees it; by default as `small` does. */
export type LookOptions = Omit<ConfigOptions, 'config'> & { readonly config?: string };

/** Adds `--config`, `--profile` and `--set`. */
export function withLook(command: Command, what: string): Command {
  return withSettings(
    command
      .option('--config <preset|file>', what)
      .option('--profile <name>', "the paper's settings per data set: kumar, tnbc, bbbc039, cpm17, cvppp"),
  );
}
