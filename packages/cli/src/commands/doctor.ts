import { cpus, totalmem } from 'node:os';
import { type BackendReport, surveyBackends } from '@pffnet/backends';
import { Command } from 'commander';
import type { Call } from '../call.ts';
import { exitCode } from '../exit-code.ts';
import { version } from '../version.ts';

/** `pffnet doctor`. */
export function doctorCommand(call: Call): Command {
  return new Command('doctor').option('--json', 'print as JSON').action(async ({ json }: { json?: true }) => {
    const reports = await surveyBackends();
    process.stdout.write(json === true ? `${JSON.stringify(reports, null, 2)}\n` : asText(reports));
    call.finish(reports.some(({ available }) => available) ? exitCode.done : exitCode.failed);
  });
}

function asText(reports: readonly BackendReport[]): string {
  const width = Math.max(...reports.map(({ name }) => name.length));
  const indent = ' '.repeat(width + 14);
  const lines = reports.flatMap(({ name, available, chosen, reason, remedy }) => {
    const head = `${chosen ? '*' : ' '} ${name.padEnd(width)}  ${available ? 'loads   ' : 'does not'}  ${reason.trim()}`;
    return available || remedy === '' ? [head] : [head, `${indent}to get it: ${remedy}`];
  });
  const { length } = cpus();
  return [
    `pffnet ${version}, Node ${process.version}, ${process.platform} ${process.arch}`,
    `${length} x ${cpus()[0]?.model.trim() ?? 'unknown processor'}, ${(totalmem() / 2 ** 30).toFixed(1)} GiB of memory`,
    '',
    ...lines,
    '',
    '* is what --backend auto chooses',
    '',
  ].join('\n');
}
