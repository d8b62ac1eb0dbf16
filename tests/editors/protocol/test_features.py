"""Every feature, asked as each editor asks it, on a project whose answers are known."""
import pytest
import pytest_asyncio
from editor import codes
from lsprotocol import types as t

MODEL = "models/marts/sales/fct_orders.sql"
PROPERTIES = "models/marts/sales/_sales_models.yml"
SOURCE_MODEL = "models/staging/shop/stg_orders.sql"
MACRO = "macros/since_lookback.sql"
METHOD_NOT_FOUND = -32601


@pytest_asyncio.fixture
async def shop(kind, start, projects):
    """An editor with a model of the shop open."""
    [project] = projects("shop")
    editor = await start(kind, [project])
    editor.model = editor.open(project / MODEL)
    return editor


def folder(editor):
    """The project."""
    return editor.folders[0]


def text_of(contents):
    """A hover or documentation as text."""
    return contents if isinstance(contents, str) else contents.value


def targets(result):
    """The addresses that a definition or the like names."""
    result = result if isinstance(result, (list, tuple)) else [result] if result else []
    return sorted({getattr(one, "target_uri", None) or one.uri for one in result})


def items_of(result):
    """The items of a completion."""
    return result if isinstance(result, (list, tuple)) else result.items


async def test_hover_tells_about_models_macros_and_keys(shop):
    for needle, wanted in (("stg_orders", "stg_orders"), ("since_lookback", "date_column"), ("unique_key", "unique_key")):
        hover = await shop.client.text_document_hover_async(t.HoverParams(**shop.place(shop.model, needle, 2)))
        assert hover is not None, needle
        assert wanted in text_of(hover.contents)
        formats = shop.capabilities.text_document.hover.content_format
        assert hover.contents.kind in formats
        assert hover.range is None or shop.covered(shop.model, hover.range).strip("'\"") == needle
    place = shop.place(shop.model, "\n\nwith", 1)
    assert await shop.client.text_document_hover_async(t.HoverParams(**place)) is None


async def test_completion_names_models_keys_and_values(shop):
    for needle, typed, wanted in (("ref('stg_orders", "ref('stg_or", "stg_orders"), ("unique_key=", "uniq", "unique_key"), ("'merge'", "'mer", "merge")):
        shop.edit(shop.model, needle, typed)
        result = await shop.client.text_document_completion_async(t.CompletionParams(**shop.place(shop.model, typed, len(typed))))
        found = [item for item in items_of(result) if item.label == wanted]
        assert found, f"{wanted} is not offered after {typed}: {[item.label for item in items_of(result)][:20]}"
        snippets = shop.capabilities.text_document.completion.completion_item.snippet_support
        assert snippets or all(item.insert_text_format != t.InsertTextFormat.Snippet for item in items_of(result))
        shop.edit(shop.model, typed, needle)


async def test_completion_items_are_resolved(shop):
    shop.edit(shop.model, "unique_key=", "uniq")
    result = await shop.client.text_document_completion_async(t.CompletionParams(**shop.place(shop.model, "uniq", 4)))
    [item] = [item for item in items_of(result) if item.label == "unique_key"]
    provider = shop.result.capabilities.completion_provider
    if provider.resolve_provider:
        item = await shop.client.completion_item_resolve_async(item)
    assert item.documentation is not None and text_of(item.documentation)


async def test_signature_help_knows_the_active_parameter(shop):
    shop.edit(shop.model, "since_lookback('to_date(updated_at)')", "since_lookback(")
    params = t.SignatureHelpParams(**shop.place(shop.model, "since_lookback(", len("since_lookback(")))
    help_ = await shop.client.text_document_signature_help_async(params)
    [signature] = help_.signatures
    assert "since_lookback" in signature.label and len(signature.parameters) == 1
    assert (help_.active_parameter or 0) == 0


@pytest.mark.parametrize(("needle", "wanted"), [("stg_orders", SOURCE_MODEL), ("since_lookback", MACRO)])
async def test_definitions_are_files(shop, needle, wanted):
    result = await shop.client.text_document_definition_async(t.DefinitionParams(**shop.place(shop.model, needle, 3)))
    assert targets(result) == [(folder(shop) / wanted).as_uri()]


async def test_names_are_understood_while_they_are_typed(shop):
    shop.edit(shop.model, "    orders.order_id,", "    orders.,")
    place = shop.place(shop.model, "    orders.,", len("    ord"))
    result = await shop.client.text_document_definition_async(t.DefinitionParams(**place))
    assert targets(result) == [shop.model]


