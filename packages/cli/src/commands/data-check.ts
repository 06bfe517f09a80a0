import {
  bySeverity,
  type DatasetListing,
  type DatasetSurvey,
  findProblems,
  type ImageSurvey,
  type LabelledImage,
  listDataset,
  type Problem,
  summariseSurvey,
  surveyImage,
  writeAtomically,
} from '@pffnet/datasets';
import { InputError } from '@pffnet/structures';
import { Command } from 'commander';
import { families } from '@pffnet/families';
import type { DataFinding, NetworkConfig } from '@pffnet/network';
import { checkPage, checkText, counted, type DataCheck } from '@pffnet/pages';
import { trainingConfig } from '@pffnet/runs';
import { type Call, commandLine } from '../call.ts';
import { say, withProgress } from '../console-output.ts';
import {
  type LookOptions,
  type SourceOptions,
  splitOf,
  type SplitOptions,
  withFormat,
  withLook,
  withSplit,
} from '../data/data-options.ts';
import { exitCode } from '../exit-code.ts';
import { outputFile } from '../options.ts';

interface CheckOptions extends SourceOptions, SplitOptions, LookOptions {
  readonly json?: string;
  readonly html?: string;
}

const explanation = `
Reads every image and its labels, and says what is in them, what is wrong with them and what to do about it: sizes,
touching and broken objects, specks, copies of images (also between the parts of a split), intensities, and which share
of the objects the anchors of each preset can match. Exit code 2 when the set cannot be used as it is.

Examples:
  pffnet data check cells
  pffnet data check tnbc --split folds.csv --column fold_by_patient --html check.html
  pffnet data check cells --config small --set instanceHead.anchors.sizes=[6,12,24,48,96]`;

/** `pffnet data check`. */
export function dataCheckCommand(call: Call): Command {
  const command = withSplit(
    withFormat(
      new Command('check')
        .description('what is in a data set, is it sound, do the anchors fit it')
        .argument('<dir>', 'data set: images/ and labels/, or as downloaded'),
    ),
  );
  return withLook(command, 'a config whose anchors are looked at too')
    .option('--json <file>', 'write everything as JSON; - for standard output', outputFile)
    .option('--html <file>', 'write a page with pictures and charts')
    .addHelpText('after', explanation)
    .action(async (folder: string, options: CheckOptions) => {
      call.finish(await check(folder, options));
    });
}

async function check(folder: string, options: CheckOptions): Promise<number> {
  const { config, ...look } = options;
  const own = config === undefined ? undefined : await trainingConfig({ ...look, config });
  const listing = await listDataset(folder, options.format);
  const split = await splitOf(options, listing);
  const survey: DatasetSurvey = { ...(await surveyAll(listing, options)), split };
  const findings = findingsOf(survey.images, own);
  const told = findings.flatMap(({ problems }) => problems.map((problem) => ({ ...problem, images: [] })));
  const problems = bySeverity([...findProblems(survey), ...told]);
  const result: DataCheck = {
    folder,
    format: listing.format,
    usable: problems.every(({ severity }) => severity !== 'error'),
    problems,
    findings,
    summary: summariseSurvey(survey),
  };
  if (options.html !== undefined) {
    await writeAtomically(
      options.html,
      utf8(await checkPage(result, survey, pictured(listing, survey, problems), options)),
    );
  }
  const { summary, findings: _, ...rest } = result;
  const found = Object.fromEntries(findings.map(({ name, values }) => [name, values]));
  const json = `${JSON.stringify({ ...rest, ...found, ...summary }, null, 2)}\n`;
  if (options.json === '-') process.stdout.write(json);
  else {
    if (options.json !== undefined) await writeAtomically(options.json, utf8(json));
    process.stdout.write(checkText(result));
  }
  if (!result.usable) return exitCode.wrongInput;
  say(`the set can be used: ${commandLine(['train', '--config', 'small', '--data', folder, '--out', 'run'])}`);
  return exitCode.done;
}

/** What the families say about objects: of the config that was asked for and of their presets; or of all their presets. */
function findingsOf(images: readonly ImageSurvey[], own?: NetworkConfig): DataFinding[] {
  const boxes = Float32Array.from(images.flatMap(({ objects }) => objects.flatMap(({ box }) => box)));
  return families.flatMap(({ kind, presets, describeData }) => {
    if (describeData === undefined) return [];
    const configs = new Map(Object.entries(presets));
    if (own?.kind !== kind) return [describeData(boxes, configs)];
    return [describeData(boxes, configs.set('--config', own), '--config')];
  });
}

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

/** What cannot be read is remembered, so that one look finds everything that is wrong. */
async function surveyAll(
  { images: listed }: DatasetListing,
  options: Pick<CheckOptions, 'channel'>,
): Promise<Omit<DatasetSurvey, 'split'>> {
  const images: ImageSurvey[] = [];
  const unreadable: { name: string; reason: string }[] = [];
  await withProgress('checking', listed.length, async (progress) => {
    for (const labelled of listed) {
      try {
        images.push(await surveyImage(labelled, options));
      } catch (error) {
        if (!(error instanceof InputError)) throw error;
        unreadable.push({ name: labelled.name, reason: error.message });
      }
      progress.update(images.length + unreadable.length, counted(images.length, 'image'));
    }
  });
  return { images, unreadable };
}

/** Pictures of a page: images with problems first, then others evenly from the whole set. */
const PICTURES = 12;

function pictured(
  { images: listed }: DatasetListing,
  { images: read }: DatasetSurvey,
  problems: readonly Problem[],
): LabelledImage[] {
  const names = read.map(({ name }) => name);
  const faulty = problems.filter(({ severity }) => severity === 'warning').flatMap(({ images }) => images.slice(0, 2));
  const step = Math.max(1, names.length / PICTURES);
  const spread = Array.from(
    { length: Math.min(PICTURES, names.length) },
    (_, index) => names[Math.floor(index * step)],
  );
  const shown = new Set([...faulty, ...spread].slice(0, PICTURES));
  return listed.filter(({ name }) => shown.has(name) && names.includes(name));
}
