/**
 * Runs the commands of every case in a folder and compares what they do with what is right:
 * `node tools/cases.mjs [<folder>] [--quick] [--demo <folder>]` after `npm run build`. The form of a case is in
 * tools/cases/README.md. Exit code 1 if a case is wrong, 2 if the request is.
 */
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, delimiter, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { readLabelMap } from '@pffnet/datasets';

const checkout = fileURLToPath(new URL('..', import.meta.url));
const ownCases = fileURLToPath(new URL('cases', import.meta.url));
const keys = ['run', 'exit', 'says', 'saysNot', 'json', 'objects'];

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: { quick: { type: 'boolean', default: false }, demo: { type: 'string' } },
});
const folder = resolve(positionals[0] ?? ownCases);
const scratch = mkdtempSync(join(tmpdir(), 'pffnet-cases-'));
try {
  process.exitCode = await runAll();
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

async function runAll() {
  const cases = casesIn(folder);
  if (cases.length === 0) {
    process.stderr.write(`${folder} holds no case; expected folders with a README.md or a case.json\n`);
    return 2;
  }
  installCommand();
  const counts = { right: 0, wrong: 0, left: 0 };
  for (const path of cases) {
    const reasons = await faultsOf(path);
    const verdict = reasons === undefined ? 'left' : reasons.length === 0 ? 'right' : 'wrong';
    counts[verdict]++;
    const note = verdict === 'left' ? 'needs a trained network; run without --quick' : reasons.join('\n       ');
    process.stdout.write(`${verdict.padEnd(5)}  ${basename(path)}${note === '' ? '' : `\n       ${note}`}\n`);
  }
  const left = counts.left === 0 ? '' : `, ${counts.left} left out`;
  process.stdout.write(`\n${cases.length} cases: ${counts.right} right, ${counts.wrong} wrong${left}\n`);
  return counts.wrong === 0 ? 0 : 1;
}

/** Folders of cases, or the folder itself if it is one. */
function casesIn(at) {
  const isCase = (path) => existsSync(join(path, 'README.md')) || existsSync(join(path, 'case.json'));
  if (existsSync(join(at, 'case.json'))) return [at];
  if (!existsSync(at)) return [];
  return readdirSync(at, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && isCase(join(at, entry.name)))
    .map(({ name }) => join(at, name))
    .sort();
}

/** @returns what is wrong, nothing if all is right; undefined if the case is left out. */
async function faultsOf(path) {
  let wanted;
  try {
    wanted = descriptionOf(path);
  } catch (error) {
    return [error.message];
  }
  if (options.quick && wanted.needs !== undefined) return undefined;
  const work = join(scratch, basename(path));
  // The description is no input: a second JSON file would change what a folder is.
  cpSync(path, work, { recursive: true, filter: (source) => source !== join(path, 'case.json') });
  makeWritable(work);
  if (wanted.needs === 'demo') symlinkSync(demoFolder(), join(work, 'demo'));
  const faults = [];
  for (const command of wanted.commands) faults.push(...(await compare(command, work)));
  return faults;
}

/** The case's own description, or that of the case of the same name in this repository. */
function descriptionOf(path) {
  const file = [path, join(ownCases, basename(path))].map((at) => join(at, 'case.json')).find((at) => existsSync(at));
  if (file === undefined) {
    throw new Error('has no case.json, so that nobody says what is right; write one as tools/cases/README.md shows');
  }
  const wanted = JSON.parse(readFileSync(file, 'utf8'));
  if (!Array.isArray(wanted.commands) || wanted.commands.some(({ run }) => typeof run !== 'string')) {
    throw new Error(`${file} has no list "commands", each with "run"`);
  }
  if (wanted.needs !== undefined && wanted.needs !== 'demo') throw new Error(`${file}: "needs" can be "demo" alone`);
  const unknown = wanted.commands.flatMap(Object.keys).find((key) => !keys.includes(key));
  if (unknown !== undefined) throw new Error(`${file} has the key "${unknown}"; expected ${keys.join(', ')}`);
  return wanted;
}

function makeWritable(at) {
  chmodSync(at, 0o755);
  for (const entry of readdirSync(at, { withFileTypes: true })) {
    if (entry.isDirectory()) makeWritable(join(at, entry.name));
    else chmodSync(join(at, entry.name), 0o644);
  }
}

/** Runs one command and compares exit code, text and files. */
async function compare({ run, exit = 0, says = [], saysNot = [], json = {}, objects = {} }, work) {
  const { status, output } = perform(run, work);
  const faults = [];
  const expect = (is, text) => {
    if (!is) faults.push(`${run}: ${text}`);
  };
  const shown = output.trim().split('\n').at(-1);
  expect([exit].flat().includes(status), `exit code ${status}, expected ${exit}; last line: ${shown}`);
  expect(!/^ {4}at /m.test(output), 'printed a stack trace, expected one line');
  for (const text of says) expect(new RegExp(text, 'i').test(output), `expected the text /${text}/`);
  for (const text of saysNot) expect(!new RegExp(text, 'i').test(output), `expected no text /${text}/`);
  for (const [file, values] of Object.entries(json)) {
    if (!existsSync(join(work, file))) {
      expect(false, `expected the file ${file}`);
      continue;
    }
    const content = JSON.parse(readFileSync(join(work, file), 'utf8'));
    for (const [place, right] of Object.entries(values)) {
      const value = place.split('.').reduce((inner, key) => inner?.[key], content);
      expect(isEqual(value, right), `${file}: ${place} is ${JSON.stringify(value)}, expected ${JSON.stringify(right)}`);
    }
  }
  for (const [file, right] of Object.entries(objects)) {
    const [found, wanted] = [
      await objectsIn(work, file),
      typeof right === 'string' ? await objectsIn(work, right) : right,
    ];
    expect(
      found !== undefined && isEqual(found, wanted),
      `${file}: ${found ?? 'no file'}, expected ${JSON.stringify(wanted)} objects`,
    );
  }
  return faults;
}

/** Numbers to four digits after the point; `{ above }` for what may vary. */
function isEqual(value, right) {
  if (typeof right === 'number') return typeof value === 'number' && Math.abs(value - right) < 5e-5;
  if (typeof right?.above === 'number') return typeof value === 'number' && value > right.above;
  return JSON.stringify(value) === JSON.stringify(right);
}

/** Objects in a label map. */
async function objectsIn(work, file) {
  const path = join(work, file);
  if (!existsSync(path)) return undefined;
  const ids = new Set((await readLabelMap(path)).data);
  ids.delete(0);
  return ids.size;
}

/** `pffnet` is the command of this checkout, `$CHECKOUT` its folder. */
function perform(run, work) {
  const env = { ...process.env, CHECKOUT: checkout, PATH: `${join(scratch, 'bin')}${delimiter}${process.env.PATH}` };
  const { status, stdout, stderr } = spawnSync('sh', ['-c', run], { cwd: work, env, encoding: 'utf8' });
  return { status, output: `${stdout}\n${stderr}` };
}

function installCommand() {
  mkdirSync(join(scratch, 'bin'));
  const script = join(checkout, 'packages/cli/bin/pffnet.js');
  writeFileSync(join(scratch, 'bin/pffnet'), `#!/bin/sh\nexec "${process.execPath}" "${script}" "$@"\n`, {
    mode: 0o755,
  });
}

/** Trained once, unless given. */
function demoFolder() {
  if (options.demo !== undefined) return resolve(options.demo);
  const demo = join(scratch, 'demo');
  if (existsSync(demo)) return demo;
  process.stderr.write('training the demo, some minutes\n');
  const { status, output } = perform(`pffnet demo --out "${demo}"`, scratch);
  if (status !== 0) throw new Error(`the demo failed: ${output.trim().split('\n').at(-1)}`);
  return demo;
}
