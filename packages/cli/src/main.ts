import { Command, CommanderError } from 'commander';
import { benchCommand } from './commands/bench.ts';
import { demoCommand } from './commands/demo.ts';
import { doctorCommand } from './commands/doctor.ts';
import { evaluateCommand } from './commands/evaluate.ts';
import { predictCommand } from './commands/predict.ts';
import { trainCommand } from './commands/train.ts';
import { say } from './console-output.ts';
import { codeOf, exitCode, lineOf } from './exit-code.ts';
import { version } from './version.ts';

/**
 * Runs the `pffnet` command.
 * @param args - the words after `pffnet`.
 * @returns the exit code: 0 done, 1 the work failed, 2 the request or its input is wrong, 130 interrupted after saving.
 */
export async function main(args: readonly string[]): Promise<number> {
  const outcome = { code: exitCode.done as number };
  const finish = (code: number): void => {
    outcome.code = code;
  };
  const program = new Command('pffnet')
    .description('Trains, runs, ablates and measures Panoptic Feature Fusion Net for instance segmentation.')
    .version(version)
    .showSuggestionAfterError()
    .exitOverride()
    .configureOutput({
      outputError: (text, write) => {
        write(`pffnet: ${text.replace(/^error: /, '')}`);
      },
    });
  const commands = [demoCommand, trainCommand, predictCommand, evaluateCommand, benchCommand, doctorCommand];
  for (const command of commands) {
    program.addCommand(command(finish).exitOverride().option('--debug', 'print stack traces'));
  }
  try {
    await program.parseAsync([...args], { from: 'user' });
    return outcome.code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCode.done : exitCode.wrongInput;
    say(`pffnet: ${lineOf(error)}`);
    if (args.includes('--debug') && error instanceof Error) say(error.stack ?? '');
    return codeOf(error);
  }
}
