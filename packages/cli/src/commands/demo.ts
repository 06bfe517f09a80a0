import { resolveConfig } from '@pffnet/families';
import { runDemo } from '@pffnet/runs';
import { Command } from 'commander';
import { type Call, commandLine } from '../call.ts';
import { say, terminal } from '../console-output.ts';
import { exitCode } from '../exit-code.ts';
import { type ComputeOptions, loadEngine, withComputeOptions, withSettings } from '../options.ts';
import { trainVisibly } from '../train-visibly.ts';

interface DemoOptions extends ComputeOptions {
  readonly out: string;
  readonly set?: readonly string[];
  readonly resume?: true;
}

const explanation = `
Trains the preset smoke on drawn cells that touch and overlap, which takes some minutes on two processors, and tests it on
images that it never saw. Also segments a real image with the model nuclei-he, which needs no training.
<dir> gets index.html (pictures, scores, losses), metrics.json, images/ and the run folder run/.`;

/** `pffnet demo`. */
export function demoCommand(call: Call): Command {
  const command = new Command('demo')
    .option('--out <dir>', 'folder for the page and everything behind it', 'demo')
    .option('--resume', 'continue an interrupted demo');
  return withComputeOptions(withSettings(command))
    .addHelpText('after', explanation)
    .action(async (options: DemoOptions) => {
      call.finish(await demo(options, call));
    });
}

async function demo(options: DemoOptions, { args }: Call): Promise<number> {
  const { out, seed = 0, set = [], resume = false } = options;
  const config = resolveConfig({ base: 'smoke', source: 'demo', settings: [`seed=${seed}`, ...set] });
  const { description: engine } = await loadEngine(options);
  const outcome = await runDemo({
    out,
    config,
    start: resume ? 'resume' : 'begin',
    engine,
    command: commandLine(args),
    listener: terminal,
    train: trainVisibly,
  });
  if (!outcome.interrupted) return exitCode.done;
  say(`stopped after step ${outcome.step}, saved; go on with: ${commandLine(resume ? args : [...args, '--resume'])}`);
  return exitCode.interrupted;
}
