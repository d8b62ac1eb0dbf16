// The page of the rows panel in a browser, with the policy that it has in VS Code, and the test in the place of VS Code.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { chromium } from 'playwright-core';
import html from '../out/html.js';
import { browser } from '../lib/browser.mjs';

const dist = (name) => readFileSync(new URL(`../../dist/${name}`, import.meta.url), 'utf8');
const ROWS = {
  uri: 'glueline-rows:///orders.rows.txt',
  node: 'model.shop.orders',
  title: 'orders',
  cte: null,
  limit: 100,
  columns: [
    { name: 'id', type: 'bigint' },
    { name: '<i>name</i>', type: 'string' },
    { name: 'lines', type: 'array<struct<sku:string>>' },
  ],
  rows: [
    ['9007199254740993', 'NULL', [{ sku: 'a' }]],
    [2, null, []],
    [3, '<img src=x onerror="document.title=1">', null],
  ],
};

let chrome;
let page;
const complaints = [];

before(async () => {
  chrome = await chromium.launch({ executablePath: browser(), headless: true, args: ['--no-sandbox', '--disable-gpu'] });
  page = await chrome.newPage();
  page.on('console', (message) => complaints.push(message.text()));
  page.on('request', (request) => complaints.push(request.url()));
  await page.addInitScript(() => {
    window.said = [];
    window.acquireVsCodeApi = () => ({ postMessage: (message) => window.said.push(message) });
  });
  await page.goto('about:blank');
  await page.setContent(html.html(dist('rows.js'), dist('rows.css')));
});

after(() => chrome?.close());

const tell = (message) => page.evaluate((data) => window.dispatchEvent(new MessageEvent('message', { data })), message);
const said = () => page.evaluate(() => window.said.splice(0));
const cell = (row, column) => page.locator(`tbody tr:nth-child(${row}) td:nth-of-type(${column})`);

test('it says that it is there, and loads nothing', async () => {
  assert.deepEqual(await said(), [{ is: 'ready' }]);
  await tell({ rows: ROWS });
  assert.equal(await page.locator('#summary').textContent(), '3 rows, 3 columns');
  assert.deepEqual(complaints, []);
});

test('what is a text is shown as one', async () => {
  assert.deepEqual(await page.locator('thead th').allTextContents(), ['#', 'id bigint', '<i>name</i> string', 'lines array<struct<sku:string>>']);
  assert.deepEqual(await page.locator('tbody th').allTextContents(), ['1', '2', '3']);
  assert.equal(await cell(3, 2).textContent(), '<img src=x onerror="document.title=1">');
  assert.equal(await page.locator('table img, table i').count(), 0);
  assert.equal(await cell(1, 1).textContent(), '9007199254740993');
  assert.equal(await cell(1, 3).textContent(), '[{"sku":"a"}]');
});

test('numbers stand right, and no value is not the text NULL', async () => {
  const align = (one) => one.evaluate((element) => getComputedStyle(element).textAlign);
  assert.deepEqual([await align(cell(1, 1)), await align(cell(1, 2))], ['right', 'left']);
  const looks = (one) => one.evaluate((element) => [element.textContent, getComputedStyle(element).fontStyle, element.ariaLabel]);
  assert.deepEqual(await looks(cell(1, 2)), ['NULL', 'normal', null]);
  assert.deepEqual(await looks(cell(2, 2)), ['NULL', 'italic', 'no value']);
});

test('keys walk, select and copy', async () => {
  await cell(1, 3).click();
  assert.equal(await page.locator('#value').textContent(), '[\n  {\n    "sku": "a"\n  }\n]');
  await page.keyboard.press('Home');
  await page.keyboard.press('Shift+ArrowDown');
  await page.keyboard.press('Shift+ArrowRight');
  assert.equal(await page.locator('[aria-selected=true]').count(), 4);
  assert.equal(await page.evaluate(() => document.activeElement.textContent), 'NULL');
  await page.keyboard.press('Control+c');
  assert.deepEqual(await said(), [{ is: 'copy', text: '9007199254740993\tNULL\n2\t' }]);
  await page.keyboard.press('Control+End');
  assert.deepEqual([await page.locator('[aria-selected=true]').count(), await page.locator('td[tabindex="0"]').count()], [1, 1]);
  await page.keyboard.press('Control+a');
  assert.equal(await page.locator('[aria-selected=true]').count(), 9);
});

test('buttons copy it whole, and ask again', async () => {
  await page.getByRole('button', { name: 'Copy as CSV' }).click();
  await page.getByRole('button', { name: 'Copy as TSV' }).click();
  const [csv, tsv] = await said();
  assert.ok(csv.text.startsWith('id,<i>name</i>,lines\r\n9007199254740993,NULL,') && csv.text.includes('\r\n2,,[]\r\n'), csv.text);
  assert.ok(tsv.text.startsWith('id\t<i>name</i>\tlines\n'), tsv.text);
  await page.getByRole('combobox', { name: 'Rows at most' }).selectOption('1000');
  assert.deepEqual(await said(), [{ is: 'again', limit: 1000 }]);
  await tell({ busy: true });
  assert.ok(await page.getByRole('button', { name: 'Run Again' }).isDisabled());
  await tell({ rows: { ...ROWS, limit: 1000, rows: [] } });
  assert.equal(await page.locator('#summary').textContent(), '0 rows, 3 columns');
  assert.equal(await page.locator('#value').textContent(), '');
  await page.getByRole('button', { name: 'Run Again' }).click();
  assert.deepEqual(await said(), [{ is: 'again', limit: 1000 }]);
  assert.deepEqual(complaints, []);
});
