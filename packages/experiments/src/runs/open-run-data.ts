import { join } from 'node:path';
import {
  cropPatch,
  type Dataset,
  divideBySplit,
  readSplit,
  shippedSplits,
  someNames,
  syntheticDataset,
} from '@pffnet/datasets';
import { DataError, randomStream, shuffle } from '@pffnet/structures';
import type { PlannedRun } from '../matrix/plan-runs.ts';
import type { CrossValidation, DrawnCells, FixedDivision, PartOfSplit, Protocol } from '../matrix/protocol.ts';

/** The images of a run, and what each is for. */
export interface RunData {
  readonly dataset: Dataset;
  /** Where they come from, for people. */
  readonly folder: string;
  readonly train: readonly string[];
  readonly validation: readonly string[];
  readonly test: readonly string[];
  /** Test images by group, where the protocol has groups. */
  readonly groups: Readonly<Record<string, readonly string[]>>;
}

/** Opens a folder of images and labels. */
export type OpenFolder = (folder: string) => Promise<Dataset>;

/**
 * Opens the data set of a run and divides its images.
 * @param root - the folder that holds a folder per data set.
 * @throws DataError if a folder, table or image that the protocol names is absent.
 */
export async function openRunData(run: PlannedRun, root: string, open: OpenFolder): Promise<RunData> {
  const { division } = run.protocol;
  switch (division.kind) {
    case 'drawn-cells':
      return drawCells(division);
    case 'cross-validation':
      return crossValidate(division, run, root, open);
    case 'fixed':
      return divide(division, run, root, open);
  }
}

/** The folders of data sets that a protocol needs. */
export function foldersOf({ division }: Protocol): string[] {
  switch (division.kind) {
    case 'drawn-cells':
      return [];
    case 'cross-validation':
      return [division.folder];
    case 'fixed':
      return [...new Set([division.train.folder, division.test.folder])];
  }
}

/** Every seed learns from the same cells, so that seeds differ in the network alone. */
function drawCells({ size, train, validation, test }: DrawnCells): RunData {
  const dataset = syntheticDataset({ count: train + validation + test, size, seed: 0 });
  return {
    dataset,
    folder: 'synthetic cells',
    train: dataset.names.slice(0, train),
    validation: dataset.names.slice(train, train + validation),
    test: dataset.names.slice(train + validation),
    groups: {},
  };
}

async function crossValidate(
  division: CrossValidation,
  { fold, protocol }: PlannedRun,
  root: string,
  open: OpenFolder,
): Promise<RunData> {
  const folder = join(root, division.folder);
  const whole = await open(folder);
  const split = await readSplit(sourceOf(division, root), division.column ?? 'fold', whole.names);
  const parts = divideBySplit(whole.names, split, fold);
  const { middle } = division;
  const dataset = middle === undefined ? whole : middlesOf(whole, middle.size);
  const test = middle === undefined ? parts.test : evenly(parts.test, middle.testImages);
  return { dataset, folder, test, groups: {}, ...withValidation(parts.train, division.validation, protocol.name) };
}

async function divide(division: FixedDivision, run: PlannedRun, root: string, open: OpenFolder): Promise<RunData> {
  const folders = [...new Set([division.train.folder, division.test.folder])];
  const opened = new Map<string, Dataset>();
  for (const folder of folders) opened.set(folder, await open(join(root, folder)));
  const train = await namesOf(division.train, root, opened);
  const test = await namesOf(division.test, root, opened);
  const parts =
    typeof division.validation === 'number'
      ? withValidation(train, division.validation, run.protocol.name)
      : { train, validation: await namesOf(division.validation, root, opened) };
  return {
    dataset: joined([...opened.values()]),
    folder: folders.map((folder) => join(root, folder)).join(' and '),
    test,
    groups: await groupsOf(division.test, test, root, opened),
    ...parts,
  };
}

/** Where a split is read from: what comes with the data sets' package has a name, all else lies with the images. */
function sourceOf({ folder, split }: { folder: string; split?: string }, root: string): string {
  const shipped = shippedSplits.find((name) => name === split);
  return shipped ?? join(root, folder, split ?? '');
}

/** The images of a part; all of them must be there, so that a half-copied data set is not taken for the whole. */
async function namesOf(wanted: PartOfSplit, root: string, opened: ReadonlyMap<string, Dataset>): Promise<string[]> {
  const present = opened.get(wanted.folder)?.names ?? [];
  if (wanted.split === undefined) return [...present];
  const source = sourceOf(wanted, root);
  const names = [...(await readSplit(source, wanted.column, present))]
    .filter(([, part]) => part === wanted.part)
    .map(([name]) => name);
  const absent = names.filter((name) => !present.includes(name));
  if (names.length === 0) throw new DataError(`${source}: no image belongs to ${wanted.part}; expected at least one`);
  if (absent.length > 0) {
    throw new DataError(
      `${join(root, wanted.folder)} lacks ${absent.length} of the ${names.length} images that ${source} names for ${wanted.part}: ${someNames(absent)}; add them, or choose other data sets`,
    );
  }
  return names;
}

async function groupsOf(
  wanted: FixedDivision['test'],
  test: readonly string[],
  root: string,
  opened: ReadonlyMap<string, Dataset>,
): Promise<Record<string, readonly string[]>> {
  if (wanted.groups === undefined) return {};
  const groupOf = await readSplit(sourceOf(wanted, root), wanted.groups, opened.get(wanted.folder)?.names ?? []);
  const groups: Record<string, string[]> = {};
  for (const name of test) (groups[groupOf.get(name) ?? ''] ??= []).push(name);
  return groups;
}

/** The same validation images for every variant and seed: rows differ in what they ablate. */
function withValidation(
  names: readonly string[],
  count: number,
  stream: string,
): { train: string[]; validation: string[] } {
  if (count >= names.length) {
    throw new DataError(
      `${stream}: of ${names.length} training images ${count} for validation leave none to learn from`,
    );
  }
  const chosen = new Set(shuffle([...names], randomStream(0, `validation/${stream}`)).slice(0, count));
  return { train: names.filter((name) => !chosen.has(name)), validation: names.filter((name) => chosen.has(name)) };
}

/** So many names, spread over the whole list. */
function evenly(names: readonly string[], count: number): string[] {
  const step = Math.max(1, names.length / count);
  return Array.from({ length: Math.min(count, names.length) }, (_, at) => names[Math.floor(at * step)]);
}

/** The same images, of each the middle square alone. */
function middlesOf({ names, load }: Dataset, size: number): Dataset {
  return {
    names,
    load: async (name) => {
      const sample = await load(name);
      const middle = (side: number): number => Math.max(0, Math.floor((side - size) / 2));
      const place = { size, y: middle(sample.image.height), x: middle(sample.image.width) };
      return { ...cropPatch(sample, place), name };
    },
  };
}

function joined(parts: readonly Dataset[]): Dataset {
  if (parts.length === 1) return parts[0];
  const home = new Map<string, Dataset>();
  for (const part of parts) {
    for (const name of part.names) {
      if (home.has(name)) throw new DataError(`two data sets have an image ${name}; expected one per name; rename one`);
      home.set(name, part);
    }
  }
  return {
    names: [...home.keys()],
    load: async (name) => {
      const part = home.get(name);
      if (part === undefined) throw new DataError(`there is no image ${name} in these data sets`);
      return part.load(name);
    },
  };
}
