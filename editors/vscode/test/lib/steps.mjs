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
    name: 'a run says that there are no sessions, once',
    run: async (page) => {
      await run(page, 'Glueline: Run');
      // VS Code keeps messages to itself while it is driven: they wait behind the bell.
      await page.locator('#status\\.notifications .codicon-bell-dot').click();
      const said = page.locator('.notifications-center .notification-list-item', { hasText: /cannot talk with AWS/ });
      await see(said);
      if ((await said.count()) !== 1) throw new Error(`It is said ${await said.count()} times.`);
    },
  },
  {
    name: 'the menu of the status item',
    run: async (page) => {
      await page.locator('.statusbar-item', { hasText: 'Glueline' }).click();
      await see(page.locator('.quick-input-widget', { hasText: 'Show Logs' }));
    },
  },
];

/** Takes the mouse to where nothing is shown for it. */
export function aside(page) {
  return page.mouse.move(200, 660);
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
