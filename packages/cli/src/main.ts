import { inspect } from 'node:util';
import { Command, CommanderError, Option } from 'commander';
import type { Call } from './call.ts';
import { commands } from './commands.ts';
import { exitCode, explain } from './exit-code.ts';
import { say } from './say.ts';
import { version } from './version.ts';

const examples = `
Examples:
  pffnet demo                                           learn to separate synthetic cells, see the result
  pffnet data check cells                               cells/ holds images/ and labels/: are they sound?
  pffnet train --config small --data cells --out run
  pffnet predict --model run --out predicted new-images
  pffnet evaluate --pred predicted --truth cells/labels

pffnet <command> --help tells more. Exit codes: 0 done, 1 the work failed, 2 the request or its input is wrong,
130 interrupted after saving.`;

/**
 * Runs the `pffnet` command.
 * @param args - the words after `pffnet`.
 * @returns the exit code: 0 done, 1 the work failed, 2 the request or its input is wrong, 130 interrupted after saving.
 */
export async function main(args: readonly string[]): Promise<number> {
  let code: number = exitCode.done;
  const call: Call = {
    args,
    finish: (outcome) => {
      code = outcome;
    },
  };
  try {
    await (await programOf(call)).parseAsync([...args], { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCode.done : exitCode.wrongInput;
    const explanation = explain(error);
    say(`pffnet: ${explanation.line}`);
    if (args.includes('--debug')) say(inspect(error));
    return explanation.code;
  }
}

/** The program with the command that is called; the others are there by name, so that nothing of them is loaded. */
async function programOf(call: Call): Promise<Command> {
  const program = new Command('pffnet')
    .description('Panoptic Feature Fusion Net: separates nuclei, cells and leaves that touch and overlap.')
    .version(version, '--version', 'print the version')
    .helpOption('-h, --help', 'print this')
    .addOption(new Option('--debug').hideHelp())
    .showSuggestionAfterError()
    .exitOverride()
    .configureOutput({
      outputError: (text, write) => {
        write(`pffnet: ${sentence(text)}\n`);
      },
    })
    .configureHelp({ subcommandTerm: (command) => command.name() })
    .addHelpText('after', examples);
  const words = call.args.filter((word) => !word.startsWith('-'));
  const called = words[0] === 'help' ? words[1] : words[0];
  for (const { name, description, load } of commands) {
    const command = name === called ? (await load())(call) : new Command(name);
    program.addCommand(settled(command.description(description), program));
  }
  return program;
}

/** A command, and those below it, that answer help and errors as the program does. */
function settled(command: Command, parent: Command): Command {
  for (const below of command.commands) settled(below, parent);
  command.copyInheritedSettings(parent);
  // A group such as `data` does nothing itself.
  return command.commands.length > 0 ? command : command.option('--debug', 'print stack traces of errors');
}

/** Commander's messages begin with `error:` and put suggestions on a line of their own. */
const sentence = (text: string): string =>
  text
    .trim()
    .replace(/^error: /, '')
    .replace(/\n\(Did/, ' (did')
    .replaceAll('\n', ' ');
