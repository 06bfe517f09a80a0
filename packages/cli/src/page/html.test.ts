import { describe, expect, test } from '@jest/globals';
import { escapeHtml, facts, figure, page, table } from './html.ts';

describe('html', () => {
  test('text cannot become markup', () => {
    const text = `<b a="1" c='2'> & </b>`;
    expect(escapeHtml(text)).toBe('&lt;b a=&quot;1&quot; c=&#39;2&#39;&gt; &amp; &lt;/b&gt;');
    for (const html of [table([text], [[text, text]]), facts([[text, text]]), figure(text, text), page(text, '')]) {
      expect(html).not.toContain('<b ');
      expect(html).toContain('&lt;b ');
    }
  });

  test('tables head their columns and rows', () => {
    expect(table(['', 'AJI'], [['mean', '0.5']])).toBe(
      '<table><thead><tr><th scope="col"></th><th scope="col">AJI</th></tr></thead><tbody><tr><th scope="row">mean</th><td>0.5</td></tr></tbody></table>',
    );
  });
});
