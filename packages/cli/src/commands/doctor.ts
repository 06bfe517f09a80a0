import { surveyBackends } from '@pffnet/backends';
import { Command } from 'commander';
import { exitCode } from '../exit-code.ts';

/** `pffnet doctor`: which engines load here, why the others do not, what to install. */
export function doctorCommand(finish: (code: number) => void): Command {
  return new Command('doctor')
    .description('which engines load here, why the others do not, what to install')
    .option('--json', 'print as JSON')
    .action(async ({ json }: { json?: true }) => {
      const reports = await surveyBackends();
      const lines = reports.map(({ name, available, chosen, reason, remedy }) =>
        available
          ? `${chosen ? '*' : ' '} ${name.padEnd(9)} loads    ${reason}`
          : `  ${name.padEnd(9)} does not ${reason}${remedy === '' ? '' : `\n${' '.repeat(21)}to mend: ${remedy}`}`,
      );
      const text = [
        `Node ${process.version} on ${process.platform} ${process.arch}`,
        ...lines,
        '',
        '* is chosen by --backend auto',
      ];
      process.stdout.write(json === true ? `${JSON.stringify(reports, null, 2)}\n` : `${text.join('\n')}\n`);
      finish(reports.some(({ available }) => available) ? exitCode.done : exitCode.failed);
    });
}
