"""Every operation of our mlx.core gives, bit for bit, what the official one gives."""

import json
from pathlib import Path

import pytest
from comparing import count, differences
from conftest import run_python
from operators import cases_models, cases_shapes  # noqa: F401
from operators.cases import CASES

RUN = Path(__file__).parent / "operators" / "run.py"


@pytest.fixture(scope="session")
def expected(official):
    return json.loads(run_python(RUN, site=official))


@pytest.fixture(scope="session")
def actual(ours):
    return json.loads(run_python(RUN, site=ours))


def test_compares_two_different_modules(expected, actual, official, ours):
    assert expected["module"].startswith(official)
    assert actual["module"].startswith(ours)


@pytest.mark.parametrize("name", CASES)
def test_same_bits(name, expected, actual):
    result = expected["results"][name]
    assert not (isinstance(result, str) and result.startswith("failed")), result
    found = differences(result, actual["results"][name])
    assert not found, "\n".join(found[:20])


def test_compares_thousands_of_results(expected):
    assert count(expected["results"]) > 14_000


def test_tells_a_single_wrong_bit():
    assert differences({"a": ["x", 1.0]}, {"a": ["x", 1.0000001]}) == ["/a[1]: expected 1.0, got 1.0000001"]
    assert differences({"a": 1}, {"b": 1})
    assert differences([1], [1, 2])
