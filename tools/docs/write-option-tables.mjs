import { readFileSync, writeFileSync } from 'node:fs';
import { documentsWithTables } from './documents.mjs';
import { withOptionTables } from './option-tables.mjs';

// npm run docs:config: writes the tables of options anew in every document that shows some.
for (const document of documentsWithTables()) {
  const before = readFileSync(document, 'utf8');
  const after = withOptionTables(before);
  if (after === before) continue;
  writeFileSync(document, after);
  console.log(`written: ${document.pathname}`);
}
