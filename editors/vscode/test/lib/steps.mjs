// The steps of the flow, in their order; each waits for what a user would look for. What a step leaves behind, `after` clears away
// once the picture is taken.

import { PATIENCE, sleep } from './workbench.mjs';

export const STEPS = [
  {
    name: 'the file opens, and mistakes are underlined',
    run: async (page) => {
      await see(page.locator('.monaco-editor .view-line'));
      await see(page.locator('.squiggly-error'));
    },
  },
  {
    name: 'the status item tells of the project',
    run: async (page) => {
      const item = page.locator('.statusbar-item', { hasText: 'Glueline: shop_faulty (dev)' });
      await see(item.locator('.codicon-check'));
      const hover = page.locator('.monaco-hover:visible', { hasText: /shop_faulty \(dev\): \d+ models, \d+ errors/ });
      // The item is made anew when what it tells changes, and what hovers over the one before goes with it.
      for (let tries = 1; ; tries += 1) {
        await page.mouse.move(5, 5);
        await item.hover();
        try {
          await hover.first().waitFor({ state: 'visible', timeout: 5_000 });
          return;
        } catch (error) {
          if (tries === 15) throw error;
        }
      }
    },
  },
  {
    name: 'lenses offer what can be shown',
    run: (page) => see(page.locator('.codelens-decoration', { hasText: /preview/i })),
  },
  {
    name: 'a lens shows what it counts',
    run: async (page) => {
      await page.locator('.codelens-decoration a', { hasText: '1 parent' }).click();
      await see(page.locator('.reference-zone-widget .monaco-list-row', { hasText: 'stg_orders.sql' }));
    },
    after: (page) => page.locator('.reference-zone-widget').waitFor({ state: 'detached', timeout: PATIENCE }),
  },
  {
    name: 'hover explains a mistake and what stands there',
    run: async (page) => {
      await word(page, 'merge').hover();
      await see(page.locator('.monaco-hover:visible', { hasText: 'merge-without-unique-key' }));
      await see(page.locator('.monaco-hover:visible', { hasText: 'unique_key' }));
    },
  },
  {
    name: 'the problems are listed',
    run: async (page) => {
      await page.keyboard.press('Control+Shift+M');
      // Rows out of sight are not there: those of one kind are asked for.
      await page.getByPlaceholder(/^Filter/).fill('merge-without-unique-key');
      await see(page.locator('.markers-panel .monaco-list-row', { hasText: 'merges without a `unique_key`' }));
    },
    after: (page) => page.keyboard.press('Control+J'),
  },
  {
    name: 'a quick fix is offered and applied',
    run: async (page) => {
      const mistake = word(page, 'false');
      await mistake.click();
      await aside(page);
      await sleep(300);
      await page.keyboard.press('Control+.');
      await see(page.locator('.action-widget', { hasText: "Write `'False'`" }));
      await page.keyboard.press('Enter');
      await see(page.locator('.view-line', { hasText: "use_iceberg_temp_views='False'" }));
      await page.locator('.squiggly-error').nth(1).waitFor({ state: 'detached', timeout: PATIENCE });
    },
  },
  {
    name: 'completion offers models',
    run: async (page) => {
      // Behind `stg_`.
      await goTo(page, 17, 18);
      await page.keyboard.press('Control+Space');
      for (const model of ['stg_customers', 'stg_payments']) {
        await see(page.locator('.suggest-widget:visible .monaco-list-row', { hasText: model }));
      }
    },
  },
  {
    name: 'compiled sql opens beside the model',
    run: async (page) => {
      await run(page, 'Glueline: Show Compiled SQL');
      await see(page.locator('.tab', { hasText: 'fct_orders.compiled.sql' }));
      await see(page.locator('.editor-group-container').nth(1).locator('.view-line', { hasText: 'stg_orders' }));
    },
  },
  {
    name: 'and follows what is typed',
    run: async (page) => {
      await goTo(page, 12, 1);
      await page.keyboard.press('Home');
      await page.keyboard.type('1 as typed_now,\n');
      await see(page.locator('.editor-group-container').nth(1).locator('.view-line', { hasText: 'typed_now' }));
    },
  },
  {
    name: 'the preview opens beside the model',
    run: async (page) => {
      await run(page, 'Glueline: Preview What Runs');
      await see(page.locator('.tab', { hasText: 'fct_orders.preview.sql' }));
      await see(page.locator('.editor-group-container').nth(1).locator('.view-line', { hasText: /create\sor\sreplace\stable/i }));
    },
  },
  {
    name: 'a run that cannot begin says why, once',
    run: async (page) => {
      await run(page, 'Glueline: Run on Glue');
      await said(page, /dbt cannot|no command runs/);
    },
    after: quiet,
  },
  {
    name: 'rows of the model stand in a panel',
    run: async (page) => {
      await run(page, 'Glueline: Show Rows');
      await see(page.locator('.tab', { hasText: 'Rows: fct_orders' }));
      const rows = panel(page);
      await see(rows.getByText('2 rows, 6 columns'));
      await see(rows.locator('th', { hasText: 'order_id bigint' }));
      // The text NULL, and no value; a whole number that some readers of JSON round; markup that is a text.
      await see(rows.locator('td:not(.null)', { hasText: 'NULL' }));
      await see(rows.locator('td.null', { hasText: 'NULL' }));
      await see(rows.locator('td.number', { hasText: '9007199254740993' }));
      await see(rows.locator('td', { hasText: '<b>bold</b>' }));
    },
  },
  {
    name: 'the panel is walked through by keys, and read again',
    run: async (page) => {
      const rows = panel(page);
      await rows.locator('td', { hasText: '9007199254740993' }).click();
      await page.keyboard.press('End');
      await see(rows.locator('#value', { hasText: /"sku": "a-1"/ }));
      await rows.getByRole('combobox', { name: 'Rows at most' }).selectOption('1000');
      await see(rows.locator('body[aria-busy=false]'));
      await see(rows.getByText('2 rows, 6 columns'));
      if ((await page.locator('.tab', { hasText: 'Rows: fct_orders' }).count()) !== 1) throw new Error('There are two panels.');
    },
  },
  {
    name: 'the menu of the status item',
    run: async (page) => {
      await page.locator('.statusbar-item', { hasText: 'Glueline' }).click();
      // The session that the rows came from.
      await see(page.locator('.quick-input-widget', { hasText: 'Stop Session' }));
    },
  },
  {
    name: 'a run of what loses data asks, and is made when it may',
    run: async (page, workspace) => {
      await openFile(page, `${workspace}/shop/models/staging/shop/stg_orders.sql`);
      await selectAll(page);
      await page.keyboard.type("{{ config(pre_hook='drop table shop_dev_staging.kept_by_others') }} select 'wait_for_me' as order_id");
      await page.locator('.editor-actions .action-label[aria-label^="Run on Glue"]').first().click();
      const question = await said(page, /kept_by_others/);
      await question.getByRole('button', { name: 'Run anyway' }).click();
      await see(page.locator('.statusbar-item .codicon-loading'));
    },
    after: quiet,
  },
  {
    name: 'and is cancelled',
    run: async (page) => {
      await run(page, 'Glueline: Cancel Run');
      await said(page, /cancelled|stopped/);
      await page.locator('.statusbar-item .codicon-loading').waitFor({ state: 'detached', timeout: PATIENCE });
    },
    after: quiet,
  },
  {
    name: 'and the menu knows of the session that it left',
    run: async (page) => {
      await page.locator('.statusbar-item', { hasText: 'Glueline' }).click();
      await see(page.locator('.quick-input-widget', { hasText: 'Stop Session' }));
    },
  },
];

