"""A log's tables are what Arrow's readers read, as the log's own export has them."""

import json

import duckdb
import numpy as np
import pandas
import polars
import pyarrow
import pyarrow.parquet
import pytest
import tella
from rows import tella as command

TASKS = ["SimpleCrossing", "DoorKey", "DynObstacles"]
SMALL = tella.Curriculum(
    "quickstart",
    set={f"tasks.{task}.learn.episodes": 150 for task in TASKS}
    | {"generator.passes": 1, "generator.eval.episodes": 10},
)


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """Two lifetimes with transitions, and frames enough to stream."""
    out = tmp_path_factory.mktemp("run") / "run"
    return tella.run(
        SMALL, "q-learning", out=out, num_lifetimes=2, log="transitions", num_parallel_envs=2,
        agent_seed=1, curriculum_seed=2, checkpoint_every=0.05,
    )  # fmt: skip


@pytest.fixture(scope="module")
def exported(run, tmp_path_factory):
    """The Parquet tables of `tella log export`, with their lifetimes' numbers."""
    folder = tmp_path_factory.mktemp("export")
    command("log", "export", run.path, "--format", "parquet", "-o", folder / "out")
    tables = [
        pyarrow.parquet.read_table(path) for path in sorted((folder / "out").glob("*.parquet"))
    ]
    assert len(tables) == 2
    return tables


def plain(table):
    """The rows of an Arrow table as Python has them."""
    return table.to_pylist()


def test_pyarrow_reads_what_the_export_holds(run, exported):
    table = pyarrow.table(run.experiences)
    assert table.column_names == ["lifetime_idx", *exported[0].column_names]
    expected = [
        {"lifetime_idx": number, **row}
        for number, each in enumerate(exported)
        for row in plain(each)
    ]
    assert plain(table) == expected and len(run.experiences) == len(expected)
    assert table.schema.field("lifetime_idx").type == pyarrow.uint32()
    one = pyarrow.table(run.lifetimes[1].experiences)
    assert plain(one) == [row for row in expected if row["lifetime_idx"] == 1]


def test_other_readers_read_the_same(run):
    expected = pyarrow.table(run.experiences)
    rewards = expected["reward"].to_pylist()
    tasks = expected["task_name"].to_pylist()
    frame = polars.DataFrame(run.experiences)
    assert frame["reward"].to_list() == rewards and frame["task_name"].to_list() == tasks
    data = pandas.DataFrame.from_arrow(run.experiences)
    assert data["reward"].tolist() == rewards and data["task_name"].tolist() == tasks
    experiences = run.experiences  # DuckDB finds it by its name
    totals = duckdb.sql("select sum(reward), count(distinct task_name) from experiences").fetchall()
    assert experiences is not None
    assert totals == [(pytest.approx(sum(rewards)), len(set(tasks)))]


def test_columns_are_arrays_without_any_of_them(run):
    table, experiences = pyarrow.table(run.experiences), run.experiences
    for name in experiences.column_names:
        array, expected = experiences[name], table[name].to_pylist()
        if array.dtype.kind == "M":
            expected = [np.datetime64(time.replace(tzinfo=None), "us") for time in expected]
        assert array.tolist() == np.array(expected, dtype=array.dtype).tolist(), name
    assert experiences["reward"].dtype == np.float64
    assert experiences["block_num"].dtype == np.uint64
    assert experiences["terminated"].dtype == np.bool_
    with pytest.raises(KeyError, match="no column `rewards`; there are lifetime_idx, block_num"):
        experiences["rewards"]
    for wrong in (0, slice(2)):
        with pytest.raises(TypeError, match="asked for a column by its name, not for"):
            experiences[wrong]


def test_blocks_and_transitions_are_tables_too(run):
    blocks = pyarrow.table(run.blocks)
    kinds = blocks["kind"].to_pylist()
    assert kinds.count("block-start") == kinds.count("block-end") > 4, set(kinds)
    assert blocks["at"].null_count == 0
    steps = pyarrow.table(run.transitions)
    lengths = pyarrow.table(run.experiences)["episode_step_count"].to_pylist()
    assert len(steps) == len(run.transitions) == sum(lengths)
    assert steps.column_names[:3] == ["lifetime_idx", "variant_num", "episode_index"]
    short = tella.run(SMALL, "random", out=run.path.with_name("no-steps"))
    with pytest.raises(tella.UsageError, match="transitions"):
        pyarrow.table(short.transitions)


def test_it_streams_frame_by_frame(run):
    reader = pyarrow.RecordBatchReader.from_stream(run.transitions)
    sizes = [batch.num_rows for batch in reader]
    assert len(sizes) >= 2 and sum(sizes) == len(run.transitions)


def test_a_schema_that_is_asked_for(run):
    own = pyarrow.schema(run.experiences)
    assert own == pyarrow.table(run.experiences).schema
    for kind in (pyarrow.string(), pyarrow.large_string(), pyarrow.string_view()):
        is_text = pyarrow.types.is_dictionary
        wanted = pyarrow.schema([(f.name, kind if is_text(f.type) else f.type) for f in own])
        reader = pyarrow.RecordBatchReader.from_stream(run.experiences, wanted)
        assert reader.schema.types == wanted.types
        assert reader.read_all()["task"].to_pylist() == run.experiences["task"].tolist()
    with pytest.raises(ValueError, match="the requested schema has the columns"):
        run.experiences.__arrow_c_stream__(wanted.remove(0).__arrow_c_schema__())
    with pytest.raises(ValueError, match="no capsule `arrow_schema`"):
        run.experiences.__arrow_c_stream__(3)


def test_tables_show_their_beginning(run, tmp_path):
    assert f"<tella.Table of {len(run.experiences)} rows: lifetime_idx, block_num" in repr(run.experiences)
    shown = run.experiences._repr_html_()
    assert shown.count("<tr>") == 11 and f"10 of {len(run.experiences):,} rows" in shown
    assert run.transitions._repr_html_().count("<th>") == len(run.transitions.column_names)
    # Those of two lifetimes of six rows each.
    two = tella.run("SimpleCartPole", "random", num_lifetimes=2, out=tmp_path / "two")
    assert two.experiences._repr_html_().count("<tr>") == 11
    planned = run.lifetimes[0].blocks._repr_html_()
    assert "<td>block-start</td>" in planned


def test_a_capsule_that_nobody_takes_is_let_go(run):
    for _ in range(3):
        run.experiences.__arrow_c_stream__()
        run.experiences.__arrow_c_schema__()


def test_damage_is_an_error_of_the_reader(run):
    copy = tella.run(SMALL, "random", out=run.path.with_name("damaged"))
    path = copy.path / "lifetime-0000/experiences.arrow"
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    with pytest.raises(Exception, match="experiences.arrow.*does not fit"):
        pyarrow.table(copy.experiences)
    with pytest.raises(tella.CorruptLog, match="experiences.arrow.*does not fit"):
        copy.experiences["reward"]


def test_a_run_says_how_it_stands(run):
    again = tella.Run.open(str(run.path))
    assert [each.status for each in again.lifetimes] == ["complete"] * 2
    assert [each.num_experiences for each in again.lifetimes] == [
        len(each.experiences) for each in again.lifetimes
    ]
    status = json.loads((run.path / "lifetime-0001/status.json").read_text())
    assert again.lifetimes[1].seeds == (status["curriculum_seed"], status["agent_seed"])
    assert status["content_hash"][:16] in again._repr_html_()
