import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';

/** Names under which software rasterisers present themselves. */
const SOFTWARE = /swiftshader|llvmpipe|lavapipe|software|basic render/i;

/** There is no GPU here that Dawn can use. */
export class NoAdapterError extends Error {
  override readonly name = 'NoAdapterError';
}

/**
 * Looks for an adapter in a process of its own: without a driver Dawn writes warnings of its own to standard error, and
 * a broken driver may take the process down.
 * @param env - of that process, which says which drivers there are.
 * @returns the adapter's names.
 * @throws NoAdapterError if there is none; Error if Dawn is not installed.
 */
export async function findAdapter(env: Readonly<Record<string, string | undefined>> = process.env): Promise<string> {
  const command = ['--input-type=module', '-e', probe(dawnUrl())];
  const found = await promisify(execFile)(process.execPath, command, { env }).catch(
    (error: { code?: unknown; signal?: unknown }) => {
      const ending = `exit code ${error.code}, signal ${error.signal}`;
      throw new NoAdapterError(`Dawn failed in a process of its own (${ending})`, { cause: error });
    },
  );
  const names = found.stdout.trim();
  if (names === '') throw new NoAdapterError('no GPU adapter was found');
  return names;
}

/** Whether a processor pretends to be the GPU of these names. */
export const isSoftware = (adapter: string): boolean => SOFTWARE.test(adapter);

function dawnUrl(): string {
  try {
    return pathToFileURL(createRequire(import.meta.url).resolve('webgpu')).href;
  } catch (error) {
    throw new Error('the package webgpu is not installed', { cause: error });
  }
}

const probe = (url: string): string => `
  const { create, globals } = await import(${JSON.stringify(url)});
  Object.assign(globalThis, globals);
  const adapter = await create([]).requestAdapter();
  const { vendor, architecture, device, description } = adapter?.info ?? {};
  console.log([vendor, architecture, device, description].filter(Boolean).join(', ') || (adapter ? 'unnamed' : ''));
  process.exit();
`;
