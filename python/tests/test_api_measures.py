"""Metrics, comparisons and reports from Python are the command's; metrics may be Python's."""

import json

import numpy as np
import pyarrow
import pytest
import tella
from rows import tella as command

# Six lifetimes are few.
pytestmark = pytest.mark.filterwarnings("ignore::tella.TellaWarning")


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    """A learner and one that does not learn, six lifetimes each on the same curricula, which a verdict takes."""
    folder = tmp_path_factory.mktemp("runs")
    learn = {"SimpleCrossing": 500, "DoorKey": 300, "DynObstacles": 300}
    curriculum = tella.Curriculum(
        "quickstart",
        set={f"tasks.{task}.learn.episodes": length for task, length in learn.items()}
        | {"generator.passes": 1, "generator.eval.episodes": 20},
    )
    return [
        tella.run(curriculum, agent, out=folder / agent, num_lifetimes=6, agent_seed=1, curriculum_seed=2)
        for agent in ("q-learning", "random")
    ]  # fmt: skip


def test_metrics_are_the_commands(runs, tmp_path):
    learner, _ = runs
    assert tella.metrics(learner) == json.loads(command("metrics", learner.path, "--json"))
    told = tella.metrics(learner.path, profile="formalism", resamples=200, confidence=0.9)
    options = ["--profile", "formalism", "--resamples", "200", "--confidence", "0.9"]
    assert told == json.loads(command("metrics", learner.path, *options, "--json"))
    names = ["gem", "curve.area"]
    told = tella.metrics(runs, metric=names)
    expected = [
        json.loads(command("metrics", run.path, "--metric", "gem", "--metric", "curve.area", "--json"))
        for run in runs
    ]
    assert told == expected
    settings = tmp_path / "settings.json"
    settings.write_text('{"normalization_method": "none"}')
    expected = json.loads(command("metrics", learner.path, "--settings", settings, "--json"))
    assert tella.metrics(learner, settings={"normalization_method": "none"}) == expected
    with pytest.raises(tella.UsageError, match="there is no setting `normalisation`"):
        tella.metrics(learner, settings={"normalisation": "none"})


def test_metrics_are_shown_as_tables(runs):
    told = tella.metrics(runs[0])
    assert str(told).splitlines()[0].split()[0] == "lifetime"
    assert told._repr_html_().count("<tr>") == 1 + 6 + 1
    told = tella.metrics(runs[0], metric="gem")
    assert [line.split()[0] for line in str(told).splitlines()] == [
        "metric", "gem.acc", "gem.bwt", "gem.fwt",
    ]  # fmt: skip
    assert "<td>gem.bwt</td>" in told._repr_html_()


def test_a_comparison_is_the_commands(runs):
    told = tella.compare(*runs)
    paths = [run.path for run in runs]
    assert told == json.loads(command("compare", paths[0], "vs", paths[1], "--json"))
    metric = "continual-world.average_performance"
    assert told.is_better and not told.is_worse and metric in told.verdict
    assert told.improvement(metric)["point"] == 1.0
    assert told.difference(metric)["interval"][0] > 0
    assert told.verdict in str(told) and f"<td>{metric}</td>" in told._repr_html_()
    other = tella.compare([runs[0]], [runs[1]], metric="gem", statistic="mean", unpaired=True)
    assert set(other["metrics"]) == {"gem.acc", "gem.bwt", "gem.fwt"}
    assert other["statistic"] == "mean" and other["unpaired"] == "as asked for"


def test_a_report_is_the_commands(runs, tmp_path):
    out = tmp_path / "report"
    with pytest.warns(tella.TellaWarning, match="q-learning: 6 lifetimes are few"):
        told = tella.report(runs, out, formats=["html", "markdown", "tsv"], resamples=200)
    assert told.page is not None and told.page.parent == out and not told.damaged
    assert sorted(told.files) == sorted(path for path in out.rglob("*") if path.is_file())
    assert "srcdoc=" in told._repr_html_()
    with pytest.raises(tella.UsageError, match="exists and is not empty"):
        tella.report(runs, out, formats="html", resamples=200)
    again = tella.report([[runs[0]], [runs[1]]], out, formats="markdown", resamples=200, force=True)
    with pytest.raises(tella.UsageError, match="several runs of one agent alone"):
        tella.report([runs], out)
    assert again.page is None and "files" in again._repr_html_()


