import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { ask, eventually, open, place, reported, uri } from './helpers';

const STAGING = 'shop/models/staging/shop';

async function exists(of: vscode.Uri): Promise<boolean> {
  return vscode.workspace.fs.stat(of).then(() => true, () => false);
}

async function text(of: vscode.Uri): Promise<string> {
  return (await vscode.workspace.openTextDocument(of)).getText();
}

suite('edits of several files', () => {
  test('a model is renamed with its file', async () => {
    const document = await open('shop/models/marts/sales/fct_orders.sql');
    const at = place(document, "ref('stg|_orders')");
    const [before, after] = [uri(`${STAGING}/stg_orders.sql`), uri(`${STAGING}/stg_purchases.sql`)];
    const edit = await vscode.commands.executeCommand<vscode.WorkspaceEdit>('vscode.executeDocumentRenameProvider', document.uri, at, 'stg_purchases');
    const touched = edit.entries().map(([of]) => of);
    assert.ok(touched.length >= 3, touched.join(', '));
    assert.ok(await vscode.workspace.applyEdit(edit));
    try {
      assert.deepEqual([await exists(before), await exists(after)], [false, true]);
      assert.ok(document.getText().includes("ref('stg_purchases')"), document.getText());
      assert.ok((await text(uri(`${STAGING}/_shop_models.yml`))).includes('name: stg_purchases'));
      const [definition] = await eventually('the new definition', async () => {
        const found = await vscode.commands.executeCommand<vscode.LocationLink[]>('vscode.executeDefinitionProvider', document.uri, at);
        return found.some((one) => path(one) === after.path) ? found : undefined;
      });
      assert.ok(definition);
      const wrong = vscode.languages.getDiagnostics().filter(([of, found]) => of.path.includes('/shop/') && found.length > 0);
      assert.deepEqual(wrong.map(([of]) => of.path), []);
    } finally {
      await vscode.workspace.fs.rename(after, before);
    }
  });

  test('a file that is renamed by hand takes its names along', async () => {
    const [before, after] = [uri(`${STAGING}/stg_orders.sql`), uri(`${STAGING}/stg_sales.sql`)];
    const document = await open('shop/models/marts/sales/fct_orders.sql');
    await ask('vscode.executeDefinitionProvider', document.uri, place(document, "ref('stg|_orders')"));
    const edit = new vscode.WorkspaceEdit();
    edit.renameFile(before, after);
    assert.ok(await vscode.workspace.applyEdit(edit));
    try {
      await eventually('the names', () => document.getText().includes("ref('stg_sales')") || undefined);
    } finally {
      await vscode.workspace.fs.rename(after, before);
    }
  });

  test('an action writes a file and changes another', async () => {
    const document = await open('shop/models/marts/sales/fct_orders.sql');
    const made = uri('shop/models/marts/sales/totals.sql');
    const at = place(document, 'total|s as (');
    const actions = await ask<vscode.CodeAction>('vscode.executeCodeActionProvider', document.uri, new vscode.Range(at, at), 'refactor.extract', 100);
    const action = actions.find(({ title }) => title === 'Extract `totals` to the ephemeral model `totals`');
    assert.ok(action?.edit, actions.map(({ title }) => title).join('; '));
    assert.ok(await vscode.workspace.applyEdit(action.edit));
    try {
      assert.match(await text(made), /^\{\{ config\(materialized='ephemeral'\) \}\}\n\nselect \* from \{\{ ref\('int_order_totals'\) \}\}\n$/);
      assert.ok(document.getText().includes("select * from {{ ref('totals') }}"), document.getText());
      await reported(document.uri, [], ['missing-ref']);
    } finally {
      // What is typed and not saved would outlive the file.
      await vscode.window.showTextDocument(made);
      await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
      await vscode.workspace.fs.delete(made);
    }
  });
});

function path(found: vscode.Location | vscode.LocationLink): string {
  return ('targetUri' in found ? found.targetUri : found.uri).path;
}
