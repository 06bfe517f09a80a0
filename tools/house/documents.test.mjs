import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';

const root = fileURLToPath(new URL('../..', import.meta.url));
const listed = execFileSync('git', ['ls-files', '-co', '--exclude-standard'], { cwd: root, encoding: 'utf8' });
const files = listed.split('\n').filter((path) => path !== '' && existsSync(join(root, path)));
const text = (path) => readFileSync(join(root, path), 'utf8');
const code = files.filter((path) => /\.(ts|mjs|cc|h)$/.test(path) && !path.startsWith('tools/house/'));
const documents = files.filter((path) => path.endsWith('.md'));

const rows = [...text('docs/sources.md').matchAll(/^\| ([PF]?\d+) \|/gm)].map(([, name]) => name);

/** What a file cites, such as ['36'] for "sources.md row 36" and ['23', 'P21'] for "sources.md rows 23, P21". */
const citations = (path) =>
  [...text(path).matchAll(/sources\.md rows? ([PF]?\d+(?:, [PF]?\d+)*)/g)].flatMap(([, names]) => names.split(', '));

describe('docs/sources.md', () => {
  test('gives each row one name', () => {
    expect(rows.length).toBeGreaterThan(80);
    expect(rows.filter((name, index) => rows.indexOf(name) !== index)).toEqual([]);
  });

  test('has the row of every citation in the code', () => {
    const cited = code.flatMap((path) => citations(path).map((name) => [path, name]));
    expect(cited.length).toBeGreaterThan(40);
    expect(cited.filter(([, name]) => !rows.includes(name))).toEqual([]);
  });

  test('is cited by rows; no citation leads out of the repository', () => {
    const lost = /\bmethods(\.md)? \d/;
    expect(code.filter((path) => lost.test(text(path)))).toEqual([]);
  });
});

test('every link in a document leads to a file of the repository', () => {
  const broken = documents.flatMap((path) =>
    [...text(path).matchAll(/\]\((?!https?:|mailto:|#)([^)\s#]+)/g)]
      .map(([, target]) => [path, target])
      .filter(([, target]) => !existsSync(join(root, dirname(path), target))),
  );
  expect(broken).toEqual([]);
});

describe('docs/how-to/add-a-network.md', () => {
  const guide = text('docs/how-to/add-a-network.md');
  const named = [...guide.matchAll(/`([\w./-]+\.(?:ts|mjs|json))`/g)].map(([, name]) => name);
  const sources = files.filter(
    (path) => /\.(ts|mjs|json)$/.test(path) && !path.startsWith('docs/') && path !== 'tools/house/documents.test.mjs',
  );
  const folder = 'packages/pixel-networks/src/deep-coloring/';

  test('names every file of deep colouring, and every source outside its folder that knows of it', () => {
    const own = sources.filter((path) => path.startsWith(folder)).map((path) => path.slice(folder.length));
    const knowing = sources.filter((path) => !path.startsWith(folder) && /deep-?coloring/i.test(text(path)));
    expect([...own, ...knowing].filter((name) => !named.includes(name))).toEqual([]);
    expect([own.length > 8, knowing.length > 8]).toEqual([true, true]);
  });

  test('names every source outside DIST’s package that names the package', () => {
    const touched = sources.filter(
      (path) => !path.startsWith('packages/dist-network/') && text(path).includes('dist-network'),
    );
    expect(touched.filter((path) => !named.includes(path))).toEqual([]);
    expect(touched.length).toBeGreaterThan(5);
  });

  test('names no file that there is not', () => {
    expect(named.length).toBeGreaterThan(20);
    expect(named.filter((name) => !existsSync(join(root, name)) && !existsSync(join(root, folder, name)))).toEqual([]);
  });
});
