import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const command = fileURLToPath(new URL('../bin/pffnet.js', import.meta.url));

/** Compiles what {@link spawnPffnet} runs. */
export function compilePffnet(): void {
  execFileSync(process.execPath, ['node_modules/typescript/bin/tsc', '--build', 'packages/cli/tsconfig.lib.json'], {
    cwd: root,
  });
}

/** What a process left behind. */
export interface Ending {
  readonly code: number | null;
  readonly signal: string | null;
  readonly out: string;
  readonly said: string;
}

/** A process at work. */
export interface Spawned {
  readonly child: ChildProcess;
  readonly ended: Promise<Ending>;
}

/**
 * Runs the command as it is installed: a process of its own, on the compiled files.
 * @param through - words of a program that runs it.
 */
export function spawnPffnet(args: readonly string[], through: readonly string[] = []): Spawned {
  const [program, ...words] = [...through, process.execPath, command, ...args];
  const child = spawn(program, words, { stdio: ['ignore', 'pipe', 'pipe'] });
  let [out, said] = ['', ''];
  child.stdout.on('data', (text) => (out += String(text)));
  child.stderr.on('data', (text) => (said += String(text)));
  const ended = new Promise<Ending>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => {
      resolve({ code, signal, out, said });
    });
  });
  return { child, ended };
}

/** Acts once, when a process has said something. */
export function whenSaid({ child }: Spawned, pattern: RegExp, act: () => void): void {
  let said = '';
  child.stderr?.on('data', function look(text) {
    said += String(text);
    if (!pattern.test(said)) return;
    child.stderr?.off('data', look);
    act();
  });
}

/** Waits until a condition holds, or a process has ended. */
export async function until(condition: () => boolean, { child }: Spawned): Promise<void> {
  while (!condition() && child.exitCode === null && child.signalCode === null) {
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}
