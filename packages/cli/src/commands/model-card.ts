import { readFile } from 'node:fs/promises';
import { modelFiles } from '@pffnet/models';
import { Command } from 'commander';
import type { Call } from '../call.ts';
import { exitCode } from '../exit-code.ts';

/** `pffnet model card`. */
export function modelCardCommand(call: Call): Command {
  return new Command('card')
    .description('print the card of a model: what it learned from, how well it does, who may use it')
    .argument('<name>', 'a name from pffnet model list')
    .action(async (name: string) => {
      const card = await readFile(modelFiles(name).card, 'utf8');
      // Without the marks between which a tool writes tables.
      process.stdout.write(card.replaceAll(/^<!--.*-->\n\n?/gm, ''));
      call.finish(exitCode.done);
    });
}
