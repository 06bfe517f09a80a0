import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The example that opens a package's README: what to install, a program, what it prints.
 * @param {string} folder the package
 * @returns {{ install: string[], code: string, output: string } | undefined} nothing where the README shows commands
 */
export function readmeExample(folder) {
  const readme = readFileSync(join(folder, 'README.md'), 'utf8');
  const block = (language) => new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, 'ms').exec(readme)?.[1];
  const code = block('ts');
  if (code === undefined) return undefined;
  const install = /^npm install (.*)$/m.exec(block('sh') ?? '')?.[1] ?? '';
  return { install: install.split(' ').filter((word) => word !== ''), code, output: block('text') ?? '' };
}