async def test_rules_in_comments_are_told_of(shop):
    shop.edit(shop.model, "\n\nwith", "\n-- glueline: allow(missing-ref)\nwith")
    hover = await shop.client.text_document_hover_async(t.HoverParams(**shop.place(shop.model, "missing-ref", 3)))
    assert "ref" in text_of(hover.contents) and shop.covered(shop.model, hover.range) == "missing-ref"


async def test_declaration_type_and_implementation_are_answered(shop):
    place = shop.place(shop.model, "stg_orders", 3)
    declared = await shop.client.text_document_declaration_async(t.DeclarationParams(**place))
    assert targets(declared) == [(folder(shop) / "models/staging/shop/_shop_models.yml").as_uri()]
    await shop.client.text_document_type_definition_async(t.TypeDefinitionParams(**place))
    implemented = t.ImplementationParams(**shop.place(shop.model, "since_lookback", 3))
    assert targets(await shop.client.text_document_implementation_async(implemented)) == [(folder(shop) / MACRO).as_uri()]


async def test_references_are_found_in_the_whole_project(shop):
    params = t.ReferenceParams(**shop.place(shop.model, "since_lookback", 3), context=t.ReferenceContext(include_declaration=False))
    result = await shop.client.text_document_references_async(params)
    users = {path for path in (folder(shop) / "models").rglob("*.sql") if "since_lookback(" in path.read_text(encoding="utf-8")}
    assert {path.as_uri() for path in users} <= set(targets(result))
    assert (folder(shop) / MACRO).as_uri() not in targets(result)


async def test_highlights_stay_in_the_file(shop):
    result = await shop.client.text_document_document_highlight_async(t.DocumentHighlightParams(**shop.place(shop.model, "totals as", 2)))
    marked = [shop.covered(shop.model, one.range) for one in result]
    assert len(marked) >= 4 and set(marked) == {"totals"}


async def test_a_macro_is_renamed_everywhere(shop):
    place = shop.place(shop.model, "since_lookback", 3)
    prepared = await shop.client.text_document_prepare_rename_async(t.PrepareRenameParams(**place))
    span = getattr(prepared, "range", prepared)
    assert shop.covered(shop.model, span) == "since_lookback"
    users = [path for path in folder(shop).rglob("*.sql") if "since_lookback" in path.read_text(encoding="utf-8")]
    for path in users:
        if path.as_uri() != shop.model:
            shop.open(path)
    shop.open(folder(shop) / "macros/_macros.yml", language="yaml")
    edit = await shop.client.text_document_rename_async(t.RenameParams(**place, new_name="since_days"))
    assert {path.as_uri() for path in users} <= set(shop.apply(edit))
    assert not any("since_lookback" in text for text in shop.texts.values())
    assert codes(await shop.diagnostics(shop.model)) == []


async def test_a_column_is_renamed_where_every_use_is_known(shop):
    for path in folder(shop).rglob("*.sql"):
        if "line_count" in path.read_text(encoding="utf-8") and path.as_uri() != shop.model:
            shop.open(path)
    for path in (folder(shop) / "models").rglob("*.yml"):
        shop.open(path, language="yaml")
    place = shop.place(shop.model, "totals.line_count", len("totals.l"))
    prepared = await shop.client.text_document_prepare_rename_async(t.PrepareRenameParams(**place))
    assert shop.covered(shop.model, getattr(prepared, "range", prepared)) == "line_count"
    edit = await shop.client.text_document_rename_async(t.RenameParams(**place, new_name="lines_in_order"))
    changed = shop.apply(edit)
    assert (folder(shop) / "models/intermediate/int_order_totals.sql").as_uri() in changed
    assert "coalesce(totals.lines_in_order, 0) as line_count" in shop.texts[shop.model]
    assert codes(await shop.diagnostics(shop.model)) == []


async def test_why_a_column_keeps_its_name_is_told_with_the_place(shop):
    with pytest.raises(Exception) as refused:
        params = t.RenameParams(**shop.place(shop.model, "orders.placed_at", len("orders.p")), new_name="ordered_at")
        await shop.client.text_document_rename_async(params)
    assert "models/marts/data_science/product_affinity.py:19" in str(refused.value)


async def test_a_shipped_macro_is_not_renamed(shop):
    shop.edit(shop.model, "\n\nselect", "\n\n{{ type_string() }}\nselect")
    with pytest.raises(Exception) as refused:
        params = t.RenameParams(**shop.place(shop.model, "type_string", 3), new_name="other")
        if await shop.client.text_document_rename_async(params) is None:
            raise ValueError("nothing to rename")
    assert str(refused.value) and getattr(refused.value, "code", None) != METHOD_NOT_FOUND


