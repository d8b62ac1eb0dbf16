import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { ask, eventually, open, place, replace, revert, uri, words } from './helpers';

const ORDERS = 'shop/models/marts/sales/fct_orders.sql';

suite('at a place', () => {
  test('hover says what a ref is', async () => {
    const document = await open(ORDERS);
    const [hover] = await ask<vscode.Hover>('vscode.executeHoverProvider', document.uri, place(document, "ref('stg|_orders')"));
    const said = words(hover?.contents ?? []);
    assert.match(said, /stg_orders/);
    assert.match(said, /Orders with codes and states in one spelling/);
  });

  test('completion offers models in a ref that is half typed', async () => {
    const document = await open(ORDERS);
    await replace(document, "ref('stg_orders')", "ref('stg_o')");
    const at = place(document, "ref('stg_o|");
    const list = await vscode.commands.executeCommand<vscode.CompletionList>('vscode.executeCompletionItemProvider', document.uri, at);
    const labels = list.items.map(({ label }) => (typeof label === 'string' ? label : label.label));
    assert.ok(labels.includes('stg_orders') && labels.includes('stg_order_lines'), labels.slice(0, 20).join(', '));
    await revert(document);
  });

  test('signature help names the parameters of a macro', async () => {
    const document = await open('shop/models/marts/fulfilment/fct_shipments.sql');
    const at = place(document, "newest_first(['shipment_id'], |'updated_at')");
    const help = await vscode.commands.executeCommand<vscode.SignatureHelp>('vscode.executeSignatureHelpProvider', document.uri, at);
    assert.match(help.signatures[0]?.label ?? '', /newest_first\(keys, order_by\)/);
    assert.equal(help.activeParameter, 1);
  });

  test('definition of a model and of a macro', async () => {
    const document = await open(ORDERS);
    for (const [marked, expected] of [
      ["ref('stg|_orders')", 'shop/models/staging/shop/stg_orders.sql'],
      ['since_|lookback(', 'shop/macros/since_lookback.sql'],
    ] as const) {
      const found = await ask<vscode.Location | vscode.LocationLink>('vscode.executeDefinitionProvider', document.uri, place(document, marked));
      const targets = found.map((one) => ('targetUri' in one ? one.targetUri : one.uri).path);
      assert.ok(targets.includes(uri(expected).path), targets.join(', '));
    }
  });

  test('references of a model', async () => {
    const document = await open(ORDERS);
    const found = await ask<vscode.Location>('vscode.executeReferenceProvider', document.uri, place(document, "ref('stg|_orders')"));
    const files = new Set(found.map((one) => one.uri.path));
    for (const expected of [ORDERS, 'shop/models/marts/reporting/conversion_funnel.sql', 'shop/models/intermediate/int_order_lines_priced.sql']) {
      assert.ok(files.has(uri(expected).path), [...files].join(', '));
    }
  });

  test('rename of a macro changes every call', async () => {
    const document = await open(ORDERS);
    const at = place(document, 'since_|lookback(');
    const edit = await vscode.commands.executeCommand<vscode.WorkspaceEdit>('vscode.executeDocumentRenameProvider', document.uri, at, 'since_day_read');
    const files = edit.entries().map(([of]) => of.path);
    assert.ok(files.includes(uri('shop/macros/since_lookback.sql').path), files.join(', '));
    assert.ok(files.includes(uri(ORDERS).path) && files.length >= 7, files.join(', '));
  });
});

