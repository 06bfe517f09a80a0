import { modelNames } from '@pffnet/models';
import { type Verification, verifyModel } from '@pffnet/models/verify-model';
import { counted } from '@pffnet/pages/text';
import { ConfigError } from '@pffnet/structures';
import { Command, Option } from 'commander';
import type { Call } from '../call.ts';
import { exitCode } from '../exit-code.ts';
import { type ComputeOptions, openEngine, withBackend } from '../options.ts';

/** AJI between two engines' outputs that only rounding tells apart. */
const AGREEMENT = 0.99;

const explanation = `
Each model ships with one of its training images and the label map that it drew of it when it was packed. The label map is
drawn again and compared: AJI must be at least ${AGREEMENT}. Exit code 1 if it is lower.`;

/** `pffnet model verify`. */
export function modelVerifyCommand(call: Call): Command {
  const command = new Command('verify')
    .description('check that a model still draws the label map that it drew when it was packed')
    .argument('[name...]', 'models (default: all)')
    .addOption(new Option('--precision <type>', 'type to compute in').choices(['f32']).default('f32'));
  return withBackend(command)
    .addHelpText('after', explanation)
    .action(async (names: string[], options: ComputeOptions) => {
      call.finish(await verify(names.length > 0 ? names : modelNames(), options));
    });
}

async function verify(names: readonly string[], options: ComputeOptions): Promise<number> {
  if (names.length === 0) throw new ConfigError('model verify: no model is installed; train one with pffnet train');
  const engine = await openEngine(options);
  let agreed = true;
  for (const name of names) {
    const verification = await verifyModel(name);
    agreed &&= verification.aji >= AGREEMENT;
    process.stdout.write(`${verificationLine(verification)} on ${engine.description}\n`);
  }
  return agreed ? exitCode.done : exitCode.failed;
}

function verificationLine({ name, aji, objects, expectedObjects, differing }: Verification): string {
  const words = aji >= AGREEMENT ? 'agrees' : `differs (expected at least ${AGREEMENT})`;
  return `${name} ${words}: AJI ${aji.toFixed(4)}, ${counted(objects, 'object')} (${expectedObjects} when it was packed), ${counted(differing, 'pixel')} that differ,`;
}