async def test_symbols_of_a_file_and_of_the_workspace(shop):
    yaml = shop.open(folder(shop) / PROPERTIES, language="yaml")
    symbols = await shop.client.text_document_document_symbol_async(t.DocumentSymbolParams(text_document=shop.id(yaml)))

    def names(symbols):
        return [name for one in symbols for name in (one.name, *names(getattr(one, "children", None) or []))]

    assert "fct_orders" in " ".join(names(symbols)) and "order_number" in " ".join(names(symbols))
    nested = shop.capabilities.text_document.document_symbol.hierarchical_document_symbol_support
    assert all(isinstance(one, t.DocumentSymbol) == bool(nested) for one in symbols)
    found = await shop.client.workspace_symbol_async(t.WorkspaceSymbolParams(query="fctord"))
    assert "fct_orders" in [one.name for one in found]


async def test_ranges_to_fold_and_to_select(shop):
    folds = await shop.client.text_document_folding_range_async(t.FoldingRangeParams(text_document=shop.id(shop.model)))
    lines = shop.texts[shop.model].split("\n")
    assert any(one.start_line == lines.index("with orders as (") for one in folds)
    assert all(one.start_line < one.end_line < len(lines) for one in folds)
    params = t.SelectionRangeParams(text_document=shop.id(shop.model), positions=[shop.at(shop.model, "stg_orders", 3)])
    [selection] = await shop.client.text_document_selection_range_async(params)
    widths = []
    while selection:
        widths.append(shop.covered(shop.model, selection.range))
        selection = selection.parent
    assert widths[0].strip("'") == "stg_orders" and len(widths) >= 4
    assert all(inner in outer and inner != outer for inner, outer in zip(widths, widths[1:]))


async def test_tokens_are_in_order_and_do_not_overlap(shop):
    provider = shop.result.capabilities.semantic_tokens_provider
    if provider is None:
        assert shop.capabilities.text_document.semantic_tokens is None
        return
    full = await shop.client.text_document_semantic_tokens_full_async(t.SemanticTokensParams(text_document=shop.id(shop.model)))
    assert full.data and len(full.data) % 5 == 0
    line = start = end = 0
    for index in range(0, len(full.data), 5):
        down, right, length, token, _ = full.data[index : index + 5]
        line, start = line + down, right if down else start + right
        assert down or start >= end, "tokens overlap"
        end = start + length
        assert token < len(provider.legend.token_types)
        assert end <= shop.units(shop.texts[shop.model].split("\n")[line])
    span = t.Range(start=t.Position(line=0, character=0), end=t.Position(line=5, character=0))
    part = await shop.client.text_document_semantic_tokens_range_async(t.SemanticTokensRangeParams(text_document=shop.id(shop.model), range=span))
    assert part.data == full.data[: len(part.data)]
    shop.edit(shop.model, "orders.order_id,", "orders.order_id, {{ var('start_date') }} as d,")
    if getattr(provider.full, "delta", False):
        params = t.SemanticTokensDeltaParams(text_document=shop.id(shop.model), previous_result_id=full.result_id)
        delta = await shop.client.text_document_semantic_tokens_full_delta_async(params)
        again = await shop.client.text_document_semantic_tokens_full_async(t.SemanticTokensParams(text_document=shop.id(shop.model)))
        data = list(full.data)
        for edit in sorted(delta.edits, key=lambda one: -one.start):
            data[edit.start : edit.start + edit.delete_count] = edit.data or []
        assert data == list(again.data)


async def test_hints_lie_in_the_range_that_is_asked_for(shop):
    lines = shop.texts[shop.model].count("\n")
    whole = t.Range(start=t.Position(line=0, character=0), end=t.Position(line=lines, character=0))
    hints = await shop.client.text_document_inlay_hint_async(t.InlayHintParams(text_document=shop.id(shop.model), range=whole))
    assert hints
    first = t.Range(start=t.Position(line=0, character=0), end=t.Position(line=2, character=0))
    few = await shop.client.text_document_inlay_hint_async(t.InlayHintParams(text_document=shop.id(shop.model), range=first))
    assert all(one.position.line <= 2 for one in few or [])


async def test_lenses_are_resolved_to_commands(shop):
    lenses = await shop.client.text_document_code_lens_async(t.CodeLensParams(text_document=shop.id(shop.model)))
    assert lenses
    resolved = [one if one.command else await shop.client.code_lens_resolve_async(one) for one in lenses]
    assert all(one.command.title for one in resolved)
    commands = {one.command.command for one in resolved}
    assert {"glueline.preview", "glueline.compile"} <= commands


