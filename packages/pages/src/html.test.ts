import { describe, expect, test } from '@jest/globals';
import { escapeHtml, facts, figure, page, table } from './html.ts';

describe('html', () => {
  test('text cannot become markup', () => {
    const text = `<b a="1" c='2'> & </b>`;
    expect(escapeHtml(text)).toBe('&lt;b a=&quot;1&quot; c=&#39;2&#39;&gt; &amp; &lt;/b&gt;');
    for (const html of [
      table([text], [[{ name: text, cells: [text] }]]),
      facts([[text, text]]),
      figure(text, text),
      page(text, ''),
    ]) {
      expect(html).not.toContain('<b ');
      expect(html).toContain('&lt;b ');
    }
  });

  test('pictures are found whatever their names', () => {
    expect(figure('images/a #1?.png', 'a')).toContain('src="images/a%20%231%3F.png"');
  });

  test('tables head their columns and rows', () => {
    const rows = [{ name: 'mean', cells: ['0.5'], main: true }];
    expect(table(['', 'AJI'], [rows, [{ name: 'a', cells: ['0.4'] }]])).toBe(
      '<table><thead><tr><th scope="col"></th><th scope="col">AJI</th></tr></thead>' +
        '<tbody><tr class="main"><th scope="row">mean</th><td>0.5</td></tr></tbody>' +
        '<tbody><tr><th scope="row">a</th><td>0.4</td></tr></tbody></table>',
    );
  });
});