suite('of a document', () => {
  test('symbols', async () => {
    const document = await open('shop/models/staging/shop/_shop_models.yml');
    const symbols = await ask<vscode.DocumentSymbol>('vscode.executeDocumentSymbolProvider', document.uri);
    const names = flat(symbols).map((symbol) => symbol.name);
    assert.ok(names.includes('stg_orders') && names.includes('order_id'), names.slice(0, 20).join(', '));
  });

  test('code lenses, and each of their commands exists', async () => {
    const document = await open(ORDERS);
    const lenses = await ask<vscode.CodeLens>('vscode.executeCodeLensProvider', document.uri, 100);
    const known = await vscode.commands.getCommands(true);
    for (const { command } of lenses) {
      assert.ok(command !== undefined, 'a lens is resolved');
      assert.ok(command.command === '' || known.includes(command.command), command.command);
    }
    const commands = lenses.map(({ command }) => command?.command);
    assert.ok(commands.includes('glueline.preview') && commands.includes('glueline.compile'), commands.join(', '));
  });

  test('inlay hints stand behind what they are about, and lead there', async () => {
    const document = await open(ORDERS);
    const whole = new vscode.Range(0, 0, document.lineCount, 0);
    const hints = await ask<vscode.InlayHint>('vscode.executeInlayHintProvider', document.uri, whole);
    const label = (hint: vscode.InlayHint) => (typeof hint.label === 'string' ? hint.label : hint.label.map((part) => part.value).join(''));
    const orders = hints.find((hint) => label(hint).endsWith('.stg_orders'));
    assert.ok(orders, hints.map(label).join('; '));
    assert.deepEqual(orders.position, place(document, "ref('stg_orders')|"));
    const [part] = orders.label as vscode.InlayHintLabelPart[];
    assert.equal(part?.location?.uri.path, uri('shop/models/staging/shop/stg_orders.sql').path);
  });

  test('folding', async () => {
    const document = await open(ORDERS);
    const folds = await ask<vscode.FoldingRange>('vscode.executeFoldingRangeProvider', document.uri);
    const first = place(document, '|with orders as').line;
    const last = place(document, '|totals as').line - 3;
    assert.ok(folds.some(({ start, end }) => start === first && end === last), folds.map(({ start, end }) => `${start}-${end}`).join(' '));
  });

  test('selection grows from a name to its call', async () => {
    const document = await open(ORDERS);
    const [found] = await ask<vscode.SelectionRange>('vscode.executeSelectionRangeProvider', document.uri, [place(document, "ref('stg|_orders')")]);
    const texts: string[] = [];
    for (let range: vscode.SelectionRange | undefined = found; range !== undefined; range = range.parent) {
      texts.push(document.getText(range.range));
    }
    for (const expected of ['stg_orders', "ref('stg_orders')", "{{ ref('stg_orders') }}"]) {
      assert.ok(texts.includes(expected), texts.join('\n--\n'));
    }
  });

  test('semantic tokens have names and places', async () => {
    const document = await open(ORDERS);
    const legend = await vscode.commands.executeCommand<vscode.SemanticTokensLegend>('vscode.provideDocumentSemanticTokensLegend', document.uri);
    const tokens = await vscode.commands.executeCommand<vscode.SemanticTokens>('vscode.provideDocumentSemanticTokens', document.uri);
    const named = read(document, tokens, legend);
    for (const expected of ['since_lookback macro', 'ref function', 'unique_key property']) {
      assert.ok(named.includes(expected), named.join(', '));
    }
    const part = new vscode.Range(0, 0, 6, 0);
    const some = await vscode.commands.executeCommand<vscode.SemanticTokens>('vscode.provideDocumentRangeSemanticTokens', document.uri, part);
    const expected = named.slice(0, read(document, some, legend).length);
    assert.deepEqual(read(document, some, legend), expected);
  });

  test('call hierarchy of a macro, both ways', async () => {
    const document = await open('shop/macros/since_lookback.sql');
    const [item] = await ask<vscode.CallHierarchyItem>('vscode.prepareCallHierarchy', document.uri, place(document, 'macro since_|lookback'));
    const calls = await ask<vscode.CallHierarchyIncomingCall>('vscode.provideIncomingCalls', item);
    const orders = calls.find(({ from }) => from.name === 'fct_orders');
    assert.ok(orders, calls.map(({ from }) => from.name).join(', '));
    const model = await vscode.workspace.openTextDocument(orders.from.uri);
    assert.deepEqual(orders.fromRanges.map((range) => model.getText(range)), ['since_lookback']);
    const called = await ask<vscode.CallHierarchyOutgoingCall>('vscode.provideOutgoingCalls', item);
    assert.deepEqual(called.map(({ to }) => to.name), ['first_day_read']);
  });

  test('type hierarchy of a model is its lineage', async () => {
    const document = await open(ORDERS);
    const at = place(document, "ref('stg|_orders')");
    const [item] = await ask<vscode.TypeHierarchyItem>('vscode.prepareTypeHierarchy', document.uri, at);
    assert.equal(item?.name, 'stg_orders');
    const parents = await ask<vscode.TypeHierarchyItem>('vscode.provideSupertypes', item);
    assert.deepEqual(parents.map(({ uri: of }) => of.path), [uri('shop/models/staging/shop/_shop_sources.yml').path]);
    const children = await ask<vscode.TypeHierarchyItem>('vscode.provideSubtypes', item);
    assert.ok(children.some(({ uri: of }) => of.path === document.uri.path), children.map(({ name }) => name).join(', '));
    const [child] = children;
    assert.ok((await ask<vscode.TypeHierarchyItem>('vscode.provideSupertypes', child)).some(({ name }) => name === 'stg_orders'));
  });
});

suite('of a lens', () => {
  test('references are shown as the server tells them', async () => {
    const document = await open(ORDERS);
    const at = (line: number) => ({ start: { line, character: 0 }, end: { line, character: 3 } });
    const other = uri('shop/models/staging/shop/stg_orders.sql').toString();
    const places = [{ uri: other, range: at(2) }, { uri: other, range: at(4) }];
    await vscode.commands.executeCommand('glueline.showReferences', document.uri.toString(), { line: 0, character: 0 }, places);
    // The list is open: this command walks through it.
    const editor = await eventually('a place of the list', async () => {
      await vscode.commands.executeCommand('goToNextReference');
      const { activeTextEditor } = vscode.window;
      return activeTextEditor?.document.uri.toString() === other ? activeTextEditor : undefined;
    });
    assert.ok([2, 4].includes(editor.selection.start.line), String(editor.selection.start.line));
    await vscode.commands.executeCommand('closeReferenceSearch');
  });
});

suite('of the workspace', () => {
  test('symbols of all projects', async () => {
    const found = await ask<vscode.SymbolInformation>('vscode.executeWorkspaceSymbolProvider', 'fct_orders');
    const files = found.map((symbol) => symbol.location.uri.path);
    for (const project of ['shop', 'shop-faulty']) {
      assert.ok(files.some((file) => file.includes(`/${project}/`)), files.join(', '));
    }
  });
});

/** Each token as its text and its type. */
function read(document: vscode.TextDocument, { data }: vscode.SemanticTokens, legend: vscode.SemanticTokensLegend): string[] {
  const found: string[] = [];
  let [line, character] = [0, 0];
  for (let at = 0; at < data.length; at += 5) {
    const [down = 0, right = 0, length = 0, type = 0] = data.subarray(at, at + 4);
    [line, character] = [line + down, down === 0 ? character + right : right];
    found.push(`${document.getText(new vscode.Range(line, character, line, character + length))} ${legend.tokenTypes[type]}`);
  }
  return found;
}

function flat(symbols: vscode.DocumentSymbol[]): vscode.DocumentSymbol[] {
  return symbols.flatMap((symbol) => [symbol, ...flat(symbol.children)]);
}
