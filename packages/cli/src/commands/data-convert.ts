import {
  type ChannelChoice,
  type DatasetFormat,
  datasetFormats,
  type LabelledImage,
  LabelReview,
  listDataset,
  patchEntries,
  type PatchRequest,
  type PlainEntry,
  type PlainSource,
  readHeader,
  readLabelMap,
  sayNotes,
  someNames,
  type Split,
  wholeEntries,
  writeFolderAtomically,
  writePlainDataset,
} from '@pffnet/datasets';
import { ConfigError, DataError, type Progress } from '@pffnet/structures';
import { Command, Option } from 'commander';
import { counted } from '@pffnet/pages/text';
import { labelFiles } from '@pffnet/evaluation';
import type { ExportKind } from '@pffnet/evaluation/export-kinds';
import { type ExportImage, exportLabels, type ExportOptions } from '@pffnet/evaluation/export-labels';
import { picturesBeside } from '@pffnet/runs/picture-endings';
import type { Call } from '../call.ts';
import { say, withProgress } from '../console-output.ts';
import { splitOf, type SplitOptions, withSplit } from '../data/data-options.ts';
import { exitCode } from '../exit-code.ts';
import { exportHelp, exportList, withExportOptions } from '../export-options.ts';
import { positiveNumber, wholeNumber, withChannel } from '../options.ts';
import { version } from '../version.ts';

interface ConvertOptions extends SplitOptions, ExportOptions {
  readonly format?: DatasetFormat | 'labels';
  readonly to?: readonly ExportKind[];
  readonly patches?: number;
  readonly patchSize: number;
  readonly seed: number;
  readonly channel?: ChannelChoice | undefined;
}

const explanation = `
<out> gets images/ (the image files as they are), labels/ (16-bit grey PNG, 32-bit TIFF when ids exceed 65,535),
manifest.json (where every file comes from, sizes, objects, checksums) and split.csv, with --split or if the data set has lists of
its own (BBBC039). <out> appears only when it is complete, and an existing folder is not touched. Every
file is read back and compared.

--patches cuts squares at random places instead, as 8-bit PNG scaled as in training. The paper takes 20 per image from
Kumar, 5 from TNBC, 10 from BBBC039 and CPM17. Training needs no patches on disk: it cuts its own.

--to writes these into <out> instead; separate kinds by commas:
${exportHelp}

Examples:
  pffnet data convert MoNuSeg kumar --format kumar --split kumar
  pffnet data convert stage1_train dsb2018
  pffnet data convert kumar kumar-patches --patches 20
  pffnet data convert predicted for-qupath --format labels --to geojson`;

/** `pffnet data convert`. */
export function dataConvertCommand(call: Call): Command {
  const command = new Command('convert')
    .description('write a data set as images/ and labels/, whole or in patches')
    .argument('<src>', 'data set as downloaded')
    .argument('<out>', 'folder to be made');
  command.addOption(
    new Option(
      '--format <name>',
      'form of <src> (default: recognised by what is in it); labels is a folder of label maps without images',
    ).choices([...datasetFormats, 'labels']),
  );
  withSplit(command).option(
    '--to <kinds>',
    'write the labels for other programs instead, such as coco,geojson',
    exportList,
  );
  return withChannel(withExportOptions(command))
    .option('--patches <n>', 'squares cut out of every image', positiveNumber)
    .option('--patch-size <pixels>', 'side of the squares', positiveNumber, 256)
    .option('--seed <n>', 'start of the random streams that place the squares', wholeNumber, 0)
    .addHelpText('after', explanation)
    .action(async (source: string, out: string, options: ConvertOptions) => {
      await convert(source, out, options);
      call.finish(exitCode.done);
    });
}

async function convert(folder: string, out: string, options: ConvertOptions): Promise<void> {
  if (options.to !== undefined) return exportAll(folder, out, options.to, options);
  if (options.format === 'labels') {
    throw new ConfigError(
      '--format labels: a data set needs images beside the label maps; add --to to convert label maps without images',
    );
  }
  const listing = await listDataset(folder, options.format);
  const { format, images } = listing;
  const split = await splitOf(options, listing);
  if (split !== undefined) refuseGaps(images, split);
  const review = new LabelReview();
  const source: PlainSource = { folder, images: review.watch(images), split };
  const patches: PatchRequest | undefined =
    options.patches === undefined
      ? undefined
      : { perImage: options.patches, size: options.patchSize, seed: options.seed };
  const facts = {
    source: folder,
    format,
    writtenBy: `pffnet ${version}`,
    ...(patches === undefined ? {} : { patches }),
  };
  const written = await withProgress('converting', images.length * (patches?.perImage ?? 1), (progress) => {
    const entries =
      patches === undefined
        ? wholeEntries(source, options)
        : patchEntries(source, patches, { channel: options.channel });
    return writePlainDataset(out, facts, showing(entries, progress));
  });
  for (const line of review.lines()) say(line);
  const objects = written.reduce((sum, image) => sum + image.objects, 0);
  say(
    `${counted(written.length, 'image')} with ${counted(objects, 'object')} (${format}) in ${out}, read back and compared`,
  );
}

async function exportAll(
  folder: string,
  out: string,
  kinds: readonly ExportKind[],
  options: ConvertOptions,
): Promise<void> {
  if (options.patches !== undefined || options.split !== undefined) {
    throw new ConfigError('--to writes whole label maps; leave out --patches and --split');
  }
  const review = new LabelReview();
  const images = await labelsOfDataset(folder, review, options);
  const written = await writeFolderAtomically(out, (temporary) =>
    withProgress('exporting', images.length * kinds.length, (progress) => {
      let done = 0;
      const shown = images.map((image) => ({
        ...image,
        load: async () => {
          progress.update(++done, image.name);
          const labels = await image.load();
          sayNotes(labels, (line) => {
            progress.say(line);
          });
          return labels;
        },
      }));
      return exportLabels(temporary, kinds, shown, options);
    }),
  );
  for (const line of review.lines()) say(line);
  say(`${counted(images.length, 'label map')} as ${written.join(', ')} in ${out}`);
}

async function labelMapsIn(folder: string, review: LabelReview): Promise<ExportImage[]> {
  const load = async (name: string, path: string): ReturnType<typeof readLabelMap> => {
    const labels = await readLabelMap(path);
    review.add(name, { labels });
    return labels;
  };
  return [...(await labelFiles(folder, picturesBeside))].map(([name, path]) => ({
    name,
    load: () => load(name, path),
  }));
}

async function labelsOfDataset(
  folder: string,
  review: LabelReview,
  { format, channel }: ConvertOptions,
): Promise<ExportImage[]> {
  if (format === 'labels') return labelMapsIn(folder, review);
  const { images } = await listDataset(folder, format);
  return review.watch(images).map(({ name, image, readLabels }) => ({
    name,
    image,
    load: async () => (await readLabels(await readHeader(image, channel))).labels,
  }));
}

async function* showing(entries: AsyncIterable<PlainEntry>, progress: Progress): AsyncGenerator<PlainEntry> {
  let done = 0;
  for await (const entry of entries) {
    sayNotes(entry, (line) => {
      progress.say(line);
    });
    yield entry;
    progress.update(++done, entry.name);
  }
}

function refuseGaps(images: readonly LabelledImage[], split: Split): void {
  const absent = images.map(({ name }) => name).filter((name) => !split.has(name));
  if (absent.length === 0) return;
  throw new DataError(
    `the split does not mention ${someNames(absent)}; expected a line for every image; take another split`,
  );
}
