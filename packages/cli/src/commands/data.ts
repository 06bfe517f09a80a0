import { Command } from 'commander';
import type { Call } from '../call.ts';
import { dataCheckCommand } from './data-check.ts';
import { dataConvertCommand } from './data-convert.ts';
import { dataPreviewCommand } from './data-preview.ts';

/** `pffnet data`. */
export function dataCommand(call: Call): Command {
  return new Command('data')
    .usage('<command>')
    .addCommand(dataCheckCommand(call))
    .addCommand(dataPreviewCommand(call))
    .addCommand(dataConvertCommand(call));
}
