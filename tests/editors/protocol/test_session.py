"""Start, documents, findings, watching, folders."""
import asyncio

import pytest
from editor import codes
from lsprotocol import types as t

ORDERS = "models/marts/fct_orders.sql"
SEVERITY = {"error": 1, "warning": 2, "info": 3, "hint": 4}
LANGUAGE = {".sql": "sql", ".yml": "yaml", ".py": "python", ".csv": "csv", ".md": "markdown"}


async def test_the_server_says_who_it_is_and_agrees_on_an_encoding(kind, start, projects):
    editor = await start(kind, projects("shop"))
    assert editor.result.server_info.name == "glueline"
    assert editor.result.server_info.version
    announced = editor.capabilities.general.position_encodings if editor.capabilities.general else None
    allowed = [str(getattr(one, "value", one)) for one in announced or ["utf-16"]]
    assert editor.unit in allowed
    sync = editor.result.capabilities.text_document_sync
    assert sync.open_close and sync.change == t.TextDocumentSyncKind.Incremental


async def test_findings_are_those_of_check(kind, start, projects, findings):
    [project] = projects("shop-faulty")
    expected = findings(project)
    assert len(expected) > 15
    editor = await start(kind, [project])
    for path, wanted in expected.items():
        uri = editor.open(project / path, language=LANGUAGE[(project / path).suffix])
        wanted = sorted((one["rule"], SEVERITY[one["severity"]], one["range"]["start"]["line"] - 1, one["message"]) for one in wanted)

        def same(found, wanted=wanted):
            return sorted((str(one.code), int(one.severity), one.range.start.line, one.message) for one in found) == wanted

        found = await editor.until(uri, same)
        for one in found:
            assert one.source == "glueline"
            lines = editor.texts[uri].split("\n")
            assert one.range.end.line < len(lines) and one.range.end.character <= editor.units(lines[one.range.end.line])


async def test_a_clean_project_has_no_findings(kind, start, projects):
    [project] = projects("shop")
    editor = await start(kind, [project])
    faulty = editor.open(project / "models/staging/shop/stg_orders.sql")
    editor.edit(faulty, "select", "{{ no_such_macro() }} select")
    await editor.until(faulty, lambda found: "undefined-macro" in codes(found))
    for path in ("models/marts/sales/fct_orders.sql", "models/intermediate/int_order_totals.sql", "dbt_project.yml"):
        uri = editor.open(project / path)
        assert codes(await editor.diagnostics(uri)) == []


async def test_findings_follow_what_is_typed(kind, start, projects):
    [project] = projects("shop-faulty")
    editor = await start(kind, [project])
    uri = editor.open(project / ORDERS)
    await editor.until(uri, lambda found: "merge-without-unique-key" in codes(found))
    editor.edit(uri, "file_format", "unique_key='order_id', file_format")
    await editor.until(uri, lambda found: "merge-without-unique-key" not in codes(found) and "boolean-where-text-is-read" in codes(found))
    editor.edit(uri, "unique_key='order_id', ", "")
    await editor.until(uri, lambda found: "merge-without-unique-key" in codes(found))


async def test_an_edit_is_seen_in_other_files(kind, start, projects):
    [project] = projects("shop")
    editor = await start(kind, [project])
    macro = editor.open(project / "macros/since_lookback.sql")
    model = editor.open(project / "models/marts/sales/fct_orders.sql")
    await editor.until(model, lambda found: codes(found) == [])
    editor.edit(macro, "since_lookback", "since_lookbakc")
    await editor.until(model, lambda found: "undefined-macro" in codes(found))
    editor.edit(macro, "since_lookbakc", "since_lookback")
    await editor.until(model, lambda found: codes(found) == [])


@pytest.mark.parametrize("again", [True, False], ids=["refreshed", "not-refreshed"])
async def test_findings_are_pushed_or_pulled_but_never_both(kind, again, start, projects):
    [project] = projects("shop-faulty")
    more = {} if again else {"workspace": {"diagnostics": {"refreshSupport": False}}}
    editor = await start(kind, [project], capabilities=more)
    uri = editor.open(project / ORDERS)
    await editor.until(uri, lambda found: len(found) >= 4)
    dynamic = [one.method for one in editor.registered]
    offered = editor.result.capabilities.diagnostic_provider is not None or t.TEXT_DOCUMENT_DIAGNOSTIC in dynamic
    assert offered == editor.pulls
    assert bool(editor.published) != editor.pulls


