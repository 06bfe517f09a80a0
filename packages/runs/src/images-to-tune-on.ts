import { type Dataset, someNames } from '@pffnet/datasets';
import { type GroupOptions, imageGroups } from '@pffnet/evaluation';
import { counted } from '@pffnet/pages';
import type { RunFacts } from '@pffnet/run-folder';
import { ConfigError, DataError } from '@pffnet/structures';

/** The options that choose images, and the run or weights file that is tuned. */
export interface TuningOptions extends GroupOptions {
  readonly model: string;
}

/** Images to tune on, and a sentence about their part in the training. */
export interface TuningImages {
  readonly names: readonly string[];
  /** For people: how many, which, and that no test image was used. */
  readonly said: string;
}

/**
 * The run's own validation images, or those that the options choose; a test image never.
 * @param facts - of the run; null for weights alone, of which it is not known what they learned from.
 * @param say - is told of images that the network learned from, which make the tuned score too good.
 * @throws ConfigError if no image is left, or one is a test image of the run; DataError if one is not in the data.
 */
export async function imagesToTuneOn(
  { names: all }: Dataset,
  facts: RunFacts | null,
  options: TuningOptions,
  say: (line: string) => void = () => undefined,
): Promise<TuningImages> {
  const chosen = options.split !== undefined || options.only !== undefined || options.column !== undefined;
  const { counts } = await imageGroups(options, all);
  if (facts === null) {
    const names = all.filter(counts);
    assertSome(names, 'the options choose no image; mend --only');
    return { names, said: `tuned on ${listed(names)}; which images the network learned from is not known` };
  }
  const { train, validation, test } = facts.data;
  const names = chosen ? all.filter(counts) : validation;
  assertSome(
    names,
    chosen
      ? 'the options choose no image; mend --only'
      : 'the run had no validation images; choose some with --split and --only',
  );
  const absent = names.filter((name) => !all.includes(name));
  if (absent.length > 0) {
    throw new DataError(
      `--data lacks ${absent.length} of the run's ${validation.length} validation images: ${someNames(absent)}; give the folder of the training`,
    );
  }
  const tested = names.filter((name) => test.includes(name));
  if (tested.length > 0) {
    throw new ConfigError(
      `${someNames(tested)}: test images of ${options.model}, which must stay unseen for its test scores to count; tune on other images`,
    );
  }
  const learned = names.filter((name) => train.includes(name));
  if (learned.length > 0) {
    say(
      `${learned.length} of ${counted(names.length, 'image')} were used in training, so the tuned score is too good: ${someNames(learned)}`,
    );
  }
  const rest = test.length === 0 ? '' : `; none of the ${test.length} test images was used`;
  return { names, said: `tuned on ${listed(names)}${rest}` };
}

const listed = (names: readonly string[]): string => `${counted(names.length, 'image')}: ${names.join(', ')}`;

function assertSome(names: readonly string[], why: string): void {
  if (names.length === 0) throw new ConfigError(`--tune: ${why}`);
}
