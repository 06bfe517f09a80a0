import { readdirSync, readFileSync } from 'node:fs';

const root = new URL('../../', import.meta.url);

/** The documents that show tables of options: those with the mark of one. */
export function documentsWithTables() {
  const guides = readdirSync(new URL('docs/', root), { recursive: true }).map((name) => `docs/${name}`);
  const readmes = readdirSync(new URL('packages/', root)).map((name) => `packages/${name}/README.md`);
  return [...guides, ...readmes]
    .filter((name) => name.endsWith('.md'))
    .filter((name) => readFileSync(new URL(name, root), 'utf8').includes('<!-- options: '))
    .map((name) => new URL(name, root));
}