async def test_pulled_findings_that_did_not_change_are_not_sent_again(start, projects):
    [project] = projects("shop-faulty")
    editor = await start("vscode", [project])
    uri = editor.open(project / ORDERS)
    await editor.until(uri, lambda found: len(found) >= 4)
    ask = editor.client.text_document_diagnostic_async
    first = await ask(t.DocumentDiagnosticParams(text_document=editor.id(uri)))
    assert first.kind == "full" and first.result_id
    again = await ask(t.DocumentDiagnosticParams(text_document=editor.id(uri), previous_result_id=first.result_id))
    assert again.kind == "unchanged"


async def test_the_workspace_is_reported(start, projects, findings):
    [project] = projects("shop-faulty")
    editor = await start("vscode", [project])
    report = await editor.client.workspace_diagnostic_async(t.WorkspaceDiagnosticParams(previous_result_ids=[]))
    told = {item.uri: len(item.items) for item in report.items if item.items}
    assert told == {(project / path).as_uri(): len(found) for path, found in findings(project).items()}


async def test_pushed_findings_name_versions_that_rise(start, projects):
    [project] = projects("shop-faulty")
    editor = await start("emacs", [project], capabilities={"textDocument": {"publishDiagnostics": {"versionSupport": True}}})
    uri = editor.open(project / ORDERS)
    await editor.until(uri, lambda found: "merge-without-unique-key" in codes(found))
    for turn in range(10):
        editor.replace(uri, 0, 0, "\n" * (turn % 2 + 1))
    await editor.until(uri, lambda found: editor.published[uri][-1].version == 11)
    versions = [params.version for params in editor.published[uri] if params.version is not None]
    assert versions == sorted(versions)
    moved = next(one for one in editor.published[uri][-1].diagnostics if one.code == "merge-without-unique-key")
    assert editor.covered(uri, moved.range).strip("'") == "merge"


async def test_a_request_that_is_cancelled_is_answered_and_the_server_lives(kind, start, projects):
    [project] = projects("shop")
    editor = await start(kind, [project])
    uri = editor.open(project / "models/marts/sales/fct_orders.sql")
    protocol = editor.client.protocol
    for _ in range(20):
        pending = protocol.send_request(t.WORKSPACE_SYMBOL, t.WorkspaceSymbolParams(query="o"))
        number = next(reversed(protocol._request_futures))
        protocol.notify(t.CANCEL_REQUEST, t.CancelParams(id=number))
        try:
            await asyncio.wait_for(asyncio.wrap_future(pending), 20)
        except Exception as error:
            assert getattr(error, "code", None) in (-32800, -32802, -32801), repr(error)
    hover = await editor.client.text_document_hover_async(t.HoverParams(**editor.place(uri, "stg_orders", 2)))
    assert hover is not None


@pytest.mark.parametrize("offered", [None, ["utf-16"], ["utf-8"], ["utf-32"], ["utf-32", "utf-8", "utf-16"]], ids=str)
async def test_places_are_right_in_each_encoding(offered, start, projects):
    [project] = projects("shop-faulty")
    editor = await start("neovim", [project], capabilities={"general": {"positionEncodings": offered}})
    assert editor.unit in (offered or ["utf-16"])
    text = "-- 😀\r\nselect '😀é' as a, order_id from {{ ref('stg_orders') }} as ö join {{ ref('stg_ordres') }} as 𝒙\r\n"
    uri = editor.open(project / "models/marts/wide.sql", text)
    [found] = [one for one in await editor.until(uri, lambda found: "missing-ref" in codes(found)) if one.code == "missing-ref"]
    assert editor.covered(uri, found.range).strip("'") == "stg_ordres"
    editor.edit(uri, "😀é' as a", "é😀😀' as ab")
    [found] = [one for one in await editor.until(uri, lambda found: "missing-ref" in codes(found)) if one.code == "missing-ref"]
    assert editor.covered(uri, found.range).strip("'") == "stg_ordres"
    result = await editor.client.text_document_definition_async(t.DefinitionParams(**editor.place(uri, "stg_orders", 3)))
    first = result[0] if isinstance(result, (list, tuple)) else result
    assert (getattr(first, "target_uri", None) or first.uri).endswith("models/staging/stg_orders.sql")


