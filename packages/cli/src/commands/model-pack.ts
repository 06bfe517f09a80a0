import { counted, textTable } from '@pffnet/pages/text';
import { measureLoss, openDatasetFor, type PackedModel, packRun, type PackingLoss, savedFacts } from '@pffnet/runs';
import { readModel } from '@pffnet/models';
import { ConfigError } from '@pffnet/structures';
import { Command } from 'commander';
import type { Call } from '../call.ts';
import { say, terminal } from '../console-output.ts';
import { exitCode } from '../exit-code.ts';
import { type ComputeOptions, openEngine, withBackend, withRequired } from '../options.ts';

interface PackOptions extends ComputeOptions {
  readonly out: string;
  readonly name?: string;
  readonly settings?: string;
  readonly data?: string;
  readonly measure?: true;
}

const explanation = `
The file holds what prediction of label maps needs: kernels in 8 bits with a scale per output channel, norms and biases in
float32, the config and the prediction settings. It also holds the object size and the kind of images that the network was
trained on, and where it comes from. Every command takes it as --model.

Example:
  pffnet model pack runs/first --settings tuned.json --out nuclei.safetensors --measure`;

/** `pffnet model pack`. */
export function modelPackCommand(call: Call): Command {
  const command = new Command('pack')
    .description('pack a run into a small file for prediction')
    .argument('<run|file>', 'a run folder (its best weights) or a weights file');
  withRequired(command, [['--out <file>', 'the model, a safetensors file']])
    .option('--name <name>', "name of the model (default: the file's name)")
    .option(
      '--settings <file>',
      'prediction settings, a file that evaluate --tune wrote (default: tuned.json of the run, if it has one)',
    )
    .option('--data <dir>', 'data set of the run, if it has moved since the training')
    .option('--measure', 'score the test images of the run before and after packing');
  return withBackend(command)
    .addHelpText('after', explanation)
    .action(async (model: string, options: PackOptions) => {
      await pack(model, options);
      call.finish(exitCode.done);
    });
}

async function pack(model: string, options: PackOptions): Promise<void> {
  const run = await savedFacts(model);
  if (options.measure === true && (run === null || run.data.test.length === 0)) {
    throw new ConfigError(`--measure: ${model} has no test images; leave it out, or compare with pffnet evaluate`);
  }
  const engine = await openEngine(options);
  const packed = await packRun({ ...options, model }, say);
  for (const line of linesOf(packed, options)) say(line);
  if (options.measure !== true || run === null) return;
  const { network } = await readModel(options.out);
  const dataset = await openDatasetFor(network.config, options.data ?? run.data.folder, say);
  network.scope.dispose();
  const changes = packed.settings === null ? {} : { settings: packed.settings };
  const loss = await measureLoss({ model, packed: options.out, changes }, dataset, run.data.test, terminal);
  process.stdout.write(lossText(loss, engine.description));
}

function linesOf({ facts, objects, settings, ...sizes }: PackedModel, { out }: PackOptions): string[] {
  const { bytes, bytesBefore, parameters, parametersBefore } = sizes;
  const left = parametersBefore === parameters ? '' : ` of ${parametersBefore.toLocaleString('en')}`;
  const diameter = facts.diameter === null ? 'without objects' : `median diameter ${facts.diameter.toFixed(1)} pixels`;
  return [
    `${facts.name}: ${facts.images ?? 'unknown'} images, ${counted(objects, 'object')}, ${diameter}`,
    `settings of prediction: ${settings ?? 'those of the training'}`,
    `${out}: ${bytes.toLocaleString('en')} bytes (before: ${bytesBefore.toLocaleString('en')}), ${parameters.toLocaleString('en')}${left} parameters`,
  ];
}

function lossText({ images, before, packed }: PackingLoss, engine: string): string {
  const row = (title: string, values: readonly (number | null)[]): string[] => [
    title,
    ...values.map((value) => value?.toFixed(4) ?? '-'),
  ];
  const minus = (a: number | null, b: number | null): number | null => (a === null || b === null ? null : a - b);
  return `${textTable([
    ['', 'AJI', 'PQ'],
    row('before packing', [before.aji, before.pq]),
    row('packed', [packed.aji, packed.pq]),
    row('lost', [minus(before.aji, packed.aji), minus(before.pq, packed.pq)]),
  ])}means of ${counted(images, 'image')} on ${engine}\n`;
}
