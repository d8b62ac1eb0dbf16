"""Runs, rows, sessions and the catalog, on a Glue of the loopback."""
import asyncio
import json
import subprocess
import sys
from pathlib import Path

import attrs
import pytest
import pytest_asyncio
from lsprotocol import types as t

GLUE = Path(__file__).resolve().parents[1] / "glue.py"
MODEL = "models/staging/shop/stg_orders.sql"
NODE = "model.shop.stg_orders"
CREDENTIALS = {"AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "secret"}


@pytest.fixture
def account():
    """What sends a program to a Glue of its own."""
    glue = subprocess.Popen([sys.executable, str(GLUE)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    yield CREDENTIALS | {"AWS_ENDPOINT_URL": glue.stdout.readline().strip()}
    glue.communicate()


@pytest_asyncio.fixture
async def shop(kind, start, projects, account):
    """An editor with a model open."""
    [project] = projects("shop")
    editor = await start(kind, [project], environment=account)
    editor.model = editor.open(project / MODEL)
    return editor


def plain(value):
    """An answer as JSON has it; the library makes tuples with names of what it does not know."""
    if attrs.has(type(value)):
        value = attrs.asdict(value)
    if hasattr(value, "_asdict"):
        value = value._asdict()
    if isinstance(value, dict):
        return {key: plain(one) for key, one in value.items()}
    return [plain(one) for one in value] if isinstance(value, (list, tuple)) else value


async def execute(editor, command, **more):
    """Runs a command on the model."""
    given = {"uri": editor.model} | more
    params = t.ExecuteCommandParams(command=f"glueline.{command}", arguments=[given])
    return plain(await editor.client.workspace_execute_command_async(params))


def rewrite(editor, text):
    """Writes another text in the place of the whole model."""
    editor.replace(editor.model, 0, len(editor.texts[editor.model]), text)


async def test_a_run_says_how_it_went(shop):
    outcome = await execute(shop, "run")
    assert outcome["status"] == "success", outcome
    node = next(node for node in outcome["nodes"] if node["unique_id"] == NODE)
    assert node["status"] == "success" and node["milliseconds"] >= 0, outcome
    # Where all is well, nobody is disturbed.
    assert not shop.client.messages
    if shop.capabilities.window and shop.capabilities.window.work_done_progress:

        async def told():
            runs = [plain(values) for values in shop.client.progress_reports.values()]
            [run] = [values for values in runs if "stg_orders" in (values[0].get("title") or "")]
            return run

        # An answer and a notification may overtake each other by one on their way.
        run = await shop.eventually("the end", told, lambda run: run[-1].get("kind") == "end")
        assert run[0].get("kind") == "begin", run
        assert any("model" in (value.get("message") or "") for value in run), run


async def test_what_is_typed_is_run_and_an_error_comes_home(shop):
    rewrite(shop, "select 1 as order_id,\n  2 as refused_by_spark\n")
    outcome = await execute(shop, "run")
    assert outcome["status"] == "failed", outcome

    async def messages():
        return shop.client.messages

    assert await shop.eventually("a message", messages, bool)

    def home(diagnostics):
        return [one for one in diagnostics if "refused_by_spark" in one.message]

    found = home(await shop.until(shop.model, home))
    assert [shop.covered(shop.model, one.range) for one in found] == ["refused_by_spark"]
    shop.edit(shop.model, "refused_by_spark", "x")
    await shop.until(shop.model, lambda diagnostics: not home(diagnostics))


async def test_nothing_is_lost_that_nobody_agreed_to(shop):
    rewrite(shop, "{{ config(pre_hook='drop table shop_dev_staging.kept_by_others') }}\nselect 1 as order_id\n")
    for answer, status in (("Cancel", "asks"), (None, "asks"), ("Run anyway", "success")):
        shop.answer = answer
        outcome = await execute(shop, "run")
        assert outcome["status"] == status, (answer, outcome)
    assert len(shop.asked) == 3 and all("kept_by_others" in question for question in shop.asked), shop.asked


async def test_a_run_is_cancelled_by_its_command(shop):
    rewrite(shop, "select 'wait_for_me' as order_id\n")
    run = asyncio.ensure_future(execute(shop, "run"))

    async def cancelled():
        return (await execute(shop, "runCancel"))["cancelled"]

    assert await shop.eventually("the run", cancelled, lambda count: count == 1)
    assert (await run)["status"] == "interrupted"
    assert await cancelled() == 0


async def test_rows_come_with_their_types_and_as_a_text(shop):
    answer = await execute(shop, "show", limit=10)
    assert (answer["node"], answer["title"], answer["limit"]) == (NODE, "stg_orders", 10)
    assert answer["uri"].startswith("glueline-rows:///") and "stg_orders.rows" in answer["uri"]
    assert answer["columns"][0] == {"name": "order_id", "type": "bigint"}
    assert [row[0] for row in answer["rows"]] == ["9007199254740993", 2]
    assert [row[1] for row in answer["rows"]] == ["NULL", None]
    document = plain(await shop.client.protocol.send_request_async("glueline/document", {"uri": answer["uri"]}))
    assert document["content"].strip() == answer["text"].strip()
    assert "9007199254740993" in answer["text"]


async def test_a_session_is_started_told_of_and_stopped(shop):
    assert (await execute(shop, "session.start"))["session"]["state"] == "READY"
    said = await execute(shop, "session.status")
    assert said["session"]["workers"] == 2, said
    assert any("2 × G.1X" in message.message for message in shop.client.messages), shop.client.messages
    await execute(shop, "session.stop")
    said = await execute(shop, "session.status")
    assert said["session"]["state"] == "STOPPED", said


async def test_the_catalog_is_pulled(shop):
    answer = await execute(shop, "catalogPull")
    assert answer["tables"] == 1, answer
    written = shop.folders[0] / answer["path"]
    assert json.loads(written.read_text(encoding="utf-8"))["region"] == "eu-west-1"


@pytest.mark.parametrize("command", ["run", "show", "session.start", "catalogPull"])
async def test_that_there_are_no_credentials_is_said(command, start, projects):
    [project] = projects("shop")
    # Nothing listens at the address: whoever asks there has credentials.
    nobody = dict.fromkeys(CREDENTIALS, "") | {"AWS_EC2_METADATA_DISABLED": "true", "AWS_ENDPOINT_URL": "http://127.0.0.1:9"}
    editor = await start("neovim", [project], environment=nobody)
    editor.model = editor.open(project / MODEL)
    with pytest.raises(Exception) as refused:
        await execute(editor, command)
    assert "credentials" in str(refused.value), refused.value
