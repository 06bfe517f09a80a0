import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { activate } from './activate.ts';
import { type Engine, EngineError } from './engine.ts';
import { importOptional } from './import-optional.ts';

/** Names under which software rasterisers present themselves. */
const SOFTWARE = /swiftshader|llvmpipe|lavapipe|software|basic render/i;

interface Dawn {
  create(options: string[]): object;
  readonly globals: object;
}

const driver = 'a GPU with its Vulkan, Metal or Direct3D 12 driver';

/** Any vendor's GPU through Dawn, WebGPU outside a browser. */
export const webgpuEngine: Engine = {
  name: 'webgpu',
  remedy: `npm install webgpu @tensorflow/tfjs-backend-webgpu, and ${driver}`,
  async open() {
    const adapter = await findAdapter();
    const { create, globals } = (await importOptional('webgpu')) as unknown as Dawn;
    Object.assign(globalThis, globals);
    const navigator = { ...globalThis.navigator, gpu: create([]) as object | undefined };
    Object.defineProperty(globalThis, 'navigator', { value: navigator, configurable: true, writable: true });
    await importOptional('@tensorflow/tfjs-backend-webgpu'); // reads the globals while it loads
    await activate('webgpu');
    const drawback = SOFTWARE.test(adapter) ? { drawback: 'the only adapter is a software rasteriser' } : {};
    const dispose = (): void => {
      navigator.gpu = undefined;
    };
    return { description: `webgpu (${adapter})`, dispose, ...drawback };
  },
};

/**
 * Looks for an adapter in a process of its own: without a driver Dawn writes warnings of its own to standard error, and
 * a broken driver may take the process down.
 * @returns the adapter's names.
 */
async function findAdapter(): Promise<string> {
  const found = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', probe(dawnUrl())]).catch(
    (error: { code?: unknown; signal?: unknown }) => {
      const ending = `exit code ${error.code}, signal ${error.signal}`;
      throw new EngineError(`Dawn failed in a process of its own (${ending})`, driver, { cause: error });
    },
  );
  const names = found.stdout.trim();
  if (names === '') throw new EngineError('no GPU adapter was found', driver);
  return names;
}

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
