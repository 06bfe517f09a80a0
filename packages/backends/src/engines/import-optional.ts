import { EngineError } from './engine.ts';

/**
 * Imports a package that may be absent.
 * @param whenBroken - what to do where the package is installed and does not load; by default what the engine says.
 * @throws Error with one readable line: the package is not installed, or what its loading said first.
 */
export async function importOptional(packageName: string, whenBroken?: string): Promise<Record<string, unknown>> {
  try {
    return (await import(packageName)) as Record<string, unknown>;
  } catch (error) {
    const first = String((error as Partial<Error>).message ?? error).split('\n')[0];
    if (/cannot find (package|module)/i.test(first) && first.includes(packageName)) {
      throw new Error(`the package ${packageName} is not installed`, { cause: error });
    }
    const message = `${packageName} does not load: ${first}`;
    throw whenBroken === undefined
      ? new Error(message, { cause: error })
      : new EngineError(message, whenBroken, { cause: error });
  }
}