/** Takes the mouse to where nothing is shown for it. */
export function aside(page) {
  return page.mouse.move(200, 660);
}

/** What is told once. VS Code keeps messages to itself while it is driven: they wait behind the bell. */
async function said(page, words) {
  await see(page.locator('#status\\.notifications .codicon-bell-dot'));
  // By its command: a click on the bell shows the list or hides it, as it stands.
  await run(page, 'Notifications: Show Notifications');
  const found = page.locator('.notifications-center .notification-list-item', { hasText: words });
  await see(found);
  if ((await found.count()) !== 1) throw new Error(`It is said ${await found.count()} times.`);
  return found;
}

/** Takes away what was told. */
async function quiet(page) {
  await run(page, 'Notifications: Clear All Notifications');
}

/** Opens a file by its path, in the project of the workspace or beside it. */
async function openFile(page, file) {
  await page.keyboard.press('Control+1');
  await page.keyboard.press('Control+P');
  await see(page.locator('.quick-input-widget'));
  await page.keyboard.type(file);
  await see(page.locator('.quick-input-list .monaco-list-row', { hasText: file.split('/').at(-1) }));
  await page.keyboard.press('Enter');
  await see(page.locator('.tab.active', { hasText: file.split('/').at(-1) }));
}

/** Selects the whole text of the editor, which takes keys only a moment after its tab is there. */
async function selectAll(page) {
  const selected = page.locator('.statusbar-item', { hasText: /\(\d+ selected\)/ });
  for (let tries = 1; ; tries++) {
    await page.keyboard.press('Control+A');
    const is = await selected.waitFor({ timeout: 3000 }).then(
      () => true,
      () => false,
    );
    if (is) return;
    if (tries === 10) throw new Error('The text cannot be selected.');
  }
}

/** The page of a panel, which stands in a frame of a frame. */
function panel(page) {
  return page.frameLocator('iframe.webview.ready').frameLocator('#active-frame');
}

async function see(locator) {
  await locator.first().waitFor({ state: 'visible', timeout: PATIENCE });
}

/** A word of the first editor; what the editor colours as one piece stands in one element. */
function word(page, text) {
  return page.locator('.editor-group-container').first().locator('.view-line span span', { hasText: text }).last();
}

async function goTo(page, line, column) {
  await page.keyboard.press('Control+1');
  await page.keyboard.press('Control+G');
  await page.keyboard.type(`${line}:${column}`);
  await page.keyboard.press('Enter');
  await see(page.locator('.statusbar-item', { hasText: `Ln ${line}, Col ${column}` }));
}

async function run(page, command) {
  await page.keyboard.press('Control+1');
  await page.keyboard.press('F1');
  await see(page.locator('.quick-input-widget'));
  await page.keyboard.type(command);
  // Not the first of the list: commands that were used before come first, whatever else they are called.
  const named = page.locator('.quick-input-list .monaco-list-row').filter({ has: page.getByText(command, { exact: true }) });
  await see(named);
  await named.first().click();
}