def test_a_metric_in_python_is_one_of_all(runs, tmp_path):
    seen = []

    @tella.metric("mine.best", better="higher", unit="reward")
    def best(experiences):
        """The best return of each task in evaluation."""
        seen.append(pyarrow.table(experiences).num_rows)
        rewards, tasks = experiences["reward"], experiences["task_name"]
        counts = experiences["complete"] & (experiences["block_type"] == "test")
        return {task: rewards[counts & (tasks == task)].max() for task in set(tasks[counts])}

    told = tella.metrics(runs[0], metric=["mine.best", "gem.acc"])
    assert seen == [len(lifetime.experiences) for lifetime in runs[0].lifetimes]
    for lifetime, values in zip(runs[0].lifetimes, told.lifetimes, strict=True):
        table = pyarrow.table(lifetime.experiences).to_pylist()
        expected = {}
        for row in table:
            if row["block_type"] == "test" and row["exp_status"] == "complete":
                task = row["task_name"]
                expected[task] = max(expected.get(task, -np.inf), row["reward"])
        assert values["tasks"]["mine.best"] == expected
        assert values["values"]["mine.best"] == pytest.approx(np.mean(list(expected.values())))
    assert told["metrics"]["mine.best"]["unit"] == "reward"
    assert told["metrics"]["gem.acc"]["lifetimes"] == 6
    assert "mine.best" in tella.compare(*runs, metric=["mine.best"]).verdict
    tella.report(runs, tmp_path / "report", formats=["tsv"], resamples=200)
    tables = [path.read_text() for path in (tmp_path / "report").rglob("*.tsv")]
    assert any("mine.best" in table for table in tables)


def test_a_metric_may_be_undefined_and_may_be_replaced(runs):
    @tella.metric("mine.few", better="lower")
    def few(experiences):
        return None

    told = tella.metrics(runs[0], metric="mine.few")
    assert told["metrics"]["mine.few"]["lifetimes"] == 0
    assert "says that it has no value" in told.lifetimes[0]["undefined"]["mine.few"]

    tella.metric("mine.few", better="lower", unit="rows", meaning="rows")(len)
    told = tella.metrics(runs[0], metric="mine.few")["metrics"]["mine.few"]
    assert (told["lifetimes"], told["better"], told["unit"]) == (6, "lower", "rows")
    # A second one would make it no longer the family's only one.
    tella.metric("mine.few", meaning="nothing")(lambda experiences: float("nan"))
    told = tella.metrics(runs[0], metric="mine.few")
    assert told["metrics"]["mine.few"]["lifetimes"] == 0
    assert "answered with NaN" in told.lifetimes[0]["undefined"]["mine.few"]


def test_what_a_metric_raises_comes_to_who_asked(runs):
    @tella.metric("broken.metric")
    def broken(experiences):
        return experiences["no such column"]

    with pytest.raises(KeyError, match="no column `no such column`; there are block_num") as raised:
        tella.metrics(runs[0], metric="broken")
    assert "in metric `broken.metric` of " in getattr(raised.value, "__notes__", [""])[0]
    tella.metric("broken.metric")(lambda experiences: "a text")
    with pytest.raises(TypeError, match="not str 'a text'"):
        tella.metrics(runs[0], metric="broken")
    tella.metric("broken.metric")(lambda experiences: None)
    for name in ("gem.mine", "Mine.x", "mine"):
        with pytest.raises(tella.UsageError):
            tella.metric(name)(len)
    with pytest.raises(tella.UsageError, match="better is"):
        tella.metric("mine.x", better="more")
    with pytest.raises(tella.UsageError, match="a metric has a name"):
        tella.metric(len)
