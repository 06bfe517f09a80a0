import { Command } from 'commander';
import type { Call } from '../call.ts';
import { modelCardCommand } from './model-card.ts';
import { modelListCommand } from './model-list.ts';
import { modelPackCommand } from './model-pack.ts';
import { modelVerifyCommand } from './model-verify.ts';

/** `pffnet model`. */
export function modelCommand(call: Call): Command {
  return new Command('model')
    .usage('<command>')
    .addCommand(modelListCommand(call))
    .addCommand(modelCardCommand(call))
    .addCommand(modelVerifyCommand(call))
    .addCommand(modelPackCommand(call));
}
