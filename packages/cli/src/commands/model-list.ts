import { describeModel, modelNames } from '@pffnet/models';
import { textTable } from '@pffnet/pages/text';
import { Command } from 'commander';
import type { Call } from '../call.ts';
import { exitCode } from '../exit-code.ts';

/** `pffnet model list`. */
export function modelListCommand(call: Call): Command {
  return new Command('list')
    .description('list the models that are installed, and what images they are for')
    .action(async () => {
      const models = await Promise.all(modelNames().map(async (name) => ({ name, ...(await describeModel(name)) })));
      const rows = models.map(({ name, facts, bytes }) => [
        name,
        facts?.images ?? 'unknown',
        facts?.diameter == null ? 'unknown' : facts.diameter.toFixed(1),
        (bytes / 1e6).toFixed(1),
      ]);
      process.stdout.write(textTable([['model', 'images', 'diameter in pixels', 'MB'], ...rows]));
      call.finish(exitCode.done);
    });
}
