import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Files that tell time, place and process. */
const passing = /^(events\.out\.tfevents\..*|run\.json|index\.html|output\.log)$/;

/** Names and hashes of all files of a run folder that are the same whenever and wherever the run is made. */
export function resultOf(folder: string): Record<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !passing.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
  return Object.fromEntries(files.sort().map((name) => [name, hashOf(join(folder, name))]));
}

function hashOf(path: string): string {
  const bytes = readFileSync(path);
  const lasting = path.endsWith('log.jsonl') ? bytes.toString().replaceAll(/"seconds":[^,]*,/g, '') : bytes;
  return createHash('sha256').update(lasting).digest('hex');
}
