import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { vary } from '@pffnet/families';
import type { NetworkConfig } from '@pffnet/network';
import { ConfigError } from '@pffnet/structures';
import { precisionsHere } from '@pffnet/tensor-ops';
import { RunFolder } from '@pffnet/run-folder';

/**
 * The config of a run in a precision that the loaded engine has: if it lacks bf16, a new run uses float32, and a line
 * says so.
 * @param out - folder of the run; one that holds a run keeps the precision that it was begun with.
 * @param engine - the engine's description, for messages.
 * @throws ConfigError if the run in the folder was begun with another precision, or with one that the engine lacks.
 */
export async function inPrecisionHere(
  config: NetworkConfig,
  out: string,
  engine: string,
  say: (line: string) => void = () => undefined,
): Promise<NetworkConfig> {
  const begun = existsSync(join(out, 'config.json')) ? (await RunFolder.open(out)).config.training.precision : null;
  const { precision: wanted } = config.training;
  const has = precisionsHere();
  if (begun !== null && !has.includes(begun)) {
    throw new ConfigError(
      `${out}: was begun with --precision ${begun}, which ${engine} cannot do on this machine; resume it where ${begun} runs (onednn, a processor with avx512_bf16 or AMX), or choose another --out folder`,
    );
  }
  const precision = has.includes(wanted) ? wanted : 'f32';
  if (begun !== null && begun !== precision) {
    throw new ConfigError(
      `${out}: was begun with --precision ${begun}, now it is ${precision}; resume with --precision ${begun}, or choose another --out folder`,
    );
  }
  if (precision === wanted) return config;
  say(`${wanted} needs onednn on a processor with avx512_bf16 or AMX; ${engine} trains in f32`);
  return vary(config, { training: { precision } });
}