async def outside(editor, path, kind):
    """Tells the server what happened to a file, if it asked this editor to."""
    watches = [one for one in editor.registered if one.method == t.WORKSPACE_DID_CHANGE_WATCHED_FILES]
    can = editor.capabilities.workspace.did_change_watched_files
    assert bool(watches) == bool(can and can.dynamic_registration), "who watches files"
    if watches:
        event = t.FileEvent(uri=path.as_uri(), type=kind)
        editor.client.workspace_did_change_watched_files(t.DidChangeWatchedFilesParams(changes=[event]))


async def test_files_that_change_outside_are_noticed(kind, start, projects):
    [project] = projects("shop-faulty")
    editor = await start(kind, [project])
    uri = editor.open(project / "models/marts/late_payments.sql")
    await editor.until(uri, lambda found: "missing-ref" in codes(found))
    missing = next(one for one in await editor.diagnostics(uri) if one.code == "missing-ref")
    name = editor.covered(uri, missing.range).strip("'\"")
    created = project / "models" / "staging" / f"{name}.sql"
    created.write_text("select 1 as payment_id\n", encoding="utf-8")
    await outside(editor, created, t.FileChangeType.Created)
    await editor.until(uri, lambda found: "missing-ref" not in codes(found))
    created.unlink()
    await outside(editor, created, t.FileChangeType.Deleted)
    await editor.until(uri, lambda found: "missing-ref" in codes(found))


@pytest.mark.parametrize("kind", ["neovim", "vscode"])
async def test_editors_that_ask_are_told_to_ask_again(kind, start, projects):
    [project] = projects("shop-faulty")
    editor = await start(kind, [project])
    uri = editor.open(project / "models/marts/late_payments.sql")
    await editor.until(uri, lambda found: "missing-ref" in codes(found))
    await asyncio.sleep(1)
    before = editor.client.diagnostic_refresh_count
    created = project / "models" / "staging" / "stg_payment.sql"
    created.write_text("select 1 as payment_id, 2 as order_id\n", encoding="utf-8")
    await outside(editor, created, t.FileChangeType.Created)

    async def told():
        return editor.client.diagnostic_refresh_count

    await editor.eventually("the request to ask again", told, lambda count: count > before)
    assert "missing-ref" not in codes(await editor.diagnostics(uri))


async def test_several_folders_are_several_projects(kind, start, projects):
    shop, faulty = projects("shop", "shop-faulty")
    editor = await start(kind, [shop])
    clean = editor.open(shop / "models/marts/sales/fct_orders.sql")
    assert codes(await editor.diagnostics(clean)) == []
    folder = t.WorkspaceFolder(uri=faulty.as_uri(), name=faulty.name)
    event = t.WorkspaceFoldersChangeEvent(added=[folder], removed=[])
    editor.client.workspace_did_change_workspace_folders(t.DidChangeWorkspaceFoldersParams(event=event))
    uri = editor.open(faulty / ORDERS)
    await editor.until(uri, lambda found: "merge-without-unique-key" in codes(found))
    assert codes(await editor.diagnostics(clean)) == []
    event = t.WorkspaceFoldersChangeEvent(added=[], removed=[folder])
    editor.client.workspace_did_change_workspace_folders(t.DidChangeWorkspaceFoldersParams(event=event))
    hover = await editor.client.text_document_hover_async(t.HoverParams(**editor.place(clean, "stg_orders", 2)))
    assert hover is not None


async def test_a_text_that_was_never_saved_is_read_alone(kind, start):
    editor = await start(kind, [])
    uri = editor.open("untitled:Untitled-1", "select {{ 1 + }} from x\n")
    await editor.until(uri, lambda found: "jinja-syntax" in codes(found))
    editor.edit(uri, "1 + ", "1 + 2 ")
    await editor.until(uri, lambda found: codes(found) == [])
    editor.close(uri)


async def test_a_file_outside_any_project_is_read_alone(kind, start, tmp_path):
    path = tmp_path / "alone.sql"
    path.write_text("select {{ ref('somewhere_else') }}\n", encoding="utf-8")
    editor = await start(kind, [])
    uri = editor.open(path)
    editor.edit(uri, "}}", "} }")
    await editor.until(uri, lambda found: "jinja-syntax" in codes(found))
    editor.edit(uri, "} }", "}}")
    await editor.until(uri, lambda found: codes(found) == [])
