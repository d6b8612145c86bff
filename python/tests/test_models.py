"""Whole models: the same bits with our mlx.core as with the official one, in CPython and in GraalPy."""

import json
from pathlib import Path

import pytest
from comparing import count, differences
from conftest import run_python

HASHES = Path(__file__).parent / "models" / "hashes.py"


@pytest.fixture(scope="session")
def models(official, tmp_path_factory):
    folder = tmp_path_factory.mktemp("models")
    run_python(HASHES, "write", folder, site=official)
    return folder


@pytest.fixture(scope="session")
def expected(official, models, tmp_path_factory):
    out = tmp_path_factory.mktemp("hashes") / "official"
    run_python(HASHES, models, out, site=official)
    return json.loads(Path(f"{out}.0").read_text())["results"]


def assert_same(expected, file):
    found = differences(expected, json.loads(Path(file).read_text())["results"])
    assert not found, "\n".join(found[:20])


def test_every_kind_of_model_is_compared(expected):
    assert len(expected) == 18
    assert count(expected) > 300


def test_the_replayed_graph_gives_the_same_bits(expected):
    for results in expected.values():
        for name, value in results.items():
            assert value == results[name.split(" compiled")[0]], name


def test_cpython(ours, models, expected, tmp_path):
    run_python(HASHES, models, tmp_path / "ours", site=ours)
    assert_same(expected, tmp_path / "ours.0")


def test_graalpy(graalpy, models, expected, tmp_path):
    graalpy.run(HASHES, "one", 1, models, tmp_path / "graalpy")
    assert_same(expected, tmp_path / "graalpy.0")


@pytest.mark.parametrize("mode", ["contexts", "threads"])
def test_two_workers_at_a_time(mode, graalpy, models, expected, tmp_path):
    few = tmp_path / "few"
    few.mkdir()
    for name in ("qwen3-float32-4bit", "bert-float16"):
        (few / name).symlink_to(models / name)
    graalpy.run(HASHES, mode, 2, few, tmp_path / "out")
    for run in (0, 1):
        assert_same({name: expected[name] for name in sorted(p.name for p in few.iterdir())}, tmp_path / f"out.{run}")


def test_operators_in_graalpy(graalpy, official, tmp_path):
    run = Path(__file__).parent / "operators" / "run.py"
    wanted = json.loads(run_python(run, site=official))["results"]
    graalpy.run(run, "one", 1, tmp_path / "operators.json")
    assert_same(wanted, tmp_path / "operators.json")