async def test_a_fix_is_applied_and_the_finding_gone(kind, start, projects):
    [project] = projects("shop-faulty")
    editor = await start(kind, [project])
    uri = editor.open(project / "models/marts/fct_orders.sql")
    found = await editor.until(uri, lambda found: "boolean-where-text-is-read" in codes(found))
    finding = next(one for one in found if one.code == "boolean-where-text-is-read")
    context = t.CodeActionContext(diagnostics=[finding], only=[t.CodeActionKind.QuickFix], trigger_kind=t.CodeActionTriggerKind.Invoked)
    params = t.CodeActionParams(text_document=editor.id(uri), range=finding.range, context=context)
    actions = await editor.client.text_document_code_action_async(params)
    action = next(one for one in actions if one.title == "Write `'False'`")
    assert action.kind == t.CodeActionKind.QuickFix
    if action.edit is None:
        action = await editor.client.code_action_resolve_async(action)
    assert editor.apply(action.edit) == [uri]
    assert "use_iceberg_temp_views='False'" in editor.texts[uri]
    await editor.until(uri, lambda found: "boolean-where-text-is-read" not in codes(found))


async def test_macros_have_a_call_hierarchy(shop):
    place = shop.place(shop.model, "since_lookback", 3)
    [item] = await shop.client.text_document_prepare_call_hierarchy_async(t.CallHierarchyPrepareParams(**place))
    assert item.name == "since_lookback"
    calls = await shop.client.call_hierarchy_incoming_calls_async(t.CallHierarchyIncomingCallsParams(item=item))
    assert "fct_orders" in [one.from_.name for one in calls]
    calls = await shop.client.call_hierarchy_outgoing_calls_async(t.CallHierarchyOutgoingCallsParams(item=item))
    assert [one.to.name for one in calls] == ["first_day_read"]


async def test_models_have_parents_and_children(shop):
    place = shop.place(shop.model, "stg_orders", 3)
    [item] = await shop.client.text_document_prepare_type_hierarchy_async(t.TypeHierarchyPrepareParams(**place))
    assert item.name == "stg_orders"
    parents = await shop.client.type_hierarchy_supertypes_async(t.TypeHierarchySupertypesParams(item=item))
    children = await shop.client.type_hierarchy_subtypes_async(t.TypeHierarchySubtypesParams(item=item))
    assert any("orders" in one.name for one in parents)
    assert "fct_orders" in [one.name for one in children]


async def test_links_lie_inside_the_file(shop):
    settings = shop.open(folder(shop) / "dbt_project.yml", language="yaml")
    links = await shop.client.text_document_document_link_async(t.DocumentLinkParams(text_document=shop.id(settings)))
    assert all(shop.covered(settings, one.range) for one in links or [])


@pytest.mark.parametrize(("command", "wanted"), [("glueline.compile", "merge"), ("glueline.preview", "fct_orders")])
async def test_documents_of_the_server_are_read_and_refreshed(shop, command, wanted):
    params = t.ExecuteCommandParams(command=command, arguments=[{"uri": shop.model}])
    answer = await shop.client.workspace_execute_command_async(params)
    uri = answer["uri"] if isinstance(answer, dict) else answer.uri
    assert uri.startswith(command.replace("glueline.", "glueline-").replace("compile", "compiled") + ":")

    async def read():
        document = await shop.client.protocol.send_request_async("glueline/document", {"uri": uri})
        return document["content"] if isinstance(document, dict) else document.content

    content = await read()
    assert wanted in content or command == "glueline.compile"
    assert "{{" not in content
    shop.edit(shop.model, "orders.order_number,", "orders.order_number as number_of_order,")

    async def told():
        return shop.notes

    # Who asks again before it is told has what it would be told of.
    await shop.eventually("the notification", told, lambda notes: uri in notes)
    assert "number_of_order" in await read()


async def test_the_server_can_be_told_to_start_over(shop):
    await shop.client.workspace_execute_command_async(t.ExecuteCommandParams(command="glueline.restart", arguments=[]))
    hover = await shop.client.text_document_hover_async(t.HoverParams(**shop.place(shop.model, "stg_orders", 3)))
    assert hover is not None


async def test_half_typed_text_is_no_reason_to_be_silent(shop):
    text = shop.texts[shop.model]
    for cut in range(len(text), 0, -37):
        shop.replace(shop.model, cut, len(shop.texts[shop.model]), "")
        place = {"text_document": shop.id(shop.model), "position": shop.position(shop.model, cut)}
        await shop.client.text_document_hover_async(t.HoverParams(**place))
        await shop.client.text_document_completion_async(t.CompletionParams(**place))
        await shop.client.text_document_signature_help_async(t.SignatureHelpParams(**place))
        await shop.client.text_document_definition_async(t.DefinitionParams(**place))
        await shop.client.text_document_folding_range_async(t.FoldingRangeParams(text_document=shop.id(shop.model)))
        await shop.client.text_document_document_symbol_async(t.DocumentSymbolParams(text_document=shop.id(shop.model)))
