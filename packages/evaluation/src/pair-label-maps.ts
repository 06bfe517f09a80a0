import { type Noted, someNames } from '@pffnet/datasets/image-files';
import { DataError, type LabelMap } from '@pffnet/structures';
import { labelFiles } from './label-files.ts';
import type { Truth } from './truth.ts';

/** A true label map and what each method made of the same image. */
export interface LabelMapPair {
  readonly name: string;
  readonly readTruth: () => Promise<LabelMap & Noted>;
  /** One file per method, in the order of the folders. */
  readonly predictions: readonly string[];
}

/** Label maps that are paired by name. */
export interface PairingRequest {
  readonly truth: Truth;
  /** One folder per method. */
  readonly predictions: readonly string[];
  /** What predicted names end in beyond the truth's, such as `_cp_masks`. */
  readonly suffix: string;
  /** Whether an image counts; its prediction may be missing if it does not. */
  readonly counts: (name: string) => boolean;
  /** What names of pictures beside the predictions end in, such as `overlay`; they are no label maps. */
  readonly pictures?: readonly string[];
  /** Is told which predictions are left out, because there is no truth for them. */
  readonly say?: (line: string) => void;
}

/**
 * Finds the prediction of every true label map.
 * @throws DataError if one is missing or two have the same name.
 */
export async function pairLabelMaps(request: PairingRequest): Promise<LabelMapPair[]> {
  const { truth, predictions, counts, pictures } = request;
  const suffix = request.suffix.normalize('NFC'); // as the names are
  const names = truth.names.filter(counts);
  const methods: ReadonlyMap<string, string>[] = [];
  for (const folder of predictions) {
    const files = await labelFiles(folder, pictures);
    methods.push(suffix === '' ? files : withoutSuffix(files, suffix, folder));
  }
  for (const [index, files] of methods.entries()) assertComplete(predictions[index], files, request);
  return names.map((name) => ({
    name,
    readTruth: () => truth.read(name),
    predictions: methods.map((files) => files.get(name) ?? ''),
  }));
}

function withoutSuffix(files: ReadonlyMap<string, string>, suffix: string, folder: string): Map<string, string> {
  const named = [...files].filter(([name]) => name.endsWith(suffix));
  if (named.length === 0) {
    throw new DataError(
      `${folder} holds no label map whose name ends in ${suffix}; found ${someNames([...files.keys()])}; mend --pred-suffix`,
    );
  }
  return new Map(named.map(([name, file]) => [name.slice(0, name.length - suffix.length), file]));
}

function assertComplete(
  folder: string,
  files: ReadonlyMap<string, string>,
  { truth, counts, say = () => undefined }: PairingRequest,
): void {
  const names = truth.names.filter(counts);
  const missing = names.filter((name) => !files.has(name));
  if (missing.length > 0) {
    throw new DataError(
      `${folder} lacks ${missing.length} of the ${names.length} label maps of ${truth.source}: ${someNames(missing)}; ${remedy(names, [...files.keys()])}`,
    );
  }
  const extra = [...files.keys()].filter((name) => counts(name) && !names.includes(name));
  if (extra.length > 0) say(`${folder}: left out, because ${truth.source} has no truth for them: ${someNames(extra)}`);
}

/** Tools append words of their own to names: where all predictions end alike, that is the likeliest reason. */
function remedy(truths: readonly string[], predictions: readonly string[]): string {
  const [first] = truths;
  const suffixes = predictions.filter((name) => name.startsWith(first)).map((name) => name.slice(first.length));
  const suffix = suffixes.find((ending) => truths.every((name) => predictions.includes(name + ending)));
  if (suffix !== undefined) return `all are there with ${suffix} behind their names: give --pred-suffix=${suffix}`;
  return 'predict them, or leave the others out with --split and --only';
}
