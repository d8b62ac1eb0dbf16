import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { ask, open, place, replace, reported, revert, rule, uri, writeOutside } from './helpers';

suite('findings', () => {
  test('of a file that is opened', async () => {
    const document = await open('shop-faulty/models/marts/fct_orders.sql');
    const found = await reported(document.uri, ['merge-without-unique-key', 'boolean-where-text-is-read']);
    const merge = vscode.languages.getDiagnostics(document.uri).find((one) => rule(one) === 'merge-without-unique-key');
    assert.equal(merge?.source, 'glueline');
    assert.equal(merge?.severity, vscode.DiagnosticSeverity.Error);
    assert.equal(document.getText(merge?.range), "'merge'");
    assert.equal(found.length, 4);
  });

  test('of files that are not open', async () => {
    await reported(uri('shop-faulty/models/marts/fct_deliveries.sql'), ['hudi-without-unique-key']);
  });

  test('none in a project that is in order', async () => {
    const document = await open('shop/models/marts/sales/fct_orders.sql');
    await ask('vscode.executeHoverProvider', document.uri, place(document, "ref('stg|_orders')"));
    const inside = vscode.languages.getDiagnostics().filter(([of, found]) => of.path.includes('/shop/') && found.length > 0);
    assert.deepEqual(inside.map(([of, found]) => [of.path, found.map(rule)]), []);
  });

  test('go and come as one types', async () => {
    const document = await open('shop-faulty/models/marts/fct_orders.sql');
    await reported(document.uri, ['merge-without-unique-key']);
    await replace(document, "incremental_strategy='merge',", "incremental_strategy='merge', unique_key='order_id',");
    await reported(document.uri, ['boolean-where-text-is-read'], ['merge-without-unique-key']);
    await replace(document, "unique_key='order_id',", '');
    await reported(document.uri, ['merge-without-unique-key']);
    await revert(document);
  });

  test('of other files follow what is typed here', async () => {
    const payments = uri('shop-faulty/models/marts/late_payments.sql');
    await reported(payments, ['undefined-macro']);
    const macros = await open('shop-faulty/macros/collect_statistics.sql');
    await vscode.commands.executeCommand('cursorBottom');
    const edit = new vscode.WorkspaceEdit();
    edit.insert(macros.uri, macros.lineAt(macros.lineCount - 1).range.end, '\n{% macro days_between(a, b) %}datediff({{ b }}, {{ a }}){% endmacro %}\n');
    await vscode.workspace.applyEdit(edit);
    await reported(payments, ['missing-ref'], ['undefined-macro']);
    await revert(macros);
    await reported(payments, ['missing-ref', 'undefined-macro']);
  });

  test('follow what another program writes', async () => {
    const place_ = uri('shop-faulty/models/marts/late_payments.sql');
    await reported(place_, ['missing-ref']);
    const added = uri('shop-faulty/models/staging/stg_payment.sql');
    writeOutside(added, 'select 1 as payment_id\n');
    await reported(place_, ['undefined-macro'], ['missing-ref']);
    await vscode.workspace.fs.delete(added);
    await reported(place_, ['undefined-macro', 'missing-ref']);
  });

  test('are gone once their own fix is applied', async () => {
    const document = await open('shop-faulty/models/marts/fct_orders.sql');
    await reported(document.uri, ['boolean-where-text-is-read']);
    const at = place(document, 'use_iceberg_temp_views=|false');
    const range = new vscode.Range(at, at.translate(0, 5));
    const actions = await ask<vscode.CodeAction>('vscode.executeCodeActionProvider', document.uri, range, 'quickfix', 100);
    const fix = actions.find((action) => action.title.includes("'False'"));
    assert.ok(fix?.edit, `one of ${actions.map((action) => action.title).join('; ')}`);
    assert.ok(await vscode.workspace.applyEdit(fix.edit));
    assert.ok(document.getText().includes("use_iceberg_temp_views='False'"));
    await reported(document.uri, ['merge-without-unique-key'], ['boolean-where-text-is-read']);
    await revert(document);
  });

  test('never end the server, whatever is half typed', async () => {
    const document = await open('shop-faulty/models/marts/sales_by_country.sql');
    const whole = document.getText();
    for (let length = 0; length < whole.length; length += 7) {
      const edit = new vscode.WorkspaceEdit();
      const all = new vscode.Range(0, 0, document.lineCount, 0);
      edit.replace(document.uri, all, `${whole.slice(0, length)}{{ ref('`);
      await vscode.workspace.applyEdit(edit);
    }
    await revert(document);
    await reported(document.uri, ['meta-breaks-session']);
  });
});
